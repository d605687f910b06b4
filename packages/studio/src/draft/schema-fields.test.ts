import { trainingOptionsSchema } from '@counterweight/core';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { firstValueOf, trainingFields } from './draft.ts';
import { fieldsOf, readFields } from './schema-fields.ts';

const tasks = z.discriminatedUnion('task', [
  z.strictObject({ task: z.literal('label'), labels: z.array(z.string()).optional().describe('all labels') }),
  z.strictObject({ task: z.literal('summary'), words: z.int().min(1).default(30), isShort: z.boolean().default(true) }),
]);

describe('fieldsOf', () => {
  it('asks which alternative, and then what that one asks', () => {
    expect(fieldsOf(tasks, {}).map(({ name, kind }) => [name, kind])).toEqual([
      ['task', 'choice'],
      ['labels', 'list'],
    ]);
    const summary = fieldsOf(tasks, { task: 'summary' });
    expect(summary[0]).toMatchObject({ name: 'task', choices: ['label', 'summary'], isRequired: true });
    expect(summary.slice(1)).toMatchObject([
      { name: 'words', kind: 'number', initial: '30', minimum: 1, isRequired: false },
      { name: 'isShort', kind: 'switch', initial: 'true' },
    ]);
  });

  it('has nothing to ask for what is no schema, and leaves out what a form cannot ask', () => {
    expect(fieldsOf(undefined, {})).toEqual([]);
    expect(fieldsOf(z.object({ nested: z.object({ a: z.string() }), text: z.string() }), {})).toMatchObject([
      { name: 'text', kind: 'text', isRequired: true },
    ]);
  });
});

describe('readFields', () => {
  it('reads values of their kinds, and nothing that is as usual', () => {
    const fields = fieldsOf(tasks, { task: 'summary' });
    expect(readFields(fields, { task: 'summary', words: '30', isShort: 'false' })).toEqual({
      task: 'summary',
      isShort: false,
    });
    expect(readFields(fields, { task: 'summary', words: '12', isShort: 'true' })).toEqual({
      task: 'summary',
      words: 12,
    });
    expect(readFields(fieldsOf(tasks, {}), { task: 'label', labels: ' a, b ,,c' })).toEqual({
      task: 'label',
      labels: ['a', 'b', 'c'],
    });
  });

  it('leaves what does not fit as it is, for the schema to refuse', () => {
    const given = readFields(fieldsOf(tasks, { task: 'summary' }), { task: 'summary', words: 'many' });
    expect(tasks.safeParse(given).success).toBe(false);
  });

  it('gives options of training that the schema takes, and none where nothing was changed', () => {
    const untouched = Object.fromEntries(trainingFields.map((field) => [field.name, field.initial ?? '']));
    expect(readFields(trainingFields, untouched)).toEqual({});
    const first = Object.fromEntries(trainingFields.map((field) => [field.name, firstValueOf(field)]));
    expect(readFields(trainingFields, first)).toEqual({
      evaluateEvery: 'epoch',
      maxEvalRows: 100,
    });
    const changed = readFields(trainingFields, {
      ...first,
      evaluateEvery: '20',
      learningRate: '3e-3',
      loraTargets: 'q_proj,v_proj',
    });
    expect(trainingOptionsSchema.parse(changed)).toMatchObject({
      evaluateEvery: 20,
      learningRate: 0.003,
      loraTargets: ['q_proj', 'v_proj'],
    });
  });
});
