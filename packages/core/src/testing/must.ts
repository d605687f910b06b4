/** @throws {Error} with the message where the condition does not hold */
export function must(condition: boolean, message: string): void {
  if (!condition) throw new Error(message);
}

export function textOf(segments: readonly { readonly text: string }[]): string {
  return segments.map((segment) => segment.text).join('');
}
