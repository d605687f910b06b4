import { readFileSync } from 'node:fs';
import { table } from './markdown.ts';

const measured = () => comparisons(readFileSync(new URL('../../bench/README.md', import.meta.url), 'utf8'));

/** For the root README: a few of them, in short words. */
const IN_SHORT: readonly (readonly [words: string, what: RegExp, ours: string, theirs?: string])[] = [
  [
    'a step of LoRA of rank 16 on a 135M Llama, 4 × 256 tokens, f32',
    /^LoRA of rank 16 on every .* f32$/,
    'f32, native',
  ],
  ['the same beside `torch.compile`', /^LoRA of rank 16 on every .* f32; torch\.compile$/, 'f32, native'],
  ['in bf16', /^LoRA of rank 16 on every .* bf16$/, 'bf16, native'],
  ['in bf16 beside `torch.compile`', /^LoRA of rank 16 on every .* bf16; torch\.compile$/, 'bf16, native'],
  ['every weight of the 135M Llama, f32', /^every weight of a 135M Llama in f32, [^;]*$/, 'f32, native'],
  [
    'LoRA, rows that begin alike, packed with one prefix',
    /^Rows .* LoRA of rank 16; packed; one prefix$/,
    'f32, native, shared-prefix',
  ],
  [
    "every weight of the quickstart's model, 32 × 80 tokens",
    /^Full fine-tuning of the tiny model, [^;]*$/,
    'f32, native',
  ],
  ['the same as WebAssembly', /^Full fine-tuning of the tiny model, [^;]*$/, 'f32, wasm'],
  [
    "the quickstart's own rows, grouped by length as we train",
    /^The quickstart's rows, grouped .*fused AdamW$/,
    'f32, native',
  ],
  ['writing with the 135M Llama, one text at a time', /^greedy .*; 1 at a time$/, 'f32, native'],
  ['the same beside llama.cpp', /^greedy .*; 1 at a time$/, 'f32, native', 'llama.cpp f32'],
  ['eight at a time', /^greedy .*; 8 at a time$/, 'f32, native'],
  ['eight beside llama.cpp', /^greedy .*; 8 at a time$/, 'f32, native', 'llama.cpp f32'],
];

export function speedInShort(): string {
  const all = measured();
  const rows = IN_SHORT.map(([words, what, engine, peer]) => {
    const found = all.filter(
      ([title = '', ours, theirs = '']) =>
        what.test(title) && ours === engine && (peer ? theirs === peer : theirs.startsWith('PyTorch')),
    );
    const [row] = found;
    if (!row || found.length > 1) throw new Error(`${found.length} figures of bench/README.md are: ${words}`);
    return [words, ...row.slice(3)];
  });
  return table(['', 'tokens/s, ours', "the other's", 'ratio', 'peak memory, ratio'], rows);
}

/** The figures of bench/README.md that compare an engine of ours with somebody else's, one a line. */
export function speedTable(): string {
  const rows = measured();
  return table(['what', 'ours', 'theirs', 'tokens/s, ours', 'theirs', 'ratio', 'peak memory, ratio'], rows);
}

/** A group of rows in a table: ours, theirs, and their ratio. */
function comparisons(text: string): string[][] {
  let what = '';
  let label = '';
  let sides: string[][] = [];
  const found: string[][] = [];
  for (const line of text.split('\n')) {
    const [, title] = /^\*\*(.+)\*\*$/.exec(line) ?? [];
    if (title !== undefined) what = title;
    const cells = line
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim());
    if (cells[1] === 'ratio') {
      const [ours, theirs] = sides;
      if (ours && theirs) found.push(...compared(what, label, ours, theirs, cells));
      sides = [];
    } else if (/^(Counterweight|PyTorch|llama\.cpp)\b/.test(cells[1] ?? '')) {
      if (sides.length === 0) label = cells[0] ?? '';
      sides.push(cells);
    }
  }
  return found;
}

function compared(what: string, label: string, ours: string[], theirs: string[], ratio: string[]): string[][] {
  const [, our = '', ourSpeed] = ours;
  const [, their = '', theirSpeed] = theirs;
  const [, , speed, , , memory] = ratio;
  if (!/native|wasm/.test(our) || their.startsWith('Counterweight')) return [];
  const more = label.split(', ').filter((part) => ![what, our, their].some((said) => said.includes(part)));
  return [
    [
      [what, ...more].join('; '),
      ...[our.replace('Counterweight ', ''), their],
      ...[inThousands(first(ourSpeed)), inThousands(first(theirSpeed)), `**${first(speed)}**`, first(memory)],
    ],
  ];
}

/** The median, without the spread and the aim beside it. */
const first = (cell = ''): string => /[\d.]+/.exec(cell)?.[0] ?? '';
const inThousands = (number: string): string => Number(number).toLocaleString('en');
