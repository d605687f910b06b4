/**
 * The final number of a worked solution: what follows the first `####`, as in GSM8K (Cobbe et al. 2021), thousands
 * separators taken out. The reference (`extract_answer` of grade-school-math) compares the strings; here they are numbers,
 * so that "72.0", "72." and "$72" equal "72". Undefined where there is none.
 */
export function finalAnswer(solution: string): number | undefined {
  const written = solution.match(/####[^\S\n]*([-−]?)[^\S\n]*\p{Sc}?[^\S\n]*([-−]?)(\d[\d,]*(?:\.\d+)?|\.\d+)/u);
  if (!written) return undefined;
  const [, before, after, digits] = written;
  const value = Number(digits?.replaceAll(',', ''));
  return before || after ? 0 - value : value;
}

/** Whether two worked solutions end in the same number. A solution without one is wrong. */
export function sameFinalAnswer(reference: string, solution: string): boolean {
  const right = finalAnswer(reference);
  return right !== undefined && finalAnswer(solution) === right;
}
