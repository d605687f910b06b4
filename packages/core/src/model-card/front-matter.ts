/** What YAML and JSON have in common, as far as a model card needs it. */
export type Yaml = string | number | boolean | null | readonly Yaml[] | { readonly [name: string]: Yaml | undefined };

/** The front matter of a README: block style, with texts in JSON's quotes, which are YAML's too. What is undefined is left out. */
export const frontMatter = (fields: Readonly<Record<string, Yaml | undefined>>): string =>
  ['---', ...linesOf(fields as Yaml), '---', ''].join('\n');

function linesOf(value: Yaml): string[] {
  if (Array.isArray(value)) return value.flatMap((item: Yaml) => itemLines(item));
  return Object.entries(value as Readonly<Record<string, Yaml | undefined>>).flatMap(([name, field]) => {
    if (field === undefined) return [];
    return isNested(field) ? [`${name}:`, ...linesOf(field).map((line) => `  ${line}`)] : [`${name}: ${scalar(field)}`];
  });
}

function itemLines(item: Yaml): string[] {
  if (!isNested(item)) return [`- ${scalar(item)}`];
  return linesOf(item).map((line, i) => (i === 0 ? `- ${line}` : `  ${line}`));
}

const isNested = (value: Yaml): boolean =>
  typeof value === 'object' && value !== null && Object.keys(value as object).length > 0;

/** An empty list or object is itself in JSON's words. */
const scalar = (value: Yaml): string => JSON.stringify(value);
