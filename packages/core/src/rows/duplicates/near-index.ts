import { createRandom } from '../../random.ts';
import { jaccard, mix } from './shingles.ts';

/** Examples this alike (Jaccard, over their shingles) are near duplicates. */
const ALIKE = 0.8;

/**
 * 20 bands of 5 hashes: two sets that are 0.8 alike share a band with 99.96 %, two that are 0.3 alike with 5 %.
 * (Broder, On the resemblance and containment of documents, 1997; bands as in Leskovec, Rajaraman and Ullman, Mining of
 * Massive Datasets, 3.4.)
 */
const BANDS = 20;
const ROWS = 5;
const HASHES = BANDS * ROWS;

/** Signatures agree where sets do: at 0.8 in 80 of 100 places, give or take 4. Below this many nobody looks closer. */
const WORTH_A_LOOK = 0.65 * HASHES;

/** Finds, of the sets that were added, the first one that a set is alike to. */
export interface NearIndex {
  /** The number of the set, as it was added. */
  find(shingles: Uint32Array): number | undefined;
  add(number: number, shingles: Uint32Array): void;
}

export function createNearIndex(): NearIndex {
  const random = createRandom(0, 0x317);
  const seeds = Uint32Array.from({ length: HASHES }, () => random.integer(2 ** 32));
  const sets: { readonly number: number; readonly shingles: Uint32Array; readonly signature: Uint32Array }[] = [];
  /** Sets by what they have in each band. */
  const buckets = Array.from({ length: BANDS }, () => new Map<number, number[]>());
  // The signature of the set that was asked for last: it is often the one that is added next.
  let last: { readonly shingles: Uint32Array; readonly signature: Uint32Array } | undefined;
  const signed = (shingles: Uint32Array): Uint32Array => {
    if (last?.shingles !== shingles) last = { shingles, signature: signatureOf(shingles, seeds) };
    return last.signature;
  };
  return {
    find(shingles) {
      if (shingles.length === 0) return undefined;
      const signature = signed(shingles);
      const candidates = new Set(buckets.flatMap((band, i) => band.get(bandOf(signature, i)) ?? []));
      const found = [...candidates]
        .sort((a, b) => a - b)
        .map((i) => sets[i] as (typeof sets)[number])
        .find(
          (set) => agreements(set.signature, signature) >= WORTH_A_LOOK && jaccard(set.shingles, shingles) >= ALIKE,
        );
      return found?.number;
    },
    add(number, shingles) {
      if (shingles.length === 0) return;
      const signature = signed(shingles);
      for (const [i, band] of buckets.entries()) {
        const key = bandOf(signature, i);
        const bucket = band.get(key);
        if (bucket) bucket.push(sets.length);
        else band.set(key, [sets.length]);
      }
      sets.push({ number, shingles, signature });
    },
  };
}

/** MinHash: of each of many orders of all shingles, which one of the set comes first. */
function signatureOf(shingles: Uint32Array, seeds: Uint32Array): Uint32Array {
  const signature = new Uint32Array(HASHES).fill(0xffffffff);
  for (const shingle of shingles) {
    for (let i = 0; i < HASHES; i++) {
      // A multiplication and a fold: orders that are independent enough, at a third of a whole mix.
      const product = Math.imul(shingle ^ (seeds[i] as number), 0x9e3779b1);
      const hash = (product ^ (product >>> 15)) >>> 0;
      if (hash < (signature[i] as number)) signature[i] = hash;
    }
  }
  return signature;
}

function bandOf(signature: Uint32Array, band: number): number {
  let hash = band;
  for (let i = band * ROWS; i < (band + 1) * ROWS; i++) hash = mix(Math.imul(hash, 31) ^ (signature[i] as number));
  return hash;
}

function agreements(one: Uint32Array, other: Uint32Array): number {
  let count = 0;
  for (let i = 0; i < HASHES; i++) if (one[i] === other[i]) count++;
  return count;
}
