import { openEngine } from '../../engine/open-engine.ts';
import { assertFits } from '../../task/check-memory.ts';
import { currentEngine, type EngineName } from '../../tensor/engine.ts';
import type { WeightedExample } from '../../tokenization/example.ts';
import type { Check } from '../check.ts';
import { compareFigures } from '../figures.ts';
import { definedFigures, type Subject } from '../subject.ts';
import { ROUNDING } from '../tolerance.ts';

export const engines: Check<Subject> = {
  name: 'engines',
  claim: 'another engine computes the same',
  tolerance: ({ rounding }) => rounding,
  reason: ROUNDING,
  meaning:
    'One of the two engines computes something else: what was trained on one is not what the other would have made.',
  async measure(subject) {
    const { name: own } = currentEngine();
    if (subject.training.precision === 'bf16') return { skipped: 'in bf16 every engine rounds in places of its own' };
    const examples = shortRows(subject.examples);
    const defined = await definedFigures({ ...subject, examples }, (await subject.model()).decoder);
    subject.closeModel();
    const other: EngineName = own === 'wasm' ? 'native' : 'wasm';
    try {
      await openEngine(other);
      const length = Math.max(...examples.map(({ ids }) => ids.length));
      await assertFits(subject.task, { batch: { rows: 1, length }, evaluation: undefined });
      const { decoder } = await subject.openModel();
      try {
        const there = await definedFigures({ ...subject, examples }, decoder);
        return compareFigures(defined, there, {
          trainable: decoder.parameters.trainable,
          prefix: `${own} and ${other}, `,
        });
      } finally {
        decoder.parameters.dispose();
      }
    } finally {
      await openEngine(own);
    }
  },
};

/** The shortest ones, a third of all tokens, for WebAssembly takes several times as long: one row at least. */
function shortRows(examples: readonly WeightedExample[]): WeightedExample[] {
  const byLength = [...examples].sort((a, b) => a.ids.length - b.ids.length);
  const room = byLength.reduce((sum, { ids }) => sum + ids.length, 0) / 3;
  let tokens = 0;
  return byLength.filter(({ ids }, place) => {
    tokens += ids.length;
    return place === 0 || tokens <= room;
  });
}
