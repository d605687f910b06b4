import { type Environment, Interpreter, type Template } from '@huggingface/jinja';

/**
 * A chat template is a program that comes with the model, and Jinja's loops, macros, texts and lists can grow without end
 * (`{% for i in range(10**9) %}`). Rendering a conversation may take so many steps: evaluating a node is one, an element
 * that a loop goes over another, and texts and lists count by their lengths, so that what is done to them is paid for.
 * Real templates take some thousand, or a few a character where they look at each; all of them are about a second.
 */
const MOST_STEPS = 1_000_000;
/** More of them for every character of the conversation. */
const STEPS_A_CHARACTER = 20;
/** Characters that cost as much as one node. */
const CHARACTERS_A_STEP = 32;
/** Elements of a list that is looked at, but not gone over. */
const ELEMENTS_A_STEP = 16;
const STEPS_A_TURN = 2;
/** Characters of a text; elements of a list, those within its elements too. */
const LONGEST_TEXT = 2 ** 25;
const LARGEST_LIST = 2 ** 20;
/** Characters of a template; the longest in use have thirty thousand. */
export const LONGEST_TEMPLATE = 2 ** 17;

export class TemplateBudgetError extends Error {
  override readonly name = 'TemplateBudgetError';
}

export interface TemplateBudget {
  /** For nodes, and whatever takes as long. @throws {TemplateBudgetError} */
  spend(steps: number): void;
  /** For a loop over so many elements. @throws {TemplateBudgetError} */
  spendTurns(turns: number): void;
}

/** @param characters of the conversation that is rendered */
export function createTemplateBudget(characters: number): TemplateBudget {
  const most = MOST_STEPS + STEPS_A_CHARACTER * characters;
  let left = most;
  const spend = (steps: number) => {
    left -= steps;
    // Turned round, so that NaN does not pass.
    if (!(left >= 0)) throw new TemplateBudgetError(`it takes more than ${most} steps, or never ends`);
  };
  return { spend, spendTurns: (turns) => spend(turns * STEPS_A_TURN) };
}

type Evaluate = Interpreter['evaluate'];
type Statement = Parameters<Evaluate>[0];
type Node = { readonly type?: string };
/** A value of the package at run time. */
interface Value {
  readonly type: string;
  readonly value: unknown;
}

/** Runs a parsed template to its end, or to the budget's. @throws {TemplateBudgetError} */
export function runWithin(budget: TemplateBudget, template: Template, environment: Environment): string {
  const interpreter = new Interpreter(environment);
  const evaluate: Evaluate = interpreter.evaluate.bind(interpreter);
  interpreter.evaluate = (...[statement, scope]: Parameters<Evaluate>) => {
    budget.spend(1);
    const result = evaluate(statement, scope);
    const { value } = result as Value;
    if (typeof value === 'string') budget.spend(costOf(value.length, LONGEST_TEXT, CHARACTERS_A_STEP));
    else if (Array.isArray(value)) budget.spend(costOf(value.length, LARGEST_LIST, ELEMENTS_A_STEP));
    const { type, assignee } = (statement ?? {}) as { type?: string; assignee?: Node };
    // What is only named or taken out of something else has been made, and counted, before.
    if (isContainer(value) && type !== 'Identifier' && type !== 'MemberExpression') {
      budget.spend(elementsIn(childrenOf(value)));
    }
    if (type === 'Set' && assignee?.type === 'MemberExpression') {
      budget.spend(elementsIn([evaluate(assignee as Statement, scope) as Value]));
    }
    return result;
  };
  return (interpreter.run(template.parsed) as { value: string }).value;
}

function costOf(length: number, longest: number, aStep: number): number {
  if (length > longest) throw new TemplateBudgetError(`it makes a text or a list longer than ${longest}`);
  return length / aStep;
}

/**
 * How many values these are with all that lies within them, counted as often as they would be written: a list that holds one list twice, and that
 * one another twice, is short and has no end.
 */
function elementsIn(values: readonly Value[]): number {
  const waiting = [...values];
  for (let i = 0; i < waiting.length; i++) {
    const { type, value } = waiting[i] as Value;
    // It can change after it was counted.
    if (type === 'NamespaceValue') throw new TemplateBudgetError('it keeps a namespace within another value');
    if (isContainer(value)) for (const inner of childrenOf(value)) waiting.push(inner);
    if (waiting.length > LARGEST_LIST) throw new TemplateBudgetError(`it makes a list of more than ${LARGEST_LIST}`);
  }
  return waiting.length;
}

const isContainer = (value: unknown): boolean => Array.isArray(value) || value instanceof Map;

function childrenOf(value: unknown): Value[] {
  return value instanceof Map ? [...(value.values() as Iterable<Value>)] : [...(value as Value[])];
}
