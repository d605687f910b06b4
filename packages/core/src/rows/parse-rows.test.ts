import { describe, expect, it } from 'vitest';
import { UserError } from '../errors.ts';
import { plain } from '../recipe/plain.ts';
import { parseSourceRow, renderSourceRow } from './parse-rows.ts';

const source = { file: 'rows.csv', line: 7, value: { prompt: 'a', completion: 'b' } };
const broken = (change: object) => Object.assign(Object.create(plain()), change) as ReturnType<typeof plain>;
const failing = () => {
  throw new TypeError('no month 13');
};

describe('a recipe whose own code fails', () => {
  const failed = { code: 'recipe-invalid', where: 'rows.csv, row 7' };

  it('is named with the row it fails on', () => {
    const render = () => renderSourceRow(source, {} as never, broken({ render: failing }));
    expect(render).toThrow(expect.objectContaining(failed));
    expect(render).toThrow('The recipe "plain" fails on a row: no month 13');
    expect(() => parseSourceRow(source, broken({ parseRow: failing }))).toThrow(expect.objectContaining(failed));
  });

  it('may make nothing that is an example', () => {
    for (const made of [undefined, null, {}, { prompt: 'a', completion: 'b' }]) {
      const render = () => renderSourceRow(source, {} as never, broken({ render: () => made }));
      expect(render).toThrow(/it made no \{ prompt: \[…\], completion: \[…\] \}/);
    }
  });

  it('may say itself what is to be mended', () => {
    const error = new UserError({ code: 'row-invalid', problem: 'p', fix: 'f' });
    const throwing = () => {
      throw error;
    };
    expect(() => renderSourceRow(source, {} as never, broken({ render: throwing }))).toThrow(error);
  });
});

it.each([
  [{ Question: 'a', Answer: 'b' }, /--map question=Question,answer=Answer/],
  [{ q: 'a', a: 'b' }, /for example --map prompt=q,completion=a/],
])('says how %j may be read', (value, fix) => {
  const parse = () => parseSourceRow({ file: undefined, line: 1, value }, plain());
  expect(parse).toThrow(expect.objectContaining({ fix: expect.stringMatching(fix) }));
});
