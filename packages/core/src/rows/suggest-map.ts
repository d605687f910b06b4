import { nearestOf } from '../nearest.ts';
import type { RowError } from '../recipe/recipe.ts';
import { type ColumnMap, fieldAt } from './map-columns.ts';
import type { SourceRow } from './source-row.ts';
import { looksLikeConversation, textPaths } from './text-paths.ts';

/** The option as it is typed, in quotes where a list or a shell would read a name otherwise: `--map 'prompt="a, b"'`. */
export function mapOption(map: ColumnMap): string {
  const quoted = (column: string) => (/[",]|^\s|\s$/.test(column) ? `"${column.replaceAll('"', '""')}"` : column);
  const pairs = Object.entries(map).map(([field, column]) => `${field}=${quoted(column)}`);
  const text = pairs.join(',');
  return `--map ${/^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`}`;
}

/** A sentence with the columns that are nearly named as what is missing, or that may be it; empty where none is. */
export function suggestedMap(source: SourceRow, { field, fields = [field] }: RowError): string {
  const { map = {} } = source;
  const names = columnsOf(source).filter((name) => !Object.values(map).includes(name));
  const missing = fields.filter((name) => name !== '' && !name.includes('.') && !namesOf(source.value).includes(name));
  const pairs = names.flatMap((name) => {
    const nearest = fields.includes(name) ? undefined : nearestOf(name, missing);
    return nearest === undefined ? [] : [[nearest, name] as const];
  });
  const first = pairs.filter(([wanted], i) => pairs.findIndex(([other]) => other === wanted) === i);
  const likely = first.length < 2 && fields.length > 1 ? likelyMap(source, names) : undefined;
  if (likely?.messages)
    return `Is "${likely.messages}" the conversation? Then say so: ${mapOption({ ...map, ...likely })}. `;
  if (likely) {
    const example = mapOption({ ...map, ...likely });
    return `${headless(source, missing)}Say which field is what is asked and which the answer, for example ${example}. `;
  }
  if (first.length === 0) {
    const [wanted] = missing;
    if (wanted === undefined || names.length === 0) return headless(source, missing);
    return `${headless(source, missing)}If another column has it, say which: ${mapOption({ ...map, [wanted]: 'COLUMN' })}. `;
  }
  const asked = first.map(([wanted, name]) => `"${name}" meant to be "${wanted}"`).join(', and is ');
  return `Is ${asked}? Then say so: ${mapOption({ ...map, ...Object.fromEntries(first) })}. `;
}

/** Where the conversation may be, or what is asked and what is answered: the first texts, wherever in the row they are. */
function likelyMap(source: SourceRow, names: readonly string[]): ColumnMap | undefined {
  const row = rowInFile(source);
  const conversation = names.find((name) => looksLikeConversation(name, fieldAt(row, name)));
  if (conversation !== undefined) return { messages: conversation };
  const paths = textPaths(row);
  const [prompt, completion] = paths.length > 1 ? paths : names;
  return prompt === undefined || completion === undefined ? undefined : { prompt, completion };
}

/** For a row without its answer: the field that may have it under another name. */
export function suggestedAnswer(source: SourceRow, answerField: string): string {
  const { value, map = {} } = source;
  const names = columnsOf(source).filter((name) => name !== answerField);
  if (namesOf(value).includes(answerField) || names.length < 2) return '';
  const others = names.filter((name) => !Object.values(map).includes(name));
  const nearest = nearestOf(answerField, others);
  const [within = ''] = nearest === undefined ? [] : textPaths(fieldAt(rowInFile(source), nearest));
  const column = nearest === undefined ? 'FIELD' : [nearest, ...(within === '' ? [] : [within])].join('.');
  return ` If the answer is in another field${fieldsInWords(source)}, say so: ${mapOption({ ...map, [answerField]: column })}.`;
}

/** What the row has instead, for a field that goes by another name. */
export function fieldsInWords(source: SourceRow): string {
  const { value } = source;
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return '';
  const names = columnsOf(source).slice(0, 8);
  return names.length === 0
    ? ' (it has no fields)'
    : ` (it has the fields ${names.map((name) => `"${name}"`).join(', ')})`;
}

const namesOf = (value: unknown): string[] => (typeof value === 'object' && value !== null ? Object.keys(value) : []);

const rowInFile = ({ value, unmapped = value }: SourceRow): unknown => unmapped;

/** The names that the file has. */
const columnsOf = (source: SourceRow): string[] => namesOf(rowInFile(source));

/** A table without any of the fields that are looked for, nor one that is nearly named so: its first row may stand where names should. */
function headless({ file }: SourceRow, missing: readonly string[]): string {
  if (missing.length === 0 || !/\.[ct]sv(\.gz)?$/i.test(file ?? '')) return '';
  const line = missing.length > 1 ? 'such as prompt,completion' : `with the name "${missing[0]}" for one of them`;
  return `The first line of the file is read as the names of its columns: if it is a row, put a line above it, ${line}. `;
}
