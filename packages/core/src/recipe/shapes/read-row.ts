import { RowError } from '../recipe.ts';
import { readTools, type Tool } from './calls.ts';
import { chooseShape } from './choose-shape.ts';
import { readContent, refuseMedia } from './content.ts';
import { fromJsonText } from './json-text.ts';
import { type Message, readMessages } from './read-messages.ts';
import { checkAnswers } from './render-conversation.ts';
import { type Fields, isFields, kindOf, says } from './says.ts';
import { CONTEXT, type Shape, shapes } from './shapes.ts';

/** A row of any shape, with its fields under one name each. */
export interface PlainRow {
  /** As the receipt names it: `Alpaca`. */
  readonly kind?: string;
  /** A conversation: also a question with what comes before it, and an answer, where there is more than the two. */
  readonly messages?: readonly Message[] | undefined;
  /** Functions that the assistant may call. */
  readonly tools?: readonly Tool[] | undefined;
  readonly prompt?: string | undefined;
  /** More to an instruction. */
  readonly input?: string | undefined;
  /** May be missing in a row to generate for. */
  readonly completion?: string | undefined;
  /** A text to learn as it is. */
  readonly text?: string | undefined;
  /** Whose words an instruction is put in where there is no chat template. */
  readonly words?: 'alpaca' | undefined;
  /** The row's own name of the field that has the answer. */
  readonly answerField?: string | undefined;
}

/** @throws {RowError} for a row of no known shape, and for a field that cannot be read as it is meant */
export function readRow(input: unknown): PlainRow {
  if (!isFields(input)) throw new RowError('', `the row is ${kindOf(input)}, and no object with fields`);
  const shape = chooseShape(input);
  refuseMedia(input, '');
  const read = { conversation: readConversation, pair: readPair, text: readText }[shape.kind];
  return { kind: shape.name, ...read(input, shape) };
}

/** The fields of all shapes. */
export const plainFields: readonly string[] = [
  ...new Set(shapes.flatMap(({ asks, answers, inputs = [] }) => [asks, ...(answers ? [answers] : []), ...inputs])),
  ...[...CONTEXT, 'history'],
];

/** The fields of a row that are read of it, where it has this shape. */
export function fieldsRead(row: Fields, { kind, asks, answers, inputs = [] }: Shape): string[] {
  if (kind === 'text') return [asks];
  if (kind === 'conversation') {
    const mayBeAnswered = ANSWERS.some((name) => says(row[name]));
    return [asks, ...CONTEXT, ...(mayBeAnswered ? [readRow(row).answerField ?? asks] : [])];
  }
  const input = inputs.find((name) => says(row[name]));
  return [
    asks,
    ...CONTEXT,
    'history',
    ...(answers === undefined ? [] : [answers]),
    ...(input === undefined ? [] : [input]),
  ];
}

function readConversation(row: Fields, { asks }: Shape): PlainRow {
  const said = readMessages(row[asks], asks);
  checkAnswers(said, asks);
  const answers = answerBeside(row, said);
  const [system] = systemOf(row);
  const [first] = said;
  const isSaid = system === undefined || (first?.role === 'system' && first.content === system.content);
  if (!isSaid && first?.role === 'system') throw twoOf('system', `${asks}.0`);
  const answer = answers === undefined ? [] : answered(row, answers);
  return conversation([...(isSaid ? [] : [system]), ...said, ...answer], row, answers ?? asks);
}

const ANSWERS = [...new Set(shapes.flatMap(({ answers }) => answers ?? []))];

/** The field that answers a conversation which ends with a question: `{messages, completion}`. */
function answerBeside(row: Fields, said: readonly Message[]): string | undefined {
  if (said.at(-1)?.role === 'assistant') return undefined;
  const [field, other] = ANSWERS.filter((name) => says(row[name]));
  if (field !== undefined && other !== undefined) throw twoOf(field, other);
  return field;
}

/** The question and its answer; each may be a text or, as TRL has them, messages. */
function readPair(row: Fields, { asks, answers = '', inputs = [], words }: Shape): PlainRow {
  const input = inputs.map((name) => textOf(row, name)).find((text) => says(text)) ?? '';
  if (!Array.isArray(row[asks]) && says(row[answers]) && `${textOf(row, asks) ?? ''}${input}`.trim() === '') {
    throw unasked(asks, answers);
  }
  const before = [...systemOf(row), ...historyOf(row)];
  if (Array.isArray(row[asks]) || Array.isArray(row[answers])) {
    return conversation([...before, ...asked(row, asks, input), ...answered(row, answers)], row, answers);
  }
  const prompt = textOf(row, asks) ?? '';
  const completion = textOf(row, answers);
  const tools = toolsOf(row);
  if (words === undefined && (before.length > 0 || tools)) {
    return conversation([...before, ...asked(row, asks, input), ...answered(row, answers)], row, answers);
  }
  return {
    ...(before.length > 0 && { messages: before }),
    ...(tools && { tools }),
    prompt: words ? prompt : withInput(prompt, input),
    ...(words && { words, input }),
    ...(completion !== undefined && { completion }),
    answerField: answers,
  };
}

const unasked = (asks: string, answers: string) =>
  new RowError(
    asks,
    `"${asks}" is empty: there is nothing that "${answers}" answers (a text that is learnt by itself is "text": --map text=${answers})`,
  );

const readText = (row: Fields, { asks }: Shape): PlainRow => ({ text: textOf(row, asks), answerField: asks });

function conversation(messages: readonly Message[], row: Fields, answerField: string): PlainRow {
  const tools = toolsOf(row);
  return { messages, ...(tools && { tools }), answerField };
}

/** What is read before the question: a passage, then what is asked of it. */
const withInput = (prompt: string, input: string): string => (input === '' ? prompt : `${input}\n\n${prompt}`);

function asked(row: Fields, field: string, input: string): Message[] {
  if (!Array.isArray(row[field])) return [{ role: 'user', content: withInput(textOf(row, field) ?? '', input) }];
  // What stands in the prompt is what an answer is given to, not one to learn.
  const messages = readMessages(row[field], field, 'one');
  return messages.map((said) => (said.role === 'assistant' ? { weight: 0, ...said } : said));
}

function answered(row: Fields, field: string): Message[] {
  if (Array.isArray(row[field])) {
    const said = readMessages(row[field], field, 'one');
    checkAnswers(said, field);
    return said;
  }
  const content = textOf(row, field);
  return content === undefined ? [] : [{ role: 'assistant', content }];
}

/** A text; undefined where it is absent or null. */
function textOf(row: Fields, field: string): string | undefined {
  const value = row[field];
  if (value === undefined || value === null) return undefined;
  if (typeof value === 'string') return value;
  throw new RowError(field, `"${field}" is ${kindOf(value)}, and is to be a text`);
}

function systemOf(row: Fields): Message[] {
  const [field, other] = ['system', 'system_prompt'].filter((name) => says(row[name]));
  if (field === undefined) return [];
  if (other !== undefined && row[field] !== row[other]) throw twoOf(field, other);
  const content = readContent(row[field], field) ?? '';
  return [{ role: 'system', content }];
}

function toolsOf(row: Fields): Tool[] | undefined {
  const tools = readTools(row.tools, 'tools');
  const functions = readTools(row.functions, 'functions', true);
  if (tools && functions) throw twoOf('tools', 'functions');
  return tools ?? functions;
}

/** Earlier questions and answers, in pairs, or as messages. */
function historyOf(row: Fields): Message[] {
  const history = fromJsonText(row.history, 'history');
  if (!says(history)) return [];
  const problem = '"history" is a list of pairs, what was asked and what was answered, or of messages';
  if (!Array.isArray(history)) throw new RowError('history', problem);
  if (history.every(isFields)) return readMessages(history, 'history');
  return history.flatMap((turn, i) => {
    const [asked, answered, ...more]: unknown[] = Array.isArray(turn) ? turn : [];
    if (typeof asked !== 'string' || typeof answered !== 'string' || more.length > 0) {
      throw new RowError(`history.${i}`, problem);
    }
    if (asked.trim() === '') throw new RowError(`history.${i}`, `"history.${i}" has an empty question`);
    if (answered.trim() === '') throw new RowError(`history.${i}`, `"history.${i}" has an empty answer`);
    return [
      { role: 'user' as const, content: asked },
      { role: 'assistant' as const, content: answered },
    ];
  });
}

const twoOf = (one: string, other: string) =>
  new RowError(other, `a row has either "${one}" or "${other}", not both: which of them is meant?`);
