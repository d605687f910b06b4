import { errorIn } from './post.ts';

/** Puts a question to two models, and writes down what they say while they say it. */

const form = document.querySelector<HTMLFormElement>('#ask');
const answers = document.getElementById('answers') as HTMLElement;
let asking: AbortController | undefined;

form?.addEventListener('change', ({ target }) => {
  if (!(target instanceof HTMLSelectElement) || target.dataset.reload === undefined) return;
  const { left, right } = Object.fromEntries(new FormData(form)) as Record<string, string>;
  location.assign(`/ask?${new URLSearchParams({ left: left ?? '', right: right ?? '' })}`);
});

form?.addEventListener('submit', async (event) => {
  event.preventDefault();
  asking?.abort();
  asking = new AbortController();
  const { signal } = asking;
  const values = Object.fromEntries(new FormData(form)) as Record<string, string>;
  const whom = ['left', 'right'].flatMap((side) => {
    const select = form.elements.namedItem(side) as HTMLSelectElement;
    return select.value === '' ? [] : [{ value: select.value, name: select.selectedOptions[0]?.text ?? '' }];
  });
  answers.replaceChildren();
  await Promise.all(
    whom.map(({ value, name }) => {
      const beside = whom.find((other) => other.value !== value)?.value ?? '';
      return ask({ whom: value, beside, ...questionIn(values) }, addAnswer(name), signal);
    }),
  );
});

function questionIn(values: Readonly<Record<string, string>>) {
  const row = Object.entries(values).flatMap(([name, text]) =>
    name.startsWith('row.') ? [[name.slice(4), text]] : [],
  );
  const how = Object.entries(values).flatMap(([name, text]) =>
    name.startsWith('how.') && text !== '' ? [[name.slice(4), Number(text)]] : [],
  );
  return { row: Object.fromEntries(row), ...Object.fromEntries(how) };
}

interface AnswerBox {
  readonly text: HTMLElement;
  readonly note: HTMLElement;
}

/** Texts go in as texts, never as markup. */
function addAnswer(name: string): AnswerBox {
  const [box, title, text, note] = (['article', 'h3', 'p', 'p'] as const).map((tag) => document.createElement(tag));
  (title as HTMLElement).textContent = name;
  (text as HTMLElement).className = 'said';
  (note as HTMLElement).className = 'label';
  (note as HTMLElement).textContent = 'thinking …';
  (box as HTMLElement).append(title as HTMLElement, text as HTMLElement, note as HTMLElement);
  answers.append(box as HTMLElement);
  return { text: text as HTMLElement, note: note as HTMLElement };
}

async function ask(question: object, { text, note }: AnswerBox, signal: AbortSignal): Promise<void> {
  let isOver = false;
  try {
    const response = await fetch('/answer', {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify(question),
      signal,
    });
    if (!response.ok || !response.body) throw new Error(errorIn(await response.text()));
    let rest = '';
    for await (const chunk of response.body.pipeThrough(new TextDecoderStream()) as unknown as AsyncIterable<string>) {
      const lines = (rest + chunk).split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) take(JSON.parse(line));
    }
    if (!isOver) note.textContent = 'The answer broke off.';
  } catch (error) {
    if (!signal.aborted) note.textContent = (error as Error).message;
  }

  function take(piece: { text?: string; error?: string; seconds?: number }): void {
    isOver ||= piece.text === undefined;
    if (piece.text !== undefined) text.textContent = (text.textContent ?? '') + piece.text;
    if (piece.error !== undefined) note.textContent = piece.error;
    if (piece.seconds !== undefined) note.textContent = `${piece.seconds.toFixed(1)} s, with reading the model`;
  }
}
