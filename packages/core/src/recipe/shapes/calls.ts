import { parseExactJson } from '../exact-json.ts';
import { RowError } from '../recipe.ts';
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
  const values = given ?? parameters ?? {};
  if (typeof values !== 'string' && !isFields(values)) {
    const problem = `"${field}.arguments" is ${kindOf(values)}: arguments are an object, or its JSON text`;
    throw new RowError(`${field}.arguments`, problem);
  }
  return { name, arguments: values, ...rest };
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
  return tools.map((one, i) => {
    const tool = fromJsonText(one, `${field}.${i}`, parseExactJson);
    if (!isFields(tool)) throw new RowError(`${field}.${i}`, problem);
    return wrapped && !('function' in tool) ? { type: 'function', function: tool } : tool;
  });
}
