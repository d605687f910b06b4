import type { Language } from '../language.ts';
import { toScript } from '../program/to-script.ts';
import { type MarkedTests, markChecks } from './mark-checks.ts';

/** Tests as a harness runs them, or why they can't be run. Python's harness marks its tests by itself. */
export async function toChecks(tests: string, language: Language): Promise<MarkedTests | { readonly problem: string }> {
  const script = await toScript(tests, language, 'function');
  if ('problem' in script) return script;
  if (language === 'python' || script.code.trim() === '') return { code: script.code, modules: [] };
  try {
    return markChecks(script.code);
  } catch (error) {
    // V8 reads a little more than the parser does: what is nested more deeply, and syntax of next year.
    if (error instanceof RangeError || error instanceof SyntaxError) return { problem: error.message };
    throw error;
  }
}
