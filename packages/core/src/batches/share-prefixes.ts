import type { Examples, TokenizedExample } from '../tokenization/example.ts';

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
 * @param lengths tokens of each example
 * @param rowLength places in a row, at least as many as the longest example has tokens
 */
export function sharePrefixes(examples: Examples, lengths: readonly number[], rowLength: number): PrefixGroup[] {
  const ownPlaces = (members: readonly number[], prefix: number): number =>
    members.reduce((sum, i) => sum + (lengths[i] as number) - 1 - prefix, 0);
  const placesOf = (group: PrefixGroup): number =>
    Math.ceil(ownPlaces(group.examples, group.prefix) / (rowLength - group.prefix)) * rowLength;

  /** @param known tokens that these examples are known to have in common */
  const groupsOf = (members: readonly number[], known: number): PrefixGroup[] => {
    const common = commonLength(members, known, examples);
    const prefix = Math.max(0, common - 1);
    const rest: number[] = [];
    const apart: PrefixGroup[] = [];
    for (const branch of branchesAt(common, members, examples)) {
      // A place of an example's own costs more than one: its row begins with the prefix.
      const costHere = ownPlaces(branch, prefix) * (rowLength / (rowLength - prefix));
      // What does not fill a row has nothing to win by rows of its own.
      const tried = branch.length < members.length && costHere * WORTHWHILE > rowLength;
      const groups = tried ? groupsOf(branch, common + 1) : [];
      const cost = groups.reduce((sum, group) => sum + placesOf(group), 0);
      if (tried && cost < costHere * WORTHWHILE) apart.push(...groups);
      else rest.push(...branch);
    }
    return rest.length === 0 ? apart : [...apart, { examples: rest.sort((a, b) => a - b), prefix }];
  };
  const all = lengths.map((_, i) => i);
  return all.length === 0 ? [] : groupsOf(all, 0);
}

/** Examples parted by their token at this place; those that end before it are a part too. */
function branchesAt(place: number, members: readonly number[], examples: Examples): number[][] {
  const branches = new Map<string, number[]>();
  for (const i of members) {
    const { ids, weights, classes } = examples.at(i) as TokenizedExample;
    const token = `${ids[place]} ${weights[place]} ${classes[place]}`;
    const branch = branches.get(token);
    if (branch) branch.push(i);
    else branches.set(token, [i]);
  }
  return [...branches.values()];
}

/** How many tokens all of them begin with: ids, and what these are to the loss. */
function commonLength(members: readonly number[], known: number, examples: Examples): number {
  const first = examples.at(members[0] as number) as TokenizedExample;
  return members.reduce((common, i) => {
    const example = examples.at(i) as TokenizedExample;
    let length = Math.min(known, common);
    while (length < Math.min(common, example.ids.length) && isSameToken(first, example, length)) length++;
    return length;
  }, first.ids.length);
}

const isSameToken = (a: TokenizedExample, b: TokenizedExample, place: number): boolean =>
  a.ids[place] === b.ids[place] && a.weights[place] === b.weights[place] && a.classes[place] === b.classes[place];
