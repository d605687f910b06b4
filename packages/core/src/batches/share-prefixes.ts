import type { Steps } from '../abort.ts';
import type { Examples, WeightedExample } from '../tokenization/example.ts';
import { targetWeight } from './loss-weights.ts';

/** Examples, by number, of which any may lie in one row, because all of them begin with these tokens. */
export interface PrefixGroup {
  readonly examples: readonly number[];
  readonly prefix: number;
}

/** What a group of its own must cost, against staying in a larger one with a shorter prefix. */
const WORTHWHILE = 0.9;

/**
 * Groups of examples that share their beginning. A recipe's rows begin with its instruction, those of a mixture with
 * one of several; a group within a group is made only where its longer prefix saves a tenth of the places, so that rows
 * stay mixed and full:
 *
 *     Classify: my card …    ┐
 *     Classify: where is …   ├ "Classify:"       not "Classify: my", which would save a token a row
 *     Classify: my cash …    ┘
 *     Summarise: …           ┐
 *     Summarise: …           ┘ "Summarise:"
 *
 * Every example keeps a place of its own, so that a row of equal ones holds no more of them than it has places.
 * @param rowLength places in a row, at least as many as the longest example has tokens
 */
export function* sharePrefixes(examples: Examples, rowLength: number): Steps<PrefixGroup[]> {
  const { lengths } = examples;
  const ownPlaces = (members: readonly number[], prefix: number): number =>
    members.reduce((sum, i) => sum + (lengths[i] as number) - 1 - prefix, 0);
  const placesOf = (group: PrefixGroup): number =>
    Math.ceil(ownPlaces(group.examples, group.prefix) / (rowLength - group.prefix)) * rowLength;

  /** @param known tokens that these examples are known to have in common */
  function* groupsOf(members: readonly number[], known: number): Steps<PrefixGroup[]> {
    const { common, branches } = yield* partAtFirstDifference(members, known, examples);
    const shortest = members.reduce((least, i) => Math.min(least, lengths[i] as number), Infinity);
    const prefix = Math.max(0, Math.min(common - 1, shortest - 2));
    const rest: number[] = [];
    const apart: PrefixGroup[] = [];
    for (const branch of branches) {
      // A place of an example's own costs more than one: its row begins with the prefix.
      const costHere = ownPlaces(branch, prefix) * (rowLength / (rowLength - prefix));
      // What does not fill a row has nothing to win by rows of its own.
      const tried = branch.length < members.length && costHere * WORTHWHILE > rowLength;
      const groups = tried ? yield* groupsOf(branch, common + 1) : [];
      const cost = groups.reduce((sum, group) => sum + placesOf(group), 0);
      if (tried && cost < costHere * WORTHWHILE) apart.push(...groups);
      else rest.push(...branch);
    }
    return rest.length === 0 ? apart : [...apart, { examples: rest.sort((a, b) => a - b), prefix }];
  }
  const all = lengths.map((_, i) => i);
  return all.length === 0 ? [] : yield* groupsOf(all, 0);
}

/**
 * How many tokens all of them begin with (ids, and what these are to the loss), and the examples parted by the token
 * that comes then; those that end before it are a part too. Each example is read once: where one differs earlier than all
 * before it, these are one branch there.
 */
function* partAtFirstDifference(
  members: readonly number[],
  known: number,
  examples: Examples,
): Steps<{ common: number; branches: number[][] }> {
  const first = examples.at(members[0] as number) as WeightedExample;
  let common = first.ids.length;
  let branches = new Map<string, number[]>();
  for (const [place, i] of members.entries()) {
    yield;
    const example = examples.at(i) as WeightedExample;
    let length = Math.min(known, common);
    while (length < Math.min(common, example.ids.length) && isSameToken(first, example, length)) length++;
    if (length < common) {
      common = length;
      branches = new Map(place === 0 ? [] : [[tokenAt(first, common), members.slice(0, place)]]);
    }
    const token = tokenAt(example, common);
    const branch = branches.get(token);
    if (branch) branch.push(i);
    else branches.set(token, [i]);
  }
  return { common, branches: [...branches.values()] };
}

const tokenAt = (example: WeightedExample, place: number): string =>
  place < example.ids.length ? `${example.ids[place]} ${targetWeight(example, place)} ${example.roles[place]}` : 'end';

const isSameToken = (a: WeightedExample, b: WeightedExample, place: number): boolean =>
  a.ids[place] === b.ids[place] &&
  a.roles[place] === b.roles[place] &&
  targetWeight(a, place) === targetWeight(b, place);
