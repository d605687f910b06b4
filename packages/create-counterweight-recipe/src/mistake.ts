/** A mistake that the person at the keyboard can mend: the program prints it and exits with 2. */
export class Mistake extends Error {
  override readonly name = 'Mistake';
  constructor(problem: string, fix: string) {
    super(`${problem}\n  fix: ${fix}`);
  }
}
