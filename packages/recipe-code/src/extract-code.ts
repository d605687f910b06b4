import { fenceTags, type Language } from './language.ts';

export interface ExtractOptions {
  readonly language: Language;
  /** The line that the prompt gave as the beginning, if it did. */
  readonly start?: string | undefined;
}

/**
 * The code in what a model has written:
 *
 * 1. the first fenced block in the language (or in none that is named), also one that is never closed; otherwise all;
 * 2. if a beginning was given and the code does not declare its name, the beginning with the code after it, up to the
 *    end of the function: the line that a brace closes, or (Python) the last one that is indented.
 */
export function extractCode(text: string, { language, start }: ExtractOptions): string {
  const code = fencedBlock(text.replaceAll('\r\n', '\n'), language) ?? text.replaceAll('\r\n', '\n');
  const trimmed = code.replace(/^(?:[ \t]*\n)+|\s+$/g, '');
  if (trimmed === '' || start === undefined || declares(trimmed, start)) return trimmed;
  return `${start.trimEnd()}\n${firstFunction(trimmed, language)}`;
}

/** ```` ```ts ```` to ```` ``` ````, or to the end of the text. */
function fencedBlock(text: string, language: Language): string | undefined {
  const blocks = [
    ...text.matchAll(/^[ \t]*(`{3,}|~{3,})[ \t]*([\w+#.-]*)[^\n]*\n([\s\S]*?)(?:^[ \t]*\1|(?![\s\S]))/gm),
  ];
  const tagged = (wanted: readonly string[]) => blocks.find(([, , tag = '']) => wanted.includes(tag.toLowerCase()));
  return (tagged(fenceTags[language]) ?? tagged(['']))?.[3];
}

/** Whether the code declares what the beginning declares: `function f`, `const f`, `def f`, `class F`. */
function declares(code: string, start: string): boolean {
  const name = /\b(?:function\*?|const|let|var|def|class)\s+([\w$]+)/.exec(start)?.[1];
  if (name === undefined) return code.startsWith(start.trim());
  const escaped = name.replaceAll('$', '\\$');
  return new RegExp(`\\b(?:function\\*?|const|let|var|def|class)\\s+${escaped}(?![\\w$])`).test(code);
}

/** A body, without what a model goes on to write after it. */
function firstFunction(body: string, language: Language): string {
  const lines = body.split('\n');
  const after =
    language === 'python'
      ? lines.findIndex((line) => /^[^\s#]/.test(line))
      : lines.findIndex((line) => line.startsWith('}')) + 1;
  return (after > 0 ? lines.slice(0, after) : lines).join('\n').trimEnd();
}
