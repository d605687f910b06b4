import { post } from './post.ts';

/** Keeps parts of a page as they are now: those that say what they hang on are asked for again when it has changed. */

interface Part {
  readonly element: HTMLElement;
  readonly address: string;
  readonly on: string;
  readonly everyMs: number;
  /** When it was asked for last, and whether it is to be asked for again. */
  askedAt: number;
  isWaiting: boolean;
}

const parts: Part[] = [...document.querySelectorAll<HTMLElement>('[data-live]')].map((element) => ({
  element,
  address: element.dataset.live ?? '',
  on: element.dataset.on ?? '*',
  everyMs: Number(element.dataset.every ?? 1000),
  askedAt: 0,
  isWaiting: false,
}));

/** Asks for a part again, at once or when its time has come. */
function freshen(part: Part): void {
  if (part.isWaiting) return;
  part.isWaiting = true;
  setTimeout(() => void ask(part), Math.max(0, part.askedAt + part.everyMs - performance.now()));
}

async function ask(part: Part): Promise<void> {
  part.askedAt = performance.now();
  part.isWaiting = false;
  // Nobody sees it: when somebody looks again, everything is asked for.
  if (document.hidden) return;
  const response = await fetch(part.address).catch(() => undefined);
  if (!response?.ok) return;
  replace(part.element, await response.text());
}

/** Puts in what is new, and keeps what the reader has done: what is unfolded, chosen, scrolled and focused. */
function replace(element: HTMLElement, markup: string): void {
  if (element.dataset.markup === markup) return;
  const focused = document.activeElement;
  const keyOfFocus = focused && element.contains(focused) ? keyOf(focused) : undefined;
  const folds = new Map([...element.querySelectorAll('details')].map((one, i) => [foldKey(one, i), one.open]));
  const checked = [...element.querySelectorAll<HTMLInputElement>('input[type=checkbox]:checked')].map(
    (one) => one.value,
  );
  element.innerHTML = markup;
  element.dataset.markup = markup;
  for (const [i, one] of [...element.querySelectorAll('details')].entries())
    one.open = folds.get(foldKey(one, i)) ?? one.open;
  for (const one of element.querySelectorAll<HTMLInputElement>('input[type=checkbox]'))
    one.checked = checked.includes(one.value);
  if (keyOfFocus !== undefined) {
    for (const one of element.querySelectorAll<HTMLElement>('button, a, input, select, summary')) {
      if (keyOf(one) === keyOfFocus) return one.focus();
    }
  }
}

const foldKey = (details: HTMLDetailsElement, i: number): string =>
  `${i} ${details.querySelector('summary')?.textContent ?? ''}`;
const keyOf = (element: Element): string =>
  `${element.tagName} ${element.textContent} ${element.getAttribute('data-body') ?? element.getAttribute('href') ?? (element as HTMLInputElement).value}`;

if (parts.length > 0) {
  const connection = document.querySelector<HTMLElement>('#connection');
  const changes = new EventSource('/changes');
  let wasLost = false;
  changes.addEventListener('open', () => {
    if (connection) connection.hidden = true;
    // Whatever happened meanwhile.
    if (wasLost) for (const part of parts) freshen(part);
    wasLost = false;
  });
  changes.addEventListener('error', () => {
    if (connection) connection.hidden = false;
    wasLost = true;
  });
  changes.addEventListener('change', ({ data }: MessageEvent<string>) => {
    const ids = JSON.parse(data) as string[];
    for (const part of parts) if (part.on === '*' || ids.includes(part.on)) freshen(part);
  });
  document.addEventListener('visibilitychange', () => {
    if (!document.hidden) for (const part of parts) freshen(part);
  });
}

/** Buttons that ask for something: wherever they are, also in what comes later. */
document.addEventListener('click', async ({ target }) => {
  const button = target instanceof Element ? target.closest<HTMLButtonElement>('button[data-post]') : null;
  if (!button) return;
  button.disabled = true;
  try {
    await post(button.dataset.post ?? '', JSON.parse(button.dataset.body ?? '{}'));
    for (const part of parts) freshen(part);
  } catch (error) {
    complain(button, (error as Error).message);
  } finally {
    button.disabled = false;
  }
});

function complain(beside: HTMLElement, message: string): void {
  const note = document.createElement('p');
  note.className = 'status';
  note.setAttribute('role', 'alert');
  note.textContent = message;
  (beside.closest('.buttons') ?? beside).after(note);
  setTimeout(() => note.remove(), 12_000);
}
