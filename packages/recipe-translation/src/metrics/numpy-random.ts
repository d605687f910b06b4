/**
 * The random numbers of NumPy's `default_rng(seed)`: PCG64 (O'Neill's PCG XSL RR 128/64), seeded by `SeedSequence`, so
 * that a bootstrap with sacreBLEU's seed draws sacreBLEU's samples. `draw(n)` gives what `rng.integers(n)` and
 * `rng.choice(n, replace=True)` give: Lemire's bounded integers from 32-bit halves, the lower half first.
 */
export function numpyRandom(seed: number): { draw(below: number): number } {
  const [stateHigh, stateLow, sequenceHigh, sequenceLow] = seedWords(seed);
  const increment = (((sequenceHigh! << 64n) | sequenceLow!) << 1n) | 1n;
  const step = (state: bigint) => BigInt.asUintN(128, state * MULTIPLIER + increment);
  let state = step(BigInt.asUintN(128, increment + ((stateHigh! << 64n) | stateLow!)));
  let waiting: number | undefined;

  const next32 = (): number => {
    if (waiting !== undefined) {
      const half = waiting;
      waiting = undefined;
      return half;
    }
    state = step(state);
    const output = rotatedRight((state >> 64n) ^ (state & MASK_64), state >> 122n);
    waiting = Number(output >> 32n);
    return Number(output & MASK_32);
  };
  return {
    draw(below) {
      if (below > MAX_BELOW) throw new RangeError(`At most ${MAX_BELOW} segments can be drawn from.`);
      let product = next32() * below;
      const threshold = 2 ** 32 % below;
      while (product % 2 ** 32 < threshold) product = next32() * below;
      return Math.floor(product / 2 ** 32);
    },
  };
}

const MULTIPLIER = 0x2360ed051fc65da44385df649fccf645n;
const MASK_32 = 0xffffffffn;
const MASK_64 = 0xffffffffffffffffn;
/** So that products of it and 32 bits stay exact. */
const MAX_BELOW = 2 ** 21;

function rotatedRight(value: bigint, by: bigint): bigint {
  return ((value >> by) | (value << (64n - by))) & MASK_64;
}

/** `SeedSequence(seed).generate_state(4, uint64)`, for a seed below 2³². */
function seedWords(seed: number): bigint[] {
  if (!Number.isInteger(seed) || seed < 0 || seed >= 2 ** 32)
    throw new RangeError('A seed is a whole number below 2³².');
  const pool = mixedPool(seed);
  let constant = 0x8b51f9dd;
  const words: number[] = [];
  for (let at = 0; at < 8; at++) {
    let word = pool[at % pool.length]! ^ constant;
    constant = Math.imul(constant, 0x58f38ded);
    word = Math.imul(word, constant);
    words.push((word ^ (word >>> 16)) >>> 0);
  }
  return [0, 2, 4, 6].map((at) => (BigInt(words[at + 1]!) << 32n) | BigInt(words[at]!));
}

/** Every word of the pool depends on the whole seed. */
function mixedPool(seed: number): number[] {
  let constant = 0x43b0d7e5;
  const hashed = (value: number) => {
    let word = value ^ constant;
    constant = Math.imul(constant, 0x931e8875);
    word = Math.imul(word, constant);
    return word ^ (word >>> 16);
  };
  const mixed = (x: number, y: number) => {
    const word = Math.imul(0xca01f9dd, x) - Math.imul(0x4973f715, y);
    return word ^ (word >>> 16);
  };
  const pool = [seed, 0, 0, 0].map(hashed);
  for (let from = 0; from < pool.length; from++) {
    for (let to = 0; to < pool.length; to++) {
      if (from !== to) pool[to] = mixed(pool[to]! | 0, hashed(pool[from]!)) | 0;
    }
  }
  return pool;
}
