/**
 * The first name that stands twice in one object of a JSON text; undefined where none does. `JSON.parse` keeps the last
 * of the two without a word, as Python's `json` does: what the first one said would be lost.
 * @param json a text that `JSON.parse` takes
 */
export function doubledKey(json: string): string | undefined {
  /** The names of every object that is open, undefined for an array. */
  const open: (Set<string> | undefined)[] = [];
  let names: Set<string> | undefined;
  let isKey = false;
  for (let i = 0; i < json.length; i++) {
    switch (json.charCodeAt(i)) {
      case QUOTE: {
        const end = endOfString(json, i);
        if (isKey) {
          const name = nameIn(json.slice(i + 1, end));
          if (names?.has(name)) return name;
          names?.add(name);
          isKey = false;
        }
        i = end;
        break;
      }
      case COMMA:
        isKey = names !== undefined;
        break;
      case BRACE:
      case BRACKET:
        open.push(names);
        isKey = json.charCodeAt(i) === BRACE;
        names = isKey ? new Set() : undefined;
        break;
      case BRACE_END:
      case BRACKET_END:
        names = open.pop();
        isKey = false;
    }
  }
  return undefined;
}

const [QUOTE, COMMA, BACKSLASH] = [0x22, 0x2c, 0x5c];
const [BRACE, BRACE_END, BRACKET, BRACKET_END] = [0x7b, 0x7d, 0x5b, 0x5d];

/** Where the string that begins at `from` has its closing quote. */
function endOfString(json: string, from: number): number {
  for (let end = json.indexOf('"', from + 1); end >= 0; end = json.indexOf('"', end + 1)) {
    let backslashes = 0;
    while (json.charCodeAt(end - 1 - backslashes) === BACKSLASH) backslashes++;
    if (backslashes % 2 === 0) return end;
  }
  return json.length;
}

const nameIn = (text: string): string => (text.includes('\\') ? (JSON.parse(`"${text}"`) as string) : text);
