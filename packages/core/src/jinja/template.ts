import { blocksIn } from './blocks.ts';
import { LONGEST_TEMPLATE, TemplateBudgetError, withinBudget } from './budget.ts';
import { compileBody } from './compile-statements.ts';
import { JinjaError, syntaxError } from './errors.ts';
import { fromJavaScript } from './from-javascript.ts';
import { globalsAt } from './globals.ts';
import { parseTemplate } from './parse-template.ts';
import { type Execute, innerScope, type Output, type Rendering, type Scope } from './scope.ts';
import { callable, type Thing, type Value } from './values.ts';

export interface RenderOptions {
  /** What `strftime_now` tells, in the machine's time zone. */
  readonly date: Date;
  /** How long the conversation is, in characters: longer ones may take longer. */
  readonly characters?: number;
}

export interface Template {
  /**
   * @param values what the template is given, as JSON has it, numbers that JavaScript would change kept as they were written
   * @throws {JinjaError} with Python's words, and the line, where the template fails or refuses
   * @throws {TemplateBudgetError} where it would not end
   */
  render(values: Readonly<Record<string, unknown>>, options: RenderOptions): string;
}

/**
 * Compiles a chat template as transformers does (Jinja 3.1, `trim_blocks`, `lstrip_blocks`, loop controls, `{% generation %}`).
 * @throws {JinjaError} where it is no Jinja
 */
export function compileTemplate(source: string): Template {
  if (source.length > LONGEST_TEMPLATE)
    throw new JinjaError('TemplateSyntaxError', `it has more than ${LONGEST_TEMPLATE} characters`);
  const compiled = located(
    () => 1,
    () => withinBudget(source.length, () => compile(source)),
  );
  return { render: (values, options) => render(compiled, values, options) };
}

interface Compiled {
  readonly body: Execute;
  readonly blocks: ReadonlyMap<string, Execute>;
}

function compile(source: string): Compiled {
  const statements = parseTemplate(source);
  const blocks = new Map<string, Execute>();
  for (const { name, body, line } of blocksIn(statements)) {
    if (blocks.has(name)) throw syntaxError(`block '${name}' defined twice`, line);
    blocks.set(name, compileBody(body));
  }
  return { body: compileBody(statements), blocks };
}

/** `self`: the template's blocks, to be written once more. */
function selfOf(blocks: Compiled['blocks'], top: Scope): Thing {
  const write = (block: Execute) => () => {
    const output: Output = { text: '' };
    block(innerScope(top), output);
    return output.text;
  };
  return {
    kind: 'thing',
    type: 'TemplateReference',
    repr: () => '<TemplateReference None>',
    attribute: (name) => {
      const block = blocks.get(name);
      return block && callable(name, write(block));
    },
  };
}

function render(
  { body, blocks }: Compiled,
  values: Readonly<Record<string, unknown>>,
  { date, characters = 0 }: RenderOptions,
): string {
  const rendering: Rendering = { line: 1, root: { text: '' } };
  const names = globalsAt(date);
  for (const [name, value] of Object.entries(values)) names.set(name, fromJavaScript(value));
  const given = { names, outer: undefined, rendering };
  const top = { names: new Map<string, Value>(), outer: given, rendering };
  names.set('self', selfOf(blocks, top));
  located(
    () => rendering.line,
    () => withinBudget(characters, () => body(top, rendering.root)),
  );
  return rendering.root.text;
}

/** Errors say the line. */
function located<Result>(line: () => number, work: () => Result): Result {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof JinjaError || error instanceof TemplateBudgetError)) throw error;
    const at = (error instanceof JinjaError ? error.line : undefined) ?? line();
    error.message += error.message.endsWith(')') ? `, line ${at}` : ` (line ${at})`;
    throw error;
  }
}
