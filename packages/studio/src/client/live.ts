import { errorIn, post } from './post.ts';
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
  /** The last answer, until it is shown: answers do not overtake each other. */
  answer: Promise<void>;
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
  answer: Promise.resolve(),
}));

/** A part takes one in so many of the seconds that pass. */
const SHARE = 40;

/** Asks for a part again, at once or when its time has come. */
function freshen(part: Part): void {
  if (part.isWaiting) return;
  part.isWaiting = true;
  // What takes long is asked for less often: the machine has something else to do.
  const pause = Math.max(part.everyMs, SHARE * part.tookMs);
  const ready = () => {
    part.answer = part.answer.then(() => ask(part)).catch(() => {});
  };
  setTimeout(ready, Math.max(0, part.askedAt + pause - performance.now()));
}

const freshenAll = (): void => parts.forEach(freshen);

async function ask(part: Part): Promise<void> {
  part.askedAt = performance.now();
  part.isWaiting = false;
  // Nobody sees it: when somebody looks again, everything is asked for.
  if (document.hidden) return;
  const response = await fetch(part.address).catch(() => undefined);
  // What is no longer there is said; what could not be told just now stays as it was.
  if (!response || (!response.ok && response.status !== 404)) return;
  const text = await response.text();
  const markup = response.ok ? text : sentence(errorIn(text)).outerHTML;
  part.tookMs = performance.now() - part.askedAt;
  if (part.shown !== markup) {
    await letGo(part.element);
    part.shown = markup;
    putIn(part.element, markup);
  }
  goOnWhileItMoves(part);
}

/** What goes on outside the studio tells nobody: such a part is asked for again and again. */
function goOnWhileItMoves(part: Part): void {
  if (part.element.querySelector('[data-moving]')) freshen(part);
}

/** A button that is another one by the time it is let go was not clicked. */
async function letGo(element: HTMLElement): Promise<void> {
  while (element.matches(':active')) await new Promise((resolve) => setTimeout(resolve, 50));
}

const connection = document.querySelector<HTMLElement>('#connection');
const sayLost = (isLost: boolean): void => {
  if (connection) connection.hidden = !isLost;
};

let changes: EventSource | undefined;

/**
 * Hears of changes while somebody looks. A browser has six connections to a host, and each page that listens keeps one: pages
 * behind others would leave none to the page in front.
 */
function listenWhileSeen(): void {
  if (document.hidden) {
    changes?.close();
    changes = undefined;
  } else {
    changes ??= listen();
  }
}

function listen(): EventSource {
  const source = new EventSource('/changes');
  source.addEventListener('open', () => {
    sayLost(false);
    // Whatever happened before it was listened to.
    freshenAll();
  });
  source.addEventListener('error', () => sayLost(true));
  source.addEventListener('change', ({ data }: MessageEvent<string>) => {
    const ids = JSON.parse(data) as string[];
    for (const part of parts) if (part.on === '*' || ids.includes(part.on)) freshen(part);
  });
  return source;
}

if (parts.length > 0) {
  listenWhileSeen();
  document.addEventListener('visibilitychange', listenWhileSeen);
}

/** Buttons that ask for something: wherever they are, also in what comes later. */
document.addEventListener('click', async ({ target }) => {
  const button = target instanceof Element ? target.closest<HTMLButtonElement>('button[data-post]') : null;
  if (!button) return;
  button.disabled = true;
  try {
    const { go } = await post(button.dataset.post ?? '', JSON.parse(button.dataset.body ?? '{}'));
    if (typeof go === 'string') location.assign(go);
    else freshenAll();
  } catch (error) {
    complain(button, (error as Error).message);
  } finally {
    button.disabled = false;
  }
});

function complain(beside: HTMLElement, message: string): void {
  const note = sentence(message);
  (beside.closest('.buttons') ?? beside).after(note);
  setTimeout(() => note.remove(), 12_000);
}

function sentence(text: string): HTMLElement {
  const note = document.createElement('p');
  note.className = 'status';
  note.setAttribute('role', 'alert');
  note.textContent = text;
  return note;
}
