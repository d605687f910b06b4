import { type Alignment, EditDistance } from './ter-edit-distance.ts';

/** Tercom's limits, and sacreBLEU's own on the shifts that are tried. They are part of the definition. */
const MAX_SHIFT_SIZE = 10;
const MAX_SHIFT_DISTANCE = 50;
const MAX_SHIFT_CANDIDATES = 1000;

/**
 * TER's edits: words are moved in blocks, one block a time and each the best of all candidates, until no move brings the
 * output nearer to the reference; each move is one edit, and the edit distance that is left is added. Follows
 * sacreBLEU's `lib_ter.py`, whose choices between equals follow Tercom's.
 * @param output words as integers, of which equal ones are equal.
 */
export function editsBetween(output: Int32Array, reference: Int32Array): number {
  if (reference.length === 0) return output.length;
  const distance = new EditDistance(output, reference);
  let shifts = 0;
  let tried = 0;
  while (true) {
    const search = bestShift(distance, tried);
    tried = search.tried;
    if (tried >= MAX_SHIFT_CANDIDATES || !search.best || search.best.gain <= 0) break;
    shifts += 1;
    distance.moveTo(shifted(distance.output, search.best));
  }
  return shifts + distance.edits;
}

/** A block of the output's words and where it is to stand. */
interface Shift {
  readonly start: number;
  readonly length: number;
  /** The block goes before the word that is here now. */
  readonly target: number;
}

interface RankedShift extends Shift {
  /** By how much the edit distance falls. */
  readonly gain: number;
}

function bestShift(distance: EditDistance, triedBefore: number): { best?: RankedShift; tried: number } {
  const alignment = distance.alignment();
  let tried = triedBefore;
  let best: RankedShift | undefined;
  for (const { start, referenceStart, length } of commonBlocks(distance.output, distance.reference)) {
    if (!isWorthMoving(alignment, start, referenceStart, length)) continue;
    for (const target of targetsOf(alignment, referenceStart, length)) {
      const shift = { start, length, target };
      const gain = distance.edits - distance.editsOf(shifted(distance.output, shift));
      const candidate = { ...shift, gain };
      tried += 1;
      if (!best || ranksAbove(candidate, best)) best = candidate;
    }
    if (tried >= MAX_SHIFT_CANDIDATES) break;
  }
  return best ? { best, tried } : { tried };
}

/** Stretches of words that both have, every length of each; those at almost the same place too. */
function* commonBlocks(output: Int32Array, reference: Int32Array) {
  for (let start = 0; start < output.length; start++) {
    for (let referenceStart = 0; referenceStart < reference.length; referenceStart++) {
      if (Math.abs(referenceStart - start) > MAX_SHIFT_DISTANCE) continue;
      const longest = Math.min(MAX_SHIFT_SIZE, output.length - start, reference.length - referenceStart);
      for (let length = 1; length <= longest; length++) {
        if (output[start + length - 1] !== reference[referenceStart + length - 1]) break;
        yield { start, referenceStart, length };
      }
    }
  }
}

/** Only where both sides have an error, and not within the block itself. */
function isWorthMoving(alignment: Alignment, start: number, referenceStart: number, length: number): boolean {
  const { outputErrors, referenceErrors, outputAt } = alignment;
  if (!hasError(outputErrors, start, length) || !hasError(referenceErrors, referenceStart, length)) return false;
  const aligned = outputAt[referenceStart]!;
  return aligned < start || aligned >= start + length;
}

function hasError(errors: Uint8Array, start: number, length: number): boolean {
  for (let at = start; at < start + length; at++) if (errors[at] === 1) return true;
  return false;
}

/** Behind the output's words that stand for the reference's word before the block, and for those inside it. */
function* targetsOf({ outputAt }: Alignment, referenceStart: number, length: number): Generator<number> {
  let previous = -1;
  for (let at = referenceStart - 1; at < referenceStart + length; at++) {
    const target = at === -1 ? 0 : outputAt[at]! + 1;
    if (target === previous) continue;
    previous = target;
    yield target;
  }
}

/** The larger gain, then the longer block, then the earlier one, then the earlier target. */
function ranksAbove(candidate: RankedShift, best: RankedShift): boolean {
  if (candidate.gain !== best.gain) return candidate.gain > best.gain;
  if (candidate.length !== best.length) return candidate.length > best.length;
  if (candidate.start !== best.start) return candidate.start < best.start;
  return candidate.target < best.target;
}

function shifted(words: Int32Array, { start, length, target }: Shift): Int32Array {
  const block = words.subarray(start, start + length);
  const rest = Int32Array.from([...words.subarray(0, start), ...words.subarray(start + length)]);
  // A target inside the block moves it by as many words to the right.
  const at = target < start ? target : target > start + length ? target - length : Math.min(target, rest.length);
  const result = new Int32Array(words.length);
  result.set(rest.subarray(0, at));
  result.set(block, at);
  result.set(rest.subarray(at), at + length);
  return result;
}
