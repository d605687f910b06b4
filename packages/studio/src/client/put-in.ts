/** Puts new markup into an element, and keeps what the reader has done there: what is unfolded, ticked, scrolled and focused. */
export function putIn(element: HTMLElement, markup: string): void {
  const focused = document.activeElement;
  const focus = focused && element.contains(focused) ? nameOf(focused) : undefined;
  const folds = new Map(all(element, 'details').map((fold, i) => [foldName(fold, i), fold.open]));
  const ticked = new Set(boxes(element).flatMap((box) => (box.checked ? [box.value] : [])));
  const scrolled = new Map(all(element, '.scroll').map((one, i) => [i, one.scrollLeft]));
  element.innerHTML = markup;
  for (const [i, fold] of all(element, 'details').entries()) fold.open = folds.get(foldName(fold, i)) ?? fold.open;
  for (const box of boxes(element)) box.checked = ticked.has(box.value);
  for (const [i, one] of all(element, '.scroll').entries()) one.scrollLeft = scrolled.get(i) ?? 0;
  if (focus === undefined) return;
  all(element, 'button, a, input, select, summary')
    .find((one) => nameOf(one) === focus)
    ?.focus();
}

function all(element: HTMLElement, selector: 'details'): HTMLDetailsElement[];
function all(element: HTMLElement, selector: string): HTMLElement[];
function all(element: HTMLElement, selector: string): HTMLElement[] {
  return [...element.querySelectorAll<HTMLElement>(selector)];
}

const boxes = (element: HTMLElement): HTMLInputElement[] => [
  ...element.querySelectorAll<HTMLInputElement>('input[type=checkbox]'),
];

/** The same in the old markup and in the new. */
const foldName = (fold: HTMLDetailsElement, i: number): string =>
  `${i} ${fold.querySelector('summary')?.textContent ?? ''}`;
const nameOf = (element: Element): string =>
  ['data-body', 'href', 'value'].map((name) => element.getAttribute(name) ?? '').join(' ') +
  element.tagName +
  element.textContent;
