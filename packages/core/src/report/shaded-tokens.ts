import { formatCount, formatCounted, formatShort } from './format.ts';
import { type Html, html } from './html.ts';
import { type PreviewExample, type TokenRun, tokenRuns } from './token-runs.ts';

const ROLES = ['system', 'user', 'tool', 'assistant', 'template', 'bos'];

/** Tokens of a row that are shown: of a longer one its beginning and its end, where the answer stands. */
const SHOWN_TOKENS = 400;

/** Rows with every token shaded by its weight. @param shown tokens of a row at most, from its beginning and its end */
export const shadedExamples = (examples: readonly PreviewExample[], shown = SHOWN_TOKENS): Html =>
  html`<div class="legend-line">${roleLegend(examples)}</div>${examples.map(
    (
      example,
      i,
    ) => html`<article class="example"><h3>Row ${formatCount(i + 1)} <small>${formatCounted(example.ids.length, 'token')}, total weight ${formatShort(example.weights.reduce((sum, weight) => sum + weight, 0))}</small></h3>
<p class="tokens">${shadedTokens(example, shown)}</p></article>`,
  )}`;

/** Each role that is there, with its colour. */
const roleLegend = (examples: readonly PreviewExample[]): Html[] =>
  ROLES.filter((role) => examples.some(({ roles }) => roles.includes(role))).map(
    (role) => html`<span class="run ${role}"><b>${role}</b></span> `,
  );

function shadedTokens(example: PreviewExample, shown: number): Html | Html[] {
  const { length } = example.ids;
  if (length <= shown) return tokenRuns(example).map(runSpan);
  const half = Math.floor(shown / 2);
  const part = (from: number, to: number): PreviewExample => ({
    ids: example.ids.slice(from, to),
    weights: example.weights.slice(from, to),
    roles: example.roles.slice(from, to),
    pieces: example.pieces.slice(from, to),
    text: '',
  });
  return html`${tokenRuns(part(0, half)).map(runSpan)} <span class="nothing">… ${formatCounted(length - 2 * half, 'token')} more …</span> ${tokenRuns(part(length - half, length)).map(runSpan)}`;
}

/** Neighbouring tokens of one role and weight; the strength of the ground is the weight's root, so that 0.1 is seen beside 1. */
function runSpan({ role, weight, tokens }: TokenRun): Html {
  const ground = weight <= 0 ? 0 : Math.round(10 + 50 * Math.sqrt(Math.min(1, weight)));
  const roleClass = ROLES.includes(role) ? role : 'template';
  const spans = tokens.map(({ id, text }) => {
    const tip = `${role}, weight ${formatShort(weight)}, id ${id}`;
    return html`<bdi class="token" title="${tip}">${text}</bdi>${text.endsWith('↵') ? html`<br>` : []}`;
  });
  const label = html`<b>${role}&nbsp;${formatShort(weight)}</b>`;
  return html`<span class="run ${roleClass}${weight <= 0 ? ' unlearnt' : ''}" style="--ground:${ground}%">${label}${spans}</span>`;
}
