/**
 * Random numbers by place instead of by turn: which number stands at an index is decided by a key alone, so that it can
 * be drawn again, whatever else was drawn before. Not for secrets.
 */
export type RandomBits = (index: number) => number;

/** 32 bits for each index below 2³². Parts of a key are numbers below 2⁵³ and texts. */
export function randomBits(...key: readonly (number | string)[]): RandomBits {
  // Two words, since streams that differ in one would be the same numbers in another order.
  const [first, second] = [hashOf(key, 0x9e3779b9), hashOf(key, 0x85ebca6b)];
  return (index) => mixed(mixed((index + first) | 0) ^ second) >>> 0;
}

/** A bijection of 32 bits in which every bit of the input reaches every bit of the output (Wellons, "triple32"). */
function mixed(value: number): number {
  let x = value;
  x = Math.imul(x ^ (x >>> 17), 0xed5ad4bb);
  x = Math.imul(x ^ (x >>> 11), 0xac4c1b51);
  x = Math.imul(x ^ (x >>> 15), 0x31848bab);
  return x ^ (x >>> 14);
}

function hashOf(key: readonly (number | string)[], start: number): number {
  let hash = start | 0;
  const take = (word: number) => {
    hash = mixed(Math.imul(hash, 0x01000193) ^ word);
  };
  for (const part of key) {
    if (typeof part === 'number') {
      take(part | 0);
      take(Math.floor(part / 2 ** 32));
    } else for (let i = 0; i < part.length; i++) take(part.charCodeAt(i));
    // Between two parts, so that texts do not run into each other.
    take(0x5bd1e995);
  }
  return hash;
}
