import { z } from 'zod';

/**
 * The canonical BCP 47 code of a language (`deu` → `de`, `cmn` → `zh`, `pt_br` → `pt-BR`), or nothing when it is none.
 * Node's own data (ICU) knows the languages of the world: there is no table to keep.
 */
export function canonicalLanguage(code: string): string | undefined {
  try {
    const [canonical] = Intl.getCanonicalLocales(code.trim().replaceAll('_', '-'));
    return canonical && englishNames.of(canonical) ? canonical : undefined;
  } catch {
    return undefined;
  }
}

const englishNames = new Intl.DisplayNames(['en'], { type: 'language', fallback: 'none', languageDisplay: 'standard' });

/** Its name in English, as prompts say it: `German`, `Portuguese (Brazil)`, `Chinese (Traditional)`. */
export function languageName(code: string): string {
  return englishNames.of(code) ?? code;
}

/** Without script and region: `zh-Hant` → `zh`. */
export function baseLanguage(code: string): string {
  return new Intl.Locale(code).language;
}

const WITHOUT_SPACES = new Set(['zh', 'yue', 'ja', 'th', 'lo', 'km', 'my', 'bo', 'dz']);

/** Whether the language is written without spaces between words. */
export function isWrittenWithoutSpaces(code: string): boolean {
  return WITHOUT_SPACES.has(baseLanguage(code));
}

/** A language code, made canonical. */
export const languageSchema = z.string().transform((code, context) => {
  const language = canonicalLanguage(code);
  if (language !== undefined) return language;
  context.addIssue({
    code: 'custom',
    message: `${JSON.stringify(code)} is no language code; give one such as de, pt-BR or zh-Hant`,
  });
  return z.NEVER;
});

/** An empty cell of a CSV file is a field that is not there. */
export const emptyIsAbsent = (value: unknown) => (value === '' ? undefined : value);
