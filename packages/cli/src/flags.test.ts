import { trainingOptionsSchema } from '@counterweight/core';
import { Command } from 'commander';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { commanderOption, type Flag, flagsOf, flagValue } from './flags.ts';
import { trainOptions } from './options.ts';

const flag = (schema: z.ZodObject, name: string) => {
  const found = flagsOf(schema).find((one) => one.name === name);
  if (!found) throw new Error(`no flag ${name}`);
  return found;
};

describe('flagsOf', () => {
  it('makes one flag for every training option', () => {
    const names = flagsOf(trainingOptionsSchema).map(({ name }) => name);
    expect(names).toEqual(Object.keys(trainingOptionsSchema.shape));
  });

  it('takes name, kind, choices, default and description from the schema', () => {
    expect(flag(trainingOptionsSchema, 'loraRank')).toEqual({
      name: 'loraRank',
      flag: '--lora-rank',
      kind: 'number',
      placeholder: 'n',
      description: 'rank r of the adapters (default: 16)',
    });
    expect(flag(trainingOptionsSchema, 'method').description).toMatch(/\(lora, full; default: lora\)$/);
    expect(flag(trainingOptionsSchema, 'loraTargets').kind).toBe('list');
    expect(flag(trainingOptionsSchema, 'learningRate').description).not.toContain('default: undefined');
  });

  it('has every flag that the contract gives train', () => {
    const contract =
      'recipe model data eval-data eval-split output method lora-rank lora-alpha lora-targets prompt-loss-weight ' +
      'prompt-loss-fraction loss-normalization learning-rate schedule warmup-steps weight-decay max-gradient-norm ' +
      'epochs max-steps batch-size gradient-accumulation max-length packing precision engine shuffle seed ' +
      'checkpoint-every keep-checkpoints resume';
    const flags = flagsOf(trainOptions).map((one) => one.flag);
    expect(flags).toEqual(expect.arrayContaining(contract.split(' ').map((name) => `--${name}`)));
  });

  it('gives a switch no value, and a boolean that is on by default one', () => {
    expect(commanderOption(flag(trainOptions, 'resume')).flags).toBe('--resume');
    expect(commanderOption(flag(trainOptions, 'shuffle')).flags).toBe('--shuffle [true|false]');
    expect(commanderOption(flag(trainOptions, 'data')).flags).toBe('--data <file...>');
    expect(commanderOption(flag(trainOptions, 'tensorboard')).flags).toBe('--tensorboard [folder]');
  });
});

describe('flagValue', () => {
  it('takes an empty list as a shell and as JSON writes it', () => {
    const [passAt] = flagsOf(z.object({ passAt: z.array(z.int()).default([1]) })) as [Flag];
    for (const empty of ['', '[]', ' [ ] ']) expect(flagValue(passAt, empty)).toEqual([]);
    expect(flagValue(passAt, '1,5')).toEqual([1, 5]);
    expect(() => flagValue(passAt, '[1]')).toThrow('takes numbers');
  });

  it('reads each kind', () => {
    expect(flagValue(flag(trainOptions, 'learningRate'), '3e-3')).toBe(0.003);
    expect(flagValue(flag(trainOptions, 'shuffle'), 'false')).toBe(false);
    expect(flagValue(flag(trainOptions, 'evaluateEvery'), '25')).toBe(25);
    const map = flag(trainOptions, 'map');
    expect(flagValue(map, 'prompt=The question?, completion=a=b')).toEqual({
      prompt: 'The question?',
      completion: 'a=b',
    });
    expect(flagValue(map, 'prompt="Question, please",completion= "5"" disk" ,x=5" disk')).toEqual({
      prompt: 'Question, please',
      completion: '5" disk',
      x: '5" disk',
    });
    for (const wrong of ['prompt', '', 'a=', '=a', 'a=b,', 'a=b,,c=d', 'a="b', 'a="b"c', 'a=""']) {
      expect(() => flagValue(map, wrong), wrong).toThrow(/--map takes names with = between them/);
    }
    expect(() => flagValue(map, 'a=b,a=c')).toThrow(/--map says twice what a is/);
    expect(
      new Command().addOption(commanderOption(map)).parse(['--map', 'a=b', '--map', 'c=d'], { from: 'user' }).opts(),
    ).toEqual({
      map: 'a=b,c=d',
    });
    expect(commanderOption(map).flags).toBe('--map <name=name,…>');
    expect(flagValue(flag(trainOptions, 'evaluateEvery'), 'epoch')).toBe('epoch');
    expect(commanderOption(flag(trainOptions, 'evaluateEvery')).flags).toBe('--evaluate-every <n|epoch>');
    expect(flagValue(flag(trainOptions, 'loraTargets'), 'q_proj, v_proj')).toEqual(['q_proj', 'v_proj']);
    expect(flagValue(flag(trainOptions, 'data'), ['a,b.csv', 'c.csv'])).toEqual(['a,b.csv', 'c.csv']);
  });

  it.each([
    ['learningRate', 'fast', '--learning-rate takes a number, not "fast"'],
    ['epochs', '', '--epochs takes a number, not ""'],
    ['evaluateEvery', 'day', '--evaluate-every takes a number or epoch, not "day"'],
    ['shuffle', 'yes', '--shuffle takes true or false, not "yes"'],
  ])('refuses %s %j', (name, text, message) => {
    expect(() => flagValue(flag(trainOptions, name), text)).toThrow(message);
  });
});
