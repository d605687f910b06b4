import { post } from './post.ts';
import { putIn } from './put-in.ts';

/** Keeps parts of a page as they are now: those that say what they hang on are asked for again when it has changed. */

interface Part {
  readonly element: HTMLElement;
  readonly address: string;
  readonly on: string;
  readonly everyMs: number;
  /** What came last. */
  shown: string;
  /** When it was asked for last, and whether it is to be asked for again. */
  askedAt: number;
  tookMs: number;
  isWaiting: boolean;
}

const parts: Part[] = [...document.querySelectorAll<HTMLElement>('[data-live]')].map((element) => ({
  element,
  address: element.dataset.live ?? '',
  on: element.dataset.on ?? '*',
  everyMs: Number(element.dataset.every ?? 1000),
  shown: '',
  askedAt: 0,
  tookMs: 0,
  isWaiting: false,
}));

/** A part takes one in so many of the seconds that pass. */
const SHARE = 40;

/** Asks for a part again, at once or when its time has come. */
function freshen(part: Part): void {
  if (part.isWaiting) return;
  part.isWaiting = true;
  // What takes long is asked for less often: the machine has something else to do.
  const pause = Math.max(part.everyMs, SHARE * part.tookMs);
  setTimeout(() => void ask(part), Math.max(0, part.askedAt + pause - performance.now()));
}

async function ask(part: Part): Promise<void> {
  part.askedAt = performance.now();
  part.isWaiting = false;
  // Nobody sees it: when somebody looks again, everything is asked for.
  if (document.hidden) return;
  const response = await fetch(part.address).catch(() => undefined);
  if (!response?.ok) return;
  const markup = await response.text();
  part.tookMs = performance.now() - part.askedAt;
  if (part.shown === markup) return;
  part.shown = markup;
  putIn(part.element, markup);
}

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
