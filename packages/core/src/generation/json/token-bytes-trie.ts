/**
 * The bytes of all tokens, laid over each other as far as they begin alike: nodes in the order of a walk that goes down
 * first, so that a walk is a loop, and what can't begin so is skipped at once.
 */
export interface BytesTrie {
  /** Of the nodes, from 0: the byte that leads there. */
  readonly bytes: Uint8Array;
  /** How many bytes lead there. */
  readonly depths: Uint16Array;
  /** The first node behind those that begin like this one. */
  readonly ends: Int32Array;
  /** The tokens that end at a node: places in `ids`, from its own to the next node's. */
  readonly firstIds: Int32Array;
  readonly ids: Int32Array;
}

/** @param tokens with their bytes, at least one each */
export function buildBytesTrie(tokens: readonly (readonly [id: number, bytes: Uint8Array])[]): BytesTrie {
  const sorted = tokens.toSorted(([, a], [, b]) => compareBytes(a, b));
  const [bytes, depths, ends, firstIds, ids]: [number[], number[], number[], number[], number[]] = [[], [], [], [], []];
  /** Nodes on the way to the current one. */
  const way: number[] = [];
  let before = new Uint8Array();
  for (const [id, own] of sorted) {
    const shared = sharedLength(before, own);
    while (way.length > shared) ends[way.pop() as number] = bytes.length;
    for (let depth = shared; depth < own.length; depth++) {
      way.push(bytes.length);
      bytes.push(own[depth] as number);
      depths.push(depth + 1);
      firstIds.push(ids.length);
    }
    ids.push(id);
    before = own as Uint8Array<ArrayBuffer>;
  }
  while (way.length > 0) ends[way.pop() as number] = bytes.length;
  return {
    bytes: Uint8Array.from(bytes),
    depths: Uint16Array.from(depths),
    ends: Int32Array.from(ends),
    firstIds: Int32Array.from([...firstIds, ids.length]),
    ids: Int32Array.from(ids),
  };
}

function compareBytes(a: Uint8Array, b: Uint8Array): number {
  const shared = sharedLength(a, b);
  return (a[shared] ?? -1) - (b[shared] ?? -1);
}

function sharedLength(a: Uint8Array, b: Uint8Array): number {
  const most = Math.min(a.length, b.length);
  let length = 0;
  while (length < most && a[length] === b[length]) length++;
  return length;
}
