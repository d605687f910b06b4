import { type Runs, summarize } from './compare.ts';
import { runOnce, type Side, type SideResult } from './side.ts';

/** Runs all sides `rounds` times, in the order a b c, c b a, a b c, …: none always goes first. Results in their order. */
export async function alternate<const Sides extends readonly Side[]>(
  sides: Sides,
  rounds: number,
  runSide = runOnce,
): Promise<{ [Place in keyof Sides]: Runs }> {
  const results = new Map<Side, SideResult[]>(sides.map((side) => [side, []]));
  for (let round = 0; round < rounds; round++) {
    for (const side of round % 2 === 0 ? sides : sides.toReversed()) {
      const result = await runSide(side);
      results.get(side)?.push(result);
      const memory = (result.peakResidentBytes / 1e9).toFixed(2);
      console.error(
        `  round ${round + 1} of ${rounds}  ${side.name}: ${result.tokensPerSecond.toFixed(0)} tokens/s, ${memory} GB`,
      );
    }
  }
  return sides.map((side) => summarize(side, results.get(side) ?? [])) as { [Place in keyof Sides]: Runs };
}
