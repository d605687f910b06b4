/** Programs were to be run, and there is nothing to run them in safely (or no interpreter for them). */
export class SandboxUnavailableError extends Error {
  override readonly name = 'SandboxUnavailableError';
  /** One sentence in the imperative. */
  readonly fix: string;

  constructor(problem: string, fix: string) {
    super(`${problem}\n  fix:   ${fix}`);
    this.fix = fix;
  }
}
