import { UserError } from '@counterweight/core';
import { describe, expect, it } from 'vitest';
import { trainOptions } from './options.ts';
import { type GivenOptions, resolveOptions } from './resolve-options.ts';

const required = { model: './model', data: ['rows.jsonl'] };
const resolve = (given: Partial<GivenOptions>) =>
  resolveOptions({ options: trainOptions, alsoAccepts: trainOptions }, { flags: required, ...given });

function messageOf(action: () => unknown): string {
  try {
    action();
  } catch (error) {
    expect(error).toBeInstanceOf(UserError);
    return (error as UserError).message;
  }
  throw new Error('nothing was thrown');
}

describe('resolveOptions', () => {
  it('lets flags win over the file, and the file over the defaults', () => {
    const options = resolve({
      flags: { ...required, learningRate: 0.1 },
      config: { learningRate: 0.2, loraRank: 4 },
      configFile: 'run.yaml',
    });
    expect(options).toMatchObject({ learningRate: 0.1, loraRank: 4, batchSize: 8, recipe: 'plain' });
  });

  it('takes one file of rows in a config as a list of one', () => {
    expect(resolve({ flags: { model: 'm' }, config: { data: 'rows.csv' } })).toMatchObject({ data: ['rows.csv'] });
  });

  it('names the file and the nearest option for an unknown one', () => {
    const message = messageOf(() => resolve({ config: { learningrate: 1 }, configFile: 'run.yaml' }));
    expect(message).toContain('Unknown option "learningrate"');
    expect(message).toContain('where: run.yaml');
    expect(message).toContain('Did you mean learningRate?');
  });

  it('says where a value that does not fit came from', () => {
    expect(messageOf(() => resolve({ config: { loraRank: 0 }, configFile: 'run.yaml' }))).toContain(
      'where: run.yaml, loraRank',
    );
    const message = messageOf(() => resolve({ flags: { ...required, method: 'qlora' } }));
    expect(message).toContain('where: --method');
    expect(message).toContain('Give one of lora, full.');
  });

  it('says which required option is missing', () => {
    expect(messageOf(() => resolve({ flags: { data: ['a'] } }))).toContain('--model is missing');
  });

  it('refuses a way of packing that there is not, and names those there are', () => {
    expect(messageOf(() => resolve({ flags: { ...required, packing: 'tight' } }))).toContain(
      'Give one of none, examples, shared-prefix.',
    );
    expect(resolve({ flags: { ...required, packing: 'shared-prefix' } })).toMatchObject({ packing: 'shared-prefix' });
  });

  it('refuses recipe options that are not JSON', () => {
    expect(messageOf(() => resolve({ flags: { ...required, recipeOptions: '{style' } }))).toContain('not JSON');
    expect(resolve({ flags: { ...required, recipeOptions: '{"a":1}' } })).toMatchObject({ recipeOptions: { a: 1 } });
  });
});
