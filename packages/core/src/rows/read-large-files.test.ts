import { spawnSync } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { afterAll, describe, expect, it } from 'vitest';

/** Reads all rows of a file, and says how many and how much memory the process had at its peak. */
const READ = `
  import { streamRows } from '${fileURLToPath(new URL('./read-rows.ts', import.meta.url))}';
  let rows = 0;
  for await (const row of streamRows(process.argv[1])) rows++;
  console.log(JSON.stringify({ rows, megabytes: process.resourceUsage().maxRSS / 1024 }));
`;

const folder = mkdtempSync(join(tmpdir(), 'counterweight-large-'));
afterAll(() => rmSync(folder, { recursive: true }));

const text = 'n'.repeat(8000);
const object = `{"prompt":"a","completion":"b","note":"${text}"}`;
const BLOCK = 500;
const line = (content: string) => `${content}\n`.repeat(BLOCK);

/** How files of each kind begin, what a block of rows is in them, and how they end. */
const kinds = {
  '.jsonl': ['', line(object), ''],
  '.json': ['[', line(`${object},`), `${object}]`],
  '.csv': ['prompt,completion,note\n', line(`a,b,${text}`), ''],
  '.tsv': ['prompt\tcompletion\tnote\n', line(`a\tb\t${text}`), ''],
  '.jsonl.gz': ['', line(object), ''],
} as const;

function read(kind: keyof typeof kinds, blocks: number): { rows: number; megabytes: number } {
  const path = join(folder, `rows${kind}`);
  const packed = (content: string) => (kind.endsWith('.gz') ? gzipSync(content) : Buffer.from(content));
  const [first, block, last] = kinds[kind].map(packed) as [Buffer, Buffer, Buffer];
  const file = openSync(path, 'w');
  for (const part of [first, ...Array(blocks).fill(block), last]) writeSync(file, part);
  closeSync(file);
  const options = ['--max-old-space-size=64', '--input-type=module-typescript', '--no-warnings'];
  const child = spawnSync(process.execPath, [...options, '--eval', READ, path], { encoding: 'utf8' });
  rmSync(path);
  expect(child.status, child.stderr).toBe(0);
  return JSON.parse(child.stdout);
}

describe('a file of 120 MB', () => {
  it.each(Object.keys(kinds) as (keyof typeof kinds)[])(
    'of the kind %s is read in the memory of one of 4 MB',
    (kind) => {
      const small = read(kind, 1);
      const large = read(kind, 30);
      const extra = kind === '.json' ? 1 : 0;
      expect([small.rows, large.rows]).toEqual([BLOCK + extra, 30 * BLOCK + extra]);
      expect(large.megabytes - small.megabytes).toBeLessThan(30);
    },
  );
});
