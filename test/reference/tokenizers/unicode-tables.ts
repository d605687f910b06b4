/** Prints the tables of packages/core/src/tokenizer/pipeline/unicode-tables.ts from what unicode.py wrote. */
import { readFileSync } from 'node:fs';

interface Characters {
  readonly unassigned: number[];
  readonly punctuation: number[];
  readonly marks: number[];
  readonly nonspacing: number[];
  readonly forms: Record<'NFC' | 'NFD' | 'NFKC' | 'NFKD', Record<string, string>>;
}
const rust: Characters = JSON.parse(readFileSync(process.argv[2] ?? '', 'utf8'));
const points = Array.from({ length: 0x110000 }, (_, point) => point).filter(
  (point) => point < 0xd800 || point > 0xdfff,
);

/** What JavaScript counts to the class and Rust does not, or the other way about. */
const only = (inJavaScript: boolean, category: string, theirs: readonly number[]): number[] => {
  const [known, expression] = [new Set(theirs), new RegExp(`^${category}$`, 'u')];
  return points.filter((point) => {
    const ours = expression.test(String.fromCodePoint(point));
    return inJavaScript ? ours && !known.has(point) : !ours && known.has(point);
  });
};

function otherForms(): number[] {
  const other = new Set<number>();
  for (const [form, changed] of Object.entries(rust.forms)) {
    for (const point of points) {
      const character = String.fromCodePoint(point);
      const probe = `${character}x${character}\u0316x\u0301${character}`;
      if ((changed[point] ?? probe) === probe.normalize(form)) continue;
      other.add(point).add(character.normalize('NFD').codePointAt(0) ?? point);
    }
  }
  return [...other].sort((a, b) => a - b);
}

function ranges(sorted: readonly number[]): string {
  const found: [number, number][] = [];
  for (const point of sorted) {
    const last = found.at(-1);
    if (last && last[1] === point - 1) last[1] = point;
    else found.push([point, point]);
  }
  return found
    .map(([from, to]) => (from === to ? from.toString(16) : `${from.toString(16)}-${to.toString(16)}`))
    .join(' ');
}

console.log(`AFTER_UNICODE_16\n${ranges(only(false, '\\p{C}', rust.unassigned))}`);
console.log(`LATER_PUNCTUATION\n${ranges(only(true, '\\p{P}', rust.punctuation).filter((point) => point > 0x7f))}`);
console.log(`LATER_NORMAL_FORMS\n${ranges(otherForms())}`);
console.log(`LATER_MARKS\n${ranges(only(true, '\\p{M}', rust.marks))}`);
console.log(`LATER_NONSPACING_MARKS\n${ranges(only(true, '\\p{Mn}', rust.nonspacing))}`);
