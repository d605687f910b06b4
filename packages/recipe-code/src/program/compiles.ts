import type { Language } from '../language.ts';
import { pythonCompiles } from './python-compiles.ts';
import { type Place, toScript } from './to-script.ts';

export interface Source {
  readonly language: Language;
  readonly code: string;
  /** Tests may await at their top level. Default `top-level`. */
  readonly place?: Place;
}

/**
 * Whether each source parses: for TypeScript without its types being checked, for JavaScript as V8 does, for Python as
 * its own compiler does. Nothing is run. A source without any code does not count.
 */
export async function compiles(sources: readonly Source[], python = 'python3'): Promise<boolean[]> {
  const inPython = sources.flatMap(({ language, code }, index) => (language === 'python' ? [{ code, index }] : []));
  const answers = await pythonCompiles(
    inPython.map(({ code }) => code),
    python,
  );
  const pythonAnswers = new Map(inPython.map(({ index }, i) => [index, answers[i] ?? false]));
  return Promise.all(
    sources.map(async ({ language, code, place }, index) => {
      if (code.trim() === '') return false;
      return pythonAnswers.get(index) ?? 'code' in (await toScript(code, language, place));
    }),
  );
}
