/**
 * A chat template is a program that comes with the model, and Jinja's loops, macros, texts and lists can grow without end
 * (`{% for i in range(10**5) %}`, nested). Rendering a conversation may take so many steps: a statement or an operation is one, an
 * element that is gone over two, and texts and lists count by their lengths, so that what is done to them is paid for. Real
 * templates take some thousand, or a few a character where they look at each; all of them are about a second.
 */
const MOST_STEPS = 1_000_000;
/** More of them for every character of the conversation. */
const STEPS_A_CHARACTER = 20;
/** Characters that cost as much as one operation. */
const CHARACTERS_A_STEP = 32;
/** Elements of a list that is copied, but not looked at. */
const ELEMENTS_A_STEP = 16;
const STEPS_A_TURN = 2;
const LONGEST_TEXT = 2 ** 25;
const LARGEST_LIST = 2 ** 20;
/** Characters of a template; the longest in use have thirty thousand. */
export const LONGEST_TEMPLATE = 2 ** 17;

export class TemplateBudgetError extends Error {
  override readonly name = 'TemplateBudgetError';
}

/** Rendering is never interrupted, so there is one budget at a time. */
let most = 0;
let left = 0;

/**
 * Renders within a budget of its own.
 * @param characters of the conversation that is rendered
 * @throws {TemplateBudgetError} where it would take longer, or call itself too deeply
 */
export function withinBudget<Result>(characters: number, render: () => Result): Result {
  const before = [most, left] as const;
  most = MOST_STEPS + STEPS_A_CHARACTER * characters;
  left = most;
  try {
    return render();
  } catch (error) {
    if (error instanceof RangeError)
      throw new TemplateBudgetError(`it nests or calls itself too deeply: ${error.message}`);
    throw error;
  } finally {
    [most, left] = before;
  }
}

/** @throws {TemplateBudgetError} */
export function spend(steps: number): void {
  left -= steps;
  // Turned round, so that NaN does not pass.
  if (!(left >= 0)) throw new TemplateBudgetError(`it takes more than ${most} steps, or never ends`);
}

/** For a look at so many elements. @throws {TemplateBudgetError} */
export const spendTurns = (turns: number): void => spend(turns * STEPS_A_TURN);

/** For a text of so many characters. @throws {TemplateBudgetError} */
export function spendText(length: number): void {
  if (length > LONGEST_TEXT) throw new TemplateBudgetError(`it makes a text longer than ${LONGEST_TEXT}`);
  spend(1 + length / CHARACTERS_A_STEP);
}

/** For a list of so many elements. @throws {TemplateBudgetError} */
export function spendList(length: number): void {
  if (length > LARGEST_LIST) throw new TemplateBudgetError(`it makes a list longer than ${LARGEST_LIST}`);
  spend(1 + length / ELEMENTS_A_STEP);
}
