import { errorIn, post } from './post.ts';

/** The form of a new run: whatever is changed is shown below at once, by the server, which knows rows and recipes. */

const form = document.querySelector<HTMLFormElement>('#new-run') as HTMLFormElement;
const byId = <Kind extends HTMLElement>(id: string) => document.getElementById(id) as Kind;
const slider = byId<HTMLInputElement>('slider');
const weight = byId<HTMLInputElement>('training.promptLossWeight');

/** Small weights are what matters: halfway up the slider is 0.1. The exponent is log10 of 2. */
const EXPONENT = Math.log10(2);
const weightAt = (place: number): number => Number(((place / 100) ** (1 / EXPONENT)).toPrecision(2));
const placeOf = (value: number): number => Math.round(100 * Math.min(1, value) ** EXPONENT);

/** What stands in the form; switches say no as well. */
function values(): Record<string, string> {
  const entries = [...form.elements].flatMap((element): [string, string][] => {
    if (!(element instanceof HTMLInputElement || element instanceof HTMLSelectElement)) return [];
    if (element.name === '') return [];
    return [
      [element.name, element.type === 'checkbox' ? String((element as HTMLInputElement).checked) : element.value],
    ];
  });
  return Object.fromEntries(entries);
}

const shown = new Map<string, string>();
let asking: AbortController | undefined;

/** Asks what the form comes to, and shows it. */
async function refresh(): Promise<void> {
  asking?.abort();
  const mine = new AbortController();
  asking = mine;
  form.setAttribute('aria-busy', 'true');
  try {
    const answer = await post('/new/parts', values(), mine.signal);
    if (asking === mine) show(answer as unknown as DraftAnswer);
  } catch (error) {
    if (!mine.signal.aborted) showProblem((error as Error).message);
  } finally {
    if (asking === mine) form.removeAttribute('aria-busy');
  }
}

interface DraftAnswer {
  readonly parts: Readonly<Record<string, string>>;
  readonly ready: boolean;
  readonly weight: number | null;
}

function show({ parts, ready, weight: recipes }: DraftAnswer): void {
  for (const [id, markup] of Object.entries(parts)) {
    // What has not changed stays, with the reader's cursor in it.
    if (shown.get(id) === markup) continue;
    shown.set(id, markup);
    byId(id).innerHTML = markup;
  }
  canStart(ready);
  if (weight.value !== '' || recipes === null) return;
  slider.value = String(placeOf(recipes));
  weight.placeholder = String(recipes);
}

/** What is on its way is not started again. */
let isStarting = false;

function canStart(ready: boolean): void {
  for (const button of form.querySelectorAll<HTMLButtonElement>('button[name=start]')) {
    button.disabled = !ready || isStarting;
  }
}

function showProblem(message: string): void {
  const note = document.createElement('p');
  note.className = 'status';
  note.setAttribute('role', 'alert');
  note.textContent = message;
  byId('problem').replaceChildren(note);
  shown.delete('problem');
}

let timer: ReturnType<typeof setTimeout> | undefined;
const soon = (ms: number) => {
  clearTimeout(timer);
  timer = setTimeout(() => void refresh(), ms);
};

slider.addEventListener('input', () => {
  weight.value = String(weightAt(Number(slider.value)));
});
weight.addEventListener('input', () => {
  if (weight.value !== '') slider.value = String(placeOf(Number(weight.value)));
});
byId<HTMLSelectElement>('model-here').addEventListener('change', ({ currentTarget }) => {
  byId<HTMLInputElement>('model').value = (currentTarget as HTMLSelectElement).value;
});
byId<HTMLSelectElement>('recipe').addEventListener('change', () => {
  // Another recipe has a weight of its own.
  weight.value = '';
});
form.addEventListener('input', ({ target }) => {
  const typed = target instanceof HTMLInputElement && ['text', 'number'].includes(target.type);
  if (target !== byId('file')) soon(typed ? 350 : 40);
});

// A run is started by its button: who ends a field with Enter wants to see what comes of it, and of a sweep's field no training.
form.addEventListener('keydown', (event) => {
  const { key, target } = event;
  if (key !== 'Enter' || !(target instanceof HTMLInputElement) || target === byId('file')) return;
  event.preventDefault();
  soon(0);
});

// What does not fit is shown, also in a fold.
form.addEventListener(
  'invalid',
  ({ target }) => {
    const fold = target instanceof Element ? target.closest('details') : null;
    if (fold) fold.open = true;
  },
  { capture: true },
);

form.addEventListener('submit', async (event) => {
  event.preventDefault();
  const start = (event.submitter as HTMLButtonElement | null)?.value ?? 'train';
  isStarting = true;
  canStart(false);
  try {
    const { go } = await post('/start', { ...values(), start });
    location.assign(String(go));
  } catch (error) {
    showProblem((error as Error).message);
    isStarting = false;
    canStart(true);
  }
});

const drop = byId('drop');
const file = byId<HTMLInputElement>('file');
// Anywhere on the page: beside the field a browser would open the file, and the form would be gone.
for (const kind of ['dragenter', 'dragover'] as const) {
  document.addEventListener(kind, (event) => {
    event.preventDefault();
    drop.classList.add('over');
  });
}
for (const kind of ['dragend', 'drop'] as const) document.addEventListener(kind, () => drop.classList.remove('over'));
document.addEventListener('dragleave', ({ relatedTarget }) => {
  if (relatedTarget === null) drop.classList.remove('over');
});
document.addEventListener('drop', (event) => {
  event.preventDefault();
  const dropped = event.dataTransfer?.files[0];
  if (dropped) void upload(dropped);
});
file.addEventListener('change', () => {
  const chosen = file.files?.[0];
  if (chosen) void upload(chosen);
});

async function upload(chosen: File): Promise<void> {
  const status = byId('upload');
  status.textContent = `${chosen.name} is on its way …`;
  try {
    const response = await fetch(`/upload?name=${encodeURIComponent(chosen.name)}`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/octet-stream' },
      body: chosen,
    });
    const text = await response.text();
    if (!response.ok) throw new Error(errorIn(text));
    const { path, name } = JSON.parse(text) as { path: string; name: string };
    for (const id of ['data', 'evalData']) byId<HTMLSelectElement>(id).append(new Option(name, path));
    byId<HTMLSelectElement>('data').value = path;
    status.textContent = `${name} is there.`;
    await refresh();
  } catch (error) {
    status.textContent = (error as Error).message;
  } finally {
    file.value = '';
  }
}

void refresh();
