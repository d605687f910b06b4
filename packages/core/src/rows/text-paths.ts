/** Lists and objects within each other, and texts, that are looked at. */
const DEEPEST = 6;
const MOST = 100;

/** Names of what says about a text rather than being one. */
const ABOUT = /(^|_)(id|uuid|type|role|from|to|name|date|time|timestamp|url|lang|language|origin|status)$/i;

/**
 * Where in a row there are texts, as paths that `map` takes: `data.text`, `answers.text.0`; those first that do not only say
 * something about others. Empty for a text itself.
 */
export function textPaths(row: unknown): string[] {
  const paths: string[] = [];
  collect(row, '', 0, paths);
  const isAbout = (path: string) => ABOUT.test(path.replace(/(\.\d+)+$/, '').replace(/^.*\./, ''));
  return [...paths.filter((path) => !isAbout(path)), ...paths.filter(isAbout)];
}

function collect(value: unknown, path: string, depth: number, paths: string[]): void {
  if (typeof value !== 'object' || value === null || depth > DEEPEST) return;
  for (const [name, inner] of Object.entries(value)) {
    if (paths.length >= MOST) return;
    const own = path === '' ? name : `${path}.${name}`;
    if (typeof inner === 'string') {
      if (/\p{L}/u.test(inner)) paths.push(own);
    } else if (!name.includes('.')) collect(inner, own, depth + 1, paths);
  }
}

/** A list of objects that each say who speaks, or of texts under a name that says that they take turns. */
export const looksLikeConversation = (name: string, value: unknown): boolean =>
  Array.isArray(value) &&
  value.length > 0 &&
  (value.every(namesSpeaker) || (isTurns(name) && value.every((said) => typeof said === 'string')));

const isTurns = (name: string): boolean => /dialog|convers|chat|turn|message|utterance/i.test(name);

const namesSpeaker = (said: unknown): boolean =>
  typeof said === 'object' && said !== null && ['role', 'from', 'speaker', 'who'].some((name) => name in said);
