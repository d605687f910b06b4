/** Code without what never shows: white space at the ends of lines, blank lines at both ends, Windows line ends. */
export function normalisedCode(code: string): string {
  return code
    .replaceAll('\r\n', '\n')
    .replace(/[ \t]+$/gm, '')
    .replace(/^\n+|\n+$/g, '');
}
