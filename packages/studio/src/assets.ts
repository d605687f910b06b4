import { existsSync, readFileSync } from 'node:fs';
import { stripTypeScriptTypes } from 'node:module';
import { fileURLToPath } from 'node:url';

/** What runs in the page, by the name it is served under; from the source its types are taken out here. */
const CLIENT = new URL('./client/', import.meta.url);

const kept = new Map<string, string>();

/** A script of the page; undefined where there is none of this name. */
export function clientScript(name: string): string | undefined {
  if (!/^[a-z-]+$/.test(name)) return undefined;
  const before = kept.get(name);
  if (before !== undefined) return before;
  const script = readScript(name);
  if (script !== undefined) kept.set(name, script);
  return script;
}

function readScript(name: string): string | undefined {
  const [built, source] = ['js', 'ts'].map((ending) => fileURLToPath(new URL(`${name}.${ending}`, CLIENT)));
  if (built !== undefined && existsSync(built)) return readFileSync(built, 'utf8');
  if (source === undefined || !existsSync(source)) return undefined;
  return stripTypeScriptTypes(readFileSync(source, 'utf8')).replaceAll(/(from '\.\/[a-z-]+)\.ts'/g, "$1.js'");
}
