/** So many words make a shingle. */
const WORDS = 5;

/** Hashes (32 bits) of all runs of five words, each once, in ascending order; of fewer words, of all of them together. */
export function shinglesOf(words: readonly string[]): Uint32Array {
  if (words.length === 0) return new Uint32Array();
  const hashes = Uint32Array.from(words, hashWord);
  const size = Math.min(WORDS, hashes.length);
  const shingles = new Uint32Array(hashes.length - size + 1);
  for (let first = 0; first < shingles.length; first++) {
    let hash = size;
    for (let i = 0; i < size; i++) hash = mix(Math.imul(hash, 31) ^ (hashes[first + i] as number));
    shingles[first] = hash;
  }
  shingles.sort();
  return shingles.filter((shingle, i) => i === 0 || shingle !== shingles[i - 1]);
}

/** What two sets have in common, as a share of what they have together (Jaccard). Of two empty sets: 0. */
export function jaccard(one: Uint32Array, other: Uint32Array): number {
  let common = 0;
  for (let i = 0, j = 0; i < one.length && j < other.length; ) {
    const [a, b] = [one[i] as number, other[j] as number];
    if (a === b) common++;
    if (a <= b) i++;
    if (b <= a) j++;
  }
  const all = one.length + other.length - common;
  return all === 0 ? 0 : common / all;
}

/** FNV-1a over UTF-16 units. */
function hashWord(word: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < word.length; i++) hash = Math.imul(hash ^ word.charCodeAt(i), 0x01000193);
  return mix(hash);
}

/** The last steps of MurmurHash3: every bit of the input reaches every bit of the result. */
export function mix(hash: number): number {
  let h = hash;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}
