/** Text to write before and after a stretch of another; without `to`, only at its beginning. */
export type Edit =
  | { readonly from: number; readonly open: string }
  | { readonly from: number; readonly open: string; readonly to: number; readonly close: string };

/** A text with things written around stretches of it, which lie within each other or apart. */
export function withEdits(text: string, edits: readonly Edit[]): string {
  const length = (edit: Edit) => ('to' in edit ? edit.to - edit.from : Number.POSITIVE_INFINITY);
  const inserts = edits.flatMap((edit) => [
    // At one place what ends comes before what begins; the longer begins earlier and ends later.
    { at: edit.from, text: edit.open, begins: 1, order: -length(edit) },
    ...('to' in edit ? [{ at: edit.to, text: edit.close, begins: 0, order: length(edit) }] : []),
  ]);
  inserts.sort((a, b) => a.at - b.at || a.begins - b.begins || (a.order < b.order ? -1 : a.order > b.order ? 1 : 0));
  let result = '';
  let done = 0;
  for (const { at, text: inserted } of inserts) {
    result += text.slice(done, at) + inserted;
    done = at;
  }
  return result + text.slice(done);
}
