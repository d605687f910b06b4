import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { exampleWith } from '../test-support/examples.ts';
import { TokenRole, type TokenRoleName, type WeightedExample } from '../tokenization/example.ts';
import { makeBatch, packBatch } from './batch.ts';
import { roleWeights, targetWeight } from './loss-weights.ts';

const example = (ids: number[], weights: number[], roles: TokenRoleName[]) => exampleWith({ ids, weights, roles });

const anyToken = fc.record({
  id: fc.integer({ min: 0, max: 511 }),
  weight: fc.constantFrom(0, 0.1, 0.25, 1, 2),
  role: fc.constantFrom<TokenRoleName>('template', 'system', 'user', 'tool', 'assistant'),
});
const anyExample = fc.array(anyToken, { minLength: 1, maxLength: 12 }).map((tokens) =>
  example(
    tokens.map((token) => token.id),
    tokens.map((token, i) => (i === 0 ? 0 : token.weight)),
    tokens.map((token) => token.role),
  ),
);
const anyExamples = fc.array(anyExample, { minLength: 1, maxLength: 6 });

describe('makeBatch', () => {
  it('shifts once, as in the picture', () => {
    const batch = makeBatch([
      example([11, 12, 13, 14], [0, 0.5, 1, 2], ['bos', 'user', 'assistant', 'assistant']),
      example([21, 22], [0, 1], ['user', 'assistant']),
    ]);
    expect(batch).toEqual({
      rows: 2,
      length: 3,
      inputIds: Int32Array.of(11, 12, 13, 21, 0, 0),
      targetIds: Int32Array.of(12, 13, 14, 22, 0, 0),
      targetWeights: Float32Array.of(0.5, 1, 2, 1, 0, 0),
      targetRoles: Uint8Array.of(4, 6, 6, 6, 0, 0),
      targetCounts: Int32Array.of(1, 1, 1, 1, 0, 0),
      positions: Int32Array.of(0, 1, 2, 0, 0, 0),
      exampleIds: Int32Array.of(0, 0, 0, 1, -1, -1),
      rowWeights: Float64Array.of(1, 1),
      tokens: 6,
    });
  });

  it('keeps every weight, the last target included, and weighs padding 0', () => {
    fc.assert(
      fc.property(anyExamples, (examples) => {
        const { length, targetIds, targetWeights, exampleIds } = makeBatch(examples);
        for (const [row, { ids, segmentWeights }] of examples.entries()) {
          const targets = ids.length - 1;
          const at = row * length;
          expect([...targetIds.slice(at, at + targets)]).toEqual([...ids.slice(1)]);
          expect([...targetWeights.slice(at, at + targets)]).toEqual([...segmentWeights.slice(1)]);
          expect(targetWeights.slice(at + targets, at + length).every((weight) => weight === 0)).toBe(true);
          expect(exampleIds.slice(at + targets, at + length).every((id) => id === -1)).toBe(true);
        }
      }),
    );
  });

  it('says who says each target, whatever its weight', () => {
    const roles: TokenRoleName[] = ['bos', 'template', 'system', 'user', 'tool', 'assistant', 'assistant'];
    const batch = makeBatch([example([1, 2, 3, 4, 5, 6, 7], [0, 0.3, 0, 0, 0, 0, 1], roles)]);
    expect([...batch.targetRoles]).toEqual(roles.slice(1).map((role) => TokenRole[role]));
  });

  it('weighs a target by the base weight of its role, by its segment and by its row', () => {
    const roles: TokenRoleName[] = ['bos', 'template', 'system', 'user', 'tool', 'assistant', 'assistant'];
    const base = { promptLossWeight: 0.5, templateLossWeight: 0.25, systemLossWeight: 3, toolLossWeight: 0 };
    const tokens = example([1, 2, 3, 4, 5, 6, 7], [1, 1, 1, 0.5, 1, 1, 0], roles);
    const weighted = (rowWeight: number) => ({ ...tokens, roleWeights: roleWeights(base), rowWeight });
    const batch = makeBatch([weighted(1), weighted(2)]);
    expect([...batch.targetWeights]).toEqual([0.25, 3, 0.25, 0, 1, 0, 0.5, 6, 0.5, 0, 2, 0]);
    expect([...batch.rowWeights]).toEqual([1, 2]);
    expect(Array.from(tokens.ids, (_, i) => targetWeight(weighted(2), i))).toEqual([0, 0.5, 6, 0.5, 0, 2, 0]);
  });

  it('makes a batch of one token, which has no target', () => {
    const batch = makeBatch([example([5], [0], ['assistant'])]);
    expect(batch).toMatchObject({ rows: 1, length: 1, tokens: 1, targetWeights: Float32Array.of(0) });
  });
});

describe('packBatch', () => {
  it('writes what examples share once, as in the picture', () => {
    const roles: TokenRoleName[] = ['bos', 'user', 'user', 'assistant', 'assistant', 'assistant'];
    const a = example([1, 2, 3, 11, 12], [0, 0.5, 0.25, 1, 1], roles.slice(0, 5));
    const b = example([1, 2, 3, 13, 14, 15], [0, 0.5, 0.25, 1, 1, 1], roles);
    expect(
      packBatch([
        { examples: [a, b], prefix: 2 },
        { examples: [a], prefix: 0 },
      ]),
    ).toEqual({
      rows: 2,
      length: 7,
      inputIds: Int32Array.of(1, 2, 3, 11, 3, 13, 14, 1, 2, 3, 11, 0, 0, 0),
      targetIds: Int32Array.of(2, 3, 11, 12, 13, 14, 15, 2, 3, 11, 12, 0, 0, 0),
      targetWeights: Float32Array.of(1, 0.5, 1, 1, 1, 1, 1, 0.5, 0.25, 1, 1, 0, 0, 0),
      targetRoles: Uint8Array.of(4, 4, 6, 6, 6, 6, 6, 4, 4, 6, 6, 0, 0, 0),
      targetCounts: Int32Array.of(2, 2, 1, 1, 1, 1, 1, 1, 1, 1, 1, 0, 0, 0),
      positions: Int32Array.of(0, 1, 2, 3, 2, 3, 4, 0, 1, 2, 3, 0, 0, 0),
      exampleIds: Int32Array.of(0, 0, 0, 0, 1, 1, 1, 2, 2, 2, 2, -1, -1, -1),
      rowWeights: Float64Array.of(1, 1, 1),
      spans: {
        starts: Int32Array.of(0, 0, 2, 2, 4, 4, 4, 0, 0, 0, 0, 4, 5, 6),
        prefixes: Int32Array.of(2, 0),
      },
      tokens: 16,
    });
  });

  it('lets an example see its own tokens in their order, and no others', () => {
    const anyPrefix = fc.array(anyToken, { maxLength: 5 });
    fc.assert(
      fc.property(
        anyPrefix,
        fc.array(fc.array(anyToken, { minLength: 1, maxLength: 6 }), { minLength: 1 }),
        (shared, own) => {
          const examples = own.map((rest) => {
            const tokens = [...shared, ...rest];
            return example(
              tokens.map((token) => token.id),
              tokens.map((token, i) => (i === 0 ? 0 : token.weight)),
              tokens.map((token) => token.role),
            );
          });
          const prefix = Math.max(0, shared.length - 1);
          const { length, inputIds, targetIds, spans, exampleIds, targetCounts, positions } = packBatch([
            { examples, prefix },
          ]);
          for (let i = 0; i < length; i++) {
            if (exampleIds[i] === -1) continue;
            const { ids } = examples[exampleIds[i] as number] as WeightedExample;
            const start = spans?.starts[i] ?? 0;
            const before = Math.min(start, spans?.prefixes[0] ?? 0);
            const seen = [...inputIds.slice(0, before), ...inputIds.slice(start, i + 1)];
            expect(seen).toEqual([...ids.slice(0, (positions[i] as number) + 1)]);
            expect(targetIds[i]).toBe(ids[(positions[i] as number) + 1]);
          }
          const targets = targetCounts.reduce((sum, count) => sum + count, 0);
          expect(targets).toBe(examples.reduce((sum, { ids }) => sum + ids.length - 1, 0));
        },
      ),
    );
  });
});
