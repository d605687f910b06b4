/** A table of Markdown; cells are Markdown too. */
export const table = (header: readonly string[], rows: readonly (readonly string[])[]): string =>
  [header, header.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');

/** Words of the program in a cell: what Markdown or HTML would act on stays what it is. */
export const plain = (text: string): string =>
  text
    .replaceAll('|', '\\|')
    .replaceAll('<', '&lt;')
    .replaceAll('*', '\\*')
    .replaceAll(/\s*\n\s*/g, ' ')
    .trim();

/** A name or a value in a cell, as code; nothing where there is none. */
export const code = (text: string): string => (text === '' ? '' : `\`${text.replaceAll('|', '\\|')}\``);
