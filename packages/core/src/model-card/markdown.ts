/** Text of somebody else's in a cell of a table, or in a line: it ends neither, and is no markup. */
export const inline = (text: string): string =>
  text
    .replaceAll(/\s+/g, ' ')
    .replaceAll(/[\\|`*_[\]]/g, '\\$&')
    .replaceAll('<', '&lt;');

/** As code, in a cell too. */
export const code = (text: string): string => `\`${text.replaceAll(/[`|\s]+/g, ' ')}\``;

/** A table; cells are markup. Empty where it has no lines. */
export function table(header: readonly string[], lines: readonly (readonly string[])[]): string {
  if (lines.length === 0) return '';
  const row = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [row(header), `|${header.map(() => '---|').join('')}`, ...lines.map(row)].join('\n');
}

export const fenced = (language: string, text: string): string => `\`\`\`${language}\n${text}\n\`\`\``;

/** Parts of a page, those that are empty left out. */
export const paragraphs = (...parts: readonly string[]): string => parts.filter((part) => part !== '').join('\n\n');
