import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { type Block, blocksOf, isShell, needOf, root } from './blocks.ts';
import { pageFolder, writeFileOf } from './page-folder.ts';

/**
 * npx and npm of a page: ours run from their sources, what npm would install is linked already, and a new package finds it
 * in the folder above.
 */
const PRELUDE = `
set -euo pipefail
main=${root}packages/cli/src/main.ts
create=${root}packages/create-counterweight-recipe/src/main.ts
npx() { [ "$1" = counterweight ] && shift && node --no-warnings "$main" "$@"; }
npm() {
  case "$1" in
    install) ;;
    create) shift 2; local name=$1; shift; [ "\${1-}" = -- ] && shift; node --no-warnings "$create" "$name" "$@" ;;
    *) command npm "$@" ;;
  esac
}
`;

/** The pages that people learn from, which run as they stand. */
export const learning: readonly string[] = [
  'docs/getting-started.md',
  'docs/bring-your-rows.md',
  'docs/bring-your-model.md',
  'docs/write-your-own-recipe.md',
  'docs/mix-recipes.md',
  'docs/deploy-the-result.md',
];

/** What a page begins with that another one ends with. */
const before: Readonly<Record<string, string>> = {
  'docs/deploy-the-result.md': `
    echo '{"prompt": "Where is my card?", "completion": "card arrival"}' > rows.jsonl
    npx counterweight train --model @counterweight/stories260k --data rows.jsonl --max-steps 1 --output runs/first`,
};

/** What separates the outputs of blocks. */
const MARK = '@@@ block';

/** What a block printed, and what the page says that it prints: the `text` block right behind it. */
export interface Ran {
  readonly block: Block;
  readonly printed: string;
  readonly said: Block | undefined;
}

/**
 * Gives a page's commands, from its first to its last, in one folder and one shell, as its reader would; blocks with a name
 * are files. A block whose text begins with `error:` has to end in a mistake that the reader can mend.
 */
export function runPage(page: string): { ran: readonly Ran[]; status: number | null; printed: string } {
  const folder = pageFolder();
  const blocks = blocksOf(page);
  const ran: { block: Block; said: Block | undefined }[] = [];
  const script = blocks.flatMap((block, at) => {
    if (block.file) writeFileOf(block, folder);
    if (!isShell(block) || needOf(block) !== undefined) return [];
    const next = blocks[at + 1];
    const said = next?.language === 'text' ? next : undefined;
    ran.push({ block, said });
    return [`echo '${MARK}'`, said?.code.startsWith('error:') ? failing(block.code) : block.code];
  });
  const env = { ...process.env, COUNTERWEIGHT_HOME: join(folder, 'home'), NO_COLOR: '1', COLUMNS: '200' };
  const { status, stdout } = spawnSync(
    'bash',
    ['-c', `exec 2>&1\n${PRELUDE}\n${before[page] ?? ''}\n${script.join('\n')}`],
    {
      ...{ cwd: folder, env, encoding: 'utf8', maxBuffer: 2 ** 26, timeout: 600_000 },
    },
  );
  const outputs = stdout.split(`${MARK}\n`).slice(1);
  return { ran: ran.map((one, at) => ({ ...one, printed: outputs[at] ?? '' })), status, printed: stdout };
}

/** A mistake that can be mended is exit code 2. */
const failing = (code: string): string => `status=0
(${code}) || status=$?
[ "$status" = 2 ]`;
