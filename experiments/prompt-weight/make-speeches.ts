/**
 * Draws `speeches.txt.gz`, a speech a line, from "tiny Shakespeare" (public
 * domain; `data/tinyshakespeare/input.txt` of karpathy/char-rnn at 6f9487a):
 *
 *     node experiments/prompt-weight/make-speeches.ts path/to/input.txt
 *
 * Speeches have 120 to 500 characters, and are ordered by a hash, which is random and yet the same everywhere. Where they
 * are cut into prompt and answer is the experiment's concern (`regimes.ts`).
 */
import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';

const [ROWS, LEAST, MOST] = [1500, 120, 500];

const source = process.argv[2];
if (!source) throw new Error('Give the path of input.txt.');
const speeches = readFileSync(source, 'utf8')
  .split(/\n{2,}/)
  // The first line is who speaks.
  .map((speech) => speech.split('\n').slice(1).join(' ').trim())
  .filter(({ length }) => length >= LEAST && length <= MOST);
const order = (text: string) => createHash('sha256').update(`counterweight-1\n${text}`).digest('hex');
const drawn = [...new Set(speeches)].sort((a, b) => (order(a) < order(b) ? -1 : 1)).slice(0, ROWS);
writeFileSync(new URL('speeches.txt.gz', import.meta.url), gzipSync(`${drawn.join('\n')}\n`, { level: 9 }));
