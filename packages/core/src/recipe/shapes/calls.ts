import { parseExactJson } from '../exact-json.ts';
import { RowError } from '../recipe.ts';
import { refuseBytes } from './content.ts';
import { fromJsonText } from './json-text.ts';
import { type Fields, isFields, kindOf, says } from './says.ts';

/** A call of a function, as OpenAI writes it. */
export interface ToolCall {
  readonly function: {
    readonly name: string;
    /** An object or, as OpenAI's interface returns it, its JSON text: as the row has it. */
    readonly arguments: string | Fields;
    readonly [field: string]: unknown;
  };
  readonly [field: string]: unknown;
}

/** A function that may be called, as a JSON schema. */
export type Tool = Fields;

/**
 * Calls of functions: a list, or one of them, also as JSON text. A call is `{function: {name, arguments}}`, or only
 * `{name, arguments}`.
 */
export function readCalls(value: unknown, field: string): ToolCall[] {
  const calls = fromJsonText(value, field, parseExactJson);
  if (!says(calls)) return [];
  if (!Array.isArray(calls)) return [readCall(calls, field)];
  return calls.map((call, i) => readCall(fromJsonText(call, `${field}.${i}`, parseExactJson), `${field}.${i}`));
}

function readCall(call: unknown, field: string): ToolCall {
  if (!isFields(call)) throw noCall(field, call);
  const { type = 'function', function: own, ...rest } = call;
  if (type !== 'function') {
    throw new RowError(
      `${field}.type`,
      `"${field}" calls a tool of type ${JSON.stringify(type)}: only functions are known`,
    );
  }
  if (own !== undefined) return { ...rest, type: 'function', function: readFunction(own, `${field}.function`) };
  const { id, ...bare } = rest;
  return { ...(says(id) && { id }), type: 'function', function: readFunction(bare, field) };
}

/** The call itself: `{name, arguments}`. */
export function readFunction(value: unknown, field: string): ToolCall['function'] {
  const call = fromJsonText(value, field, parseExactJson);
  if (!isFields(call) || typeof call.name !== 'string' || call.name === '') throw noCall(field, call);
  const { name, arguments: given, parameters, ...rest } = call;
  const own = given === undefined && parameters !== undefined ? 'parameters' : 'arguments';
  return { name, arguments: readArguments(given ?? parameters, `${field}.${own}`), ...rest };
}

/** A text stays one, because there are templates that write it as it is; nothing at all is no arguments. */
function readArguments(value: unknown, field: string): string | Fields {
  const read = fromJsonText(value, field, parseExactJson);
  if (read === undefined || read === null) return {};
  if (typeof value === 'string' && value.trim() === '') return '{}';
  if (isFields(read)) return isFields(value) ? value : (value as string);
  const what = typeof value === 'string' ? `the JSON text of ${kindOf(read)}` : kindOf(read);
  throw new RowError(field, `"${field}" is ${what}: arguments are an object, or its JSON text`);
}

const noCall = (field: string, value: unknown) =>
  new RowError(field, `"${field}" is ${kindOf(value)}: a call is JSON with the function's "name" and "arguments"`);

/**
 * What the assistant may call: a list of JSON schemas, also as JSON text, all of it or each.
 * @param wrapped whether these are OpenAI's old `functions`, which became the functions of tools
 */
export function readTools(value: unknown, field: string, wrapped = false): Tool[] | undefined {
  const tools = fromJsonText(value, field, parseExactJson);
  if (!says(tools)) return undefined;
  const problem = `"${field}" is no list of JSON objects: a tool is {"type": "function", "function": {"name": …}}`;
  if (!Array.isArray(tools)) throw new RowError(field, problem);
  refuseBytes(tools, field);
  return tools.map((one, i) => {
    const tool = fromJsonText(one, `${field}.${i}`, parseExactJson);
    if (!isFields(tool)) throw new RowError(`${field}.${i}`, problem);
    const own =
      tool.function === undefined ? tool : fromJsonText(tool.function, `${field}.${i}.function`, parseExactJson);
    if (!isFields(own)) throw new RowError(`${field}.${i}.function`, problem);
    const read = withParameters(own, own === tool ? `${field}.${i}` : `${field}.${i}.function`);
    if (own !== tool) return { ...tool, function: read };
    return wrapped ? { type: 'function', function: read } : read;
  });
}

/** The schema of what a function takes may be JSON text, as files have it that are tables. */
function withParameters(own: Fields, field: string): Fields {
  if (typeof own.parameters !== 'string') return own;
  const parameters = fromJsonText(own.parameters, `${field}.parameters`, parseExactJson);
  if (isFields(parameters)) return { ...own, parameters };
  if (own.parameters.trim() === '') return { ...own, parameters: {} };
  throw new RowError(
    `${field}.parameters`,
    `"${field}.parameters" is the JSON text of ${kindOf(parameters)}, and no object`,
  );
}
