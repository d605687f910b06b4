/** The words of a shell script's commands, as far as scripts that start a training go: quotes, continued lines, comments, `NAME=value` and `$NAME`. */
export function commandsOf(script: string): string[][] {
  const variables = new Map<string, string>();
  const commands: string[][] = [];
  for (const words of splitCommands(script.replaceAll(/\\\r?\n/g, ' '), variables)) {
    const rest = words.filter((word, i) => {
      const [, name, value] = /^(?:export )?([A-Za-z_]\w*)=([\s\S]*)$/.exec(word) ?? [];
      // Only in front of the command.
      if (name === undefined || words.slice(0, i).some((before) => !isAssignment(before))) return true;
      variables.set(name, value ?? '');
      return false;
    });
    if (rest.length > 0 && rest.join('') !== 'export') commands.push(rest);
  }
  return commands;
}

const isAssignment = (word: string): boolean => /^[A-Za-z_]\w*=/.test(word) || word === 'export';

/** A piece of a script: what is in quotes is one, an end of a command, or what separates words. */
const PIECE = /'([^']*)'|"((?:[^"\\]|\\.)*)"|(#[^\n]*)|(\r?\n|;|&&|\|\||[|&])|([ \t]+)|\\([^\n])|([^'"\s;&|\\]+)/g;

function* splitCommands(script: string, variables: ReadonlyMap<string, string>): Generator<string[]> {
  let words: string[] = [];
  let word: string | undefined;
  const endWord = () => {
    if (word !== undefined) words.push(word);
    word = undefined;
  };
  for (const [, single, double, comment, end, space, escaped, plain] of script.matchAll(PIECE)) {
    if (comment !== undefined && word !== undefined) word += comment;
    else if (end !== undefined) {
      endWord();
      if (words.length > 0) yield words;
      words = [];
    } else if (space !== undefined) endWord();
    else if (comment === undefined) {
      const text = single ?? escaped ?? expanded((double ?? plain ?? '').replaceAll(/\\(["\\$])/g, '$1'), variables);
      word = (word ?? '') + text;
    }
  }
  endWord();
  if (words.length > 0) yield words;
}

/** What the script itself does not set stays as it is written. */
const expanded = (text: string, variables: ReadonlyMap<string, string>): string =>
  text.replaceAll(
    /\$(?:\{(\w+)(?::-([^}]*))?\}|(\w+))/g,
    (whole, braced, fallback, bare) => variables.get(braced ?? bare) ?? fallback ?? whole,
  );

/** `--flag value`, `--flag=value`, `--flag a b`, `--flag`; dashes in names are lines there. */
export function flagsOf(words: readonly string[]): Record<string, unknown> {
  const flags: Record<string, unknown> = {};
  let last: string | undefined;
  for (const word of words) {
    const [, name, value] = /^--([A-Za-z][\w-]*)(?:=([\s\S]*))?$/.exec(word) ?? [];
    if (name !== undefined) {
      const isNegated = value === undefined && name.startsWith('no_');
      last = name.replaceAll('-', '_').replace(/^no_/, isNegated ? '' : 'no_');
      flags[last] = value ?? !isNegated;
    } else if (last !== undefined) {
      const before = flags[last];
      flags[last] = before === true ? word : [before, word].flat();
    }
  }
  return flags;
}
