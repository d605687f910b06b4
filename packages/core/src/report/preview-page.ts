import { formatCount, formatCounted, formatShort } from './format.ts';
import { contentPolicy, type Html, html } from './html.ts';
import type { ReceiptLine } from './receipt-lines.ts';
import { type PreviewExample, type TokenRun, tokenRuns } from './token-runs.ts';

export interface PreviewPage {
  readonly title: string;
  readonly receipt: readonly ReceiptLine[];
  /** The prompt's share of the total weight, 0 to 1. */
  readonly promptShare: number;
  readonly examples: readonly PreviewExample[];
}

/** The preview as one file that needs nothing else: no script, no font, no address. */
export function previewPage({ title, receipt, promptShare, examples }: PreviewPage): string {
  return html`<!doctype html>
<html lang="en">
<meta charset="utf-8">
${contentPolicy}
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title>
<style>${{ markup: styles }}</style>
<main>
<h1>${title}</h1>
<dl>
${receipt.map(receiptEntry)}
</dl>
${shareBar(promptShare)}
${legend}
${examples.map((example, i) => exampleSection(example, i + 1))}
</main>
</html>
`.markup;
}

const receiptEntry = ({ label, value, notes }: ReceiptLine): Html =>
  html`<div><dt>${label}</dt><dd>${value}${notes.map((note) => html`<small>${note}</small>`)}</dd></div>
`;

function shareBar(share: number): Html {
  const prompt = (share * 100).toFixed(1);
  const rest = (100 - share * 100).toFixed(1);
  return html`<figure role="img" aria-label="Of the total weight, ${prompt} % lie on the prompt and ${rest} % on the rest.">
<div class="share"><i class="user" style="width:${prompt}%"></i><i class="assistant" style="width:${rest}%"></i></div>
<figcaption><span>prompt ${prompt} %</span><span>${rest} % completion and template</span></figcaption>
</figure>`;
}

const roles = ['system', 'user', 'tool', 'assistant', 'template', 'bos'];

const legend = html`<p class="legend">${roles.map((role) => html`<span class="run ${role}"><b>${role}</b></span> `)}
<span>The stronger the background, the greater the weight; without one the token is not learnt. Point at a token for its id.</span></p>`;

function exampleSection(example: PreviewExample, number: number): Html {
  const total = example.weights.reduce((sum, weight) => sum + weight, 0);
  return html`<section>
<h2>Row ${formatCount(number)} <small>${formatCounted(example.ids.length, 'token')}, total weight ${formatShort(total)}</small></h2>
<p class="tokens">${tokenRuns(example).map(runSpan)}</p>
</section>
`;
}

function runSpan({ role, weight, tokens }: TokenRun): Html {
  const ground = weight <= 0 ? 0 : Math.round(10 + 50 * Math.sqrt(Math.min(1, weight)));
  const roleClass = roles.includes(role) ? role : 'template';
  const spans = tokens.map(({ id, text }) => {
    const tip = `${role}, weight ${formatShort(weight)}, id ${id}`;
    return html`<span class="token" title="${tip}">${text}</span>${text.endsWith('↵') ? html`<br>` : []}`;
  });
  const strength = weight <= 0 ? ' unlearnt' : '';
  const label = html`<b>${role} ${formatShort(weight)}</b>`;
  return html`<span class="run ${roleClass}${strength}" style="--ground:${ground}%">${label}${spans}</span>`;
}

const styles = `
:root { color-scheme: light dark; --page: #fbfaf7; --ink: #1d1f22; --quiet: #6b6f76; --line: #dddad2;
  --system: #a0409b; --user: #1878a8; --tool: #a06a00; --assistant: #1f8a4c; --template: #7b7f86; --bos: #7b7f86 }
@media (prefers-color-scheme: dark) { :root { --page: #16181b; --ink: #e7e5df; --quiet: #9a9da3; --line: #34373c;
  --system: #d58ad0; --user: #63b7e6; --tool: #e0ab4a; --assistant: #5fcf8d } }
* { box-sizing: border-box }
body { margin: 0; background: var(--page); color: var(--ink); font: 15px/1.5 system-ui, sans-serif }
main { max-width: 64rem; margin: 0 auto; padding: 2.5rem 1.5rem 5rem }
h1 { font-size: 1.5rem; font-weight: 650; margin: 0 0 1.5rem }
h2 { font-size: 1rem; margin: 0 0 .6rem }
small { color: var(--quiet); font-weight: 400 }
dl { display: grid; grid-template-columns: repeat(auto-fit, minmax(19rem, 1fr)); gap: 0 2rem; margin: 0 }
dl > div { border-top: 1px solid var(--line); padding: .6rem 0 .9rem }
dt { color: var(--quiet); font-size: .85rem }
dd { margin: 0; font-size: 1.05rem; font-variant-numeric: tabular-nums }
dd small { display: block; font-size: .85rem; line-height: 1.4 }
figure { margin: 1rem 0 2rem }
.share { display: flex; height: .8rem; border-radius: .4rem; overflow: hidden }
.share .user { background: var(--user) } .share .assistant { background: var(--assistant) }
figcaption { display: flex; justify-content: space-between; color: var(--quiet); font-size: .85rem; padding-top: .3rem }
section { border-top: 1px solid var(--line); padding: 1.2rem 0 1.6rem }
.legend { color: var(--quiet); font-size: .85rem; margin: 0 0 1.5rem }
.tokens { margin: 0; font: 14px/2.1 ui-monospace, 'SF Mono', Menlo, Consolas, monospace; white-space: pre-wrap; overflow-wrap: anywhere }
.system { --role: var(--system) } .user { --role: var(--user) } .tool { --role: var(--tool) }
.assistant { --role: var(--assistant) } .template { --role: var(--template) } .bos { --role: var(--bos) }
.run b { font: 600 10.5px/1 system-ui, sans-serif; color: var(--role); margin: 0 .35em 0 .5em; vertical-align: .1em; user-select: none }
.token { background: color-mix(in oklab, var(--role) var(--ground), transparent); border-bottom: 2px solid var(--role);
  padding: .15em .08em; margin-right: 1px }
.token:hover { outline: 2px solid var(--role) }
.unlearnt .token { color: var(--quiet); border-bottom: 1px dotted var(--line) }
`;
