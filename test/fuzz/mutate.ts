import type { Random } from './random.ts';

/** Numbers at which something ends: of bytes, words, JavaScript's own, and of what is plausible. */
const NUMBERS = [
  -1,
  0,
  1,
  7,
  8,
  127,
  128,
  255,
  256,
  65_535,
  65_536,
  2 ** 31 - 1,
  2 ** 31,
  2 ** 32 - 1,
  2 ** 32,
  2 ** 53 - 1,
];
const JSON_VALUES = [
  ...[...NUMBERS, 1e9, 1e308, -0.5, 2 ** 53 + 2, 1e-320, null, true, false, '', ' ', '\u0000', '\ud800', '__proto__'],
  ...[
    'a'.repeat(300),
    '((.*)*)*x',
    '(a',
    '{{',
    '../x',
    [],
    {},
    [[]],
    [null],
    ['a', 'b'],
    { a: 1 },
    { type: 'Sequence' },
  ],
];
const LONGEST = 2 ** 16;

/** Bytes changed in one to eight places, some of them as something of the others. */
export function mutateBytes(
  input: Uint8Array,
  { random, others, words }: { random: Random; others: readonly Uint8Array[]; words: readonly string[] },
): Uint8Array {
  let bytes: Uint8Array = Uint8Array.from(input);
  for (let changes = 1 << random.below(4); changes > 0; changes--) {
    const at = random.below(bytes.length + 1);
    const length = 1 + random.below(random.pick([2, 8, 64, 1024]));
    switch (random.below(9)) {
      case 0:
        if (at < bytes.length) bytes[at] = (bytes[at] as number) ^ (1 << random.below(8));
        break;
      case 1:
        if (at < bytes.length) bytes[at] = random.below(256);
        break;
      case 2:
        bytes = spliced(bytes, at, length, EMPTY);
        break;
      case 3:
        bytes = spliced(bytes, random.below(bytes.length + 1), 0, bytes.subarray(at, at + length));
        break;
      case 4:
        bytes = spliced(bytes, at, 0, Buffer.from(random.pick(words)));
        break;
      case 5: {
        const other = random.pick(others);
        const from = random.below(other.length + 1);
        bytes = spliced(bytes, at, random.below(2) * length, other.subarray(from, from + length));
        break;
      }
      case 6:
        bytes = withNumber(bytes, at, random);
        break;
      case 7:
        bytes = withOtherDigits(bytes, at, random);
        break;
      default:
        bytes = spliced(bytes, at, 0, new Uint8Array(length).fill(bytes[at] ?? random.below(256)));
    }
  }
  return bytes.subarray(0, LONGEST);
}

const EMPTY = new Uint8Array();

function spliced(bytes: Uint8Array, at: number, removed: number, added: Uint8Array): Uint8Array {
  return Buffer.concat([bytes.subarray(0, at), added, bytes.subarray(at + removed)]);
}

/** A number as one, two, four or eight bytes. */
function withNumber(bytes: Uint8Array, at: number, random: Random): Uint8Array {
  const eight = Buffer.alloc(8);
  eight.writeBigInt64LE(BigInt(random.pick(NUMBERS)));
  const width = 1 << random.below(4);
  return spliced(bytes, at, width, eight.subarray(0, width));
}

/** The next decimal number of a text, replaced. */
function withOtherDigits(bytes: Uint8Array, at: number, random: Random): Uint8Array {
  const isDigit = (i: number) => (bytes[i] ?? 0) >= 0x30 && (bytes[i] ?? 0) <= 0x39;
  let from = at;
  while (from < bytes.length && !isDigit(from)) from++;
  let to = from;
  while (isDigit(to)) to++;
  return to === from ? bytes : spliced(bytes, from, to - from, Buffer.from(String(random.pick(NUMBERS))));
}

/** A JSON text with some of its values replaced, left out, doubled or moved; undefined where it is none. */
export function mutateJson(text: string, random: Random): string | undefined {
  let root: unknown;
  try {
    root = [JSON.parse(text)];
  } catch {
    return undefined;
  }
  for (let changes = 1 + random.below(3); changes > 0; changes--) changeSomewhere(root, random);
  return JSON.stringify((root as unknown[])[0] ?? null);
}

type Container = Record<string | number, unknown>;

function changeSomewhere(root: unknown, random: Random): void {
  let place = root as Container;
  for (;;) {
    const keys = Object.keys(place);
    if (keys.length === 0) {
      place[random.pick(['0', 'a', 'type', '__proto__'])] = structuredClone(random.pick(JSON_VALUES));
      return;
    }
    const key = random.pick(keys);
    const value = place[key];
    if (typeof value === 'object' && value !== null && random.below(5) > 0) {
      place = value as Container;
      continue;
    }
    const kind = random.below(5);
    if (kind === 0) delete place[key];
    else if (kind === 1) place[`${key}${random.below(3)}`] = structuredClone(value);
    else if (kind === 2) place[key] = structuredClone(place[random.pick(keys)]);
    else if (kind === 3 && typeof value === 'string') place[key] = changedText(value, random);
    else place[key] = structuredClone(random.pick(JSON_VALUES));
    return;
  }
}

function changedText(text: string, random: Random): string {
  const [a, b] = [random.below(text.length + 1), random.below(text.length + 1)];
  const character = String.fromCharCode(random.pick([random.below(128), random.below(0x10000)]));
  return random.pick([text.slice(0, a) + text.slice(b), text.slice(0, a) + character + text.slice(a), text.repeat(2)]);
}
