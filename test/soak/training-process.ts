/**
 * `node training-process.ts CONFIGURATION ROWS OUTPUT [MOMENT]`: one process that trains, or goes on with the run in OUTPUT, and
 * may end itself with SIGKILL: `write:17` before its 17th change of a file, `evaluation:3` at the third sign of life of an
 * evaluation. Its last line says how many of each there were.
 */
import { existsSync } from 'node:fs';
import fs from 'node:fs/promises';
import { syncBuiltinESMExports } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { configurations } from './configurations.ts';

const [name = '', rows = '', output = '', moment = ''] = process.argv.slice(2);
const configuration = configurations[name];
if (!configuration) throw new Error(`There is no configuration "${name}".`);

const counts = { write: 0, evaluation: 0 };
function happens(what: keyof typeof counts): void {
  counts[what]++;
  if (moment === `${what}:${counts[what]}`) process.kill(process.pid, 'SIGKILL');
}

/** Before anything imports them by name. */
function countWrites(): void {
  const functions = fs as unknown as Record<string, (...args: unknown[]) => unknown>;
  for (const one of ['writeFile', 'appendFile', 'rename', 'rm', 'mkdir', 'copyFile', 'link', 'unlink', 'truncate']) {
    const original = functions[one] as (...args: unknown[]) => unknown;
    functions[one] = (...args) => {
      happens('write');
      return original(...args);
    };
  }
  const open = functions.open as (...args: unknown[]) => Promise<object>;
  functions.open = async (...args) => {
    const handle = await open(...args);
    if (args[1] === undefined || args[1] === 'r') return handle;
    happens('write');
    for (const one of ['write', 'writev', 'writeFile', 'appendFile', 'sync', 'truncate'] as const) {
      const own = handle as Record<string, (...rest: unknown[]) => unknown>;
      const original = own[one]?.bind(handle);
      own[one] = (...rest) => {
        happens('write');
        return original?.(...rest);
      };
    }
    return handle;
  };
  syncBuiltinESMExports();
}
countWrites();

const { fineTune } = await import('@counterweight/core');
const recipe = configuration.recipe();
await fineTune({
  recipe,
  model: fileURLToPath(new URL('../../models/stories260k', import.meta.url)),
  data: join(rows, recipe.mixture ? 'mixture.jsonl' : 'plain.jsonl'),
  evalSplit: configuration.evalSplit,
  engine: configuration.engine,
  output,
  resume: existsSync(join(output, 'run.json')),
  training: configuration.training,
  onEvent: (event) => {
    if (event.type === 'evaluation-progress') happens('evaluation');
  },
});
console.log(JSON.stringify(counts));
process.exit(0);
