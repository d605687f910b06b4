import type { RunDescription } from '../../run/describe-run.ts';
import type { Section } from '../document.ts';
import { fact, formatBytes, formatDate, formatDuration } from '../format.ts';
import { type Html, html } from '../html.ts';
import type { RunRecord } from '../run-record.ts';
import { named } from '../text.ts';
import { secondsOf } from './lead.ts';

/** Everything needed to do it again: command, versions, hashes; and on what machine it was done. */
export function repeatSection(record: RunRecord): Section {
  const { description, history } = record;
  const began = history.filter(({ what }) => what === 'began');
  const command = began.find((entry) => entry.command !== undefined)?.command;
  const machine = began[0]?.machine;
  const { hub } = description.model;
  return {
    id: 'repeat',
    title: 'Repeat it',
    note: html`The same command on the same files gives the same numbers: to the bit on the same engine and processor, elsewhere within rounding. <code>counterweight verify</code> compares a run with what it says here.`,
    body: html`${command === undefined ? [] : html`<pre class="command" tabindex="0"><code>${command.split(' ').map((word) => html`<span>${named(word)}</span> `)}</code></pre>`}
<dl class="facts">
${began[0] ? fact('began', formatDate(began[0].time), began.length > 1 ? `gone on with ${began.length === 2 ? 'once' : `${began.length - 1} times`} since` : undefined) : []}
${fact('took', formatDuration(secondsOf(record)), history.length === 2 ? 'from begin to end' : 'its steps')}
${machine ? fact('machine', machine.cpuModel, `${machine.cpuCount} cores, ${formatBytes(machine.totalBytes)} of memory, ${machine.platform}`) : []}
${fact('engine', description.engine.name, description.engine.description)}
${Object.entries(description.versions).map(([name, version]) => fact(name, version))}
${fact('seed', String(description.seed))}
${hub ? fact('model', hub.id, `commit ${hub.commit.slice(0, 12)}`) : []}
</dl>
${hashes(description)}`,
  };
}

const GROUPS = {
  data: 'rows',
  evalData: 'held out',
  model: 'model',
  adapter: 'adapter',
  tokenizer: 'tokenizer',
} as const;

/** Twelve digits tell files apart; all of them are there for who compares. */
function hashes({ inputs }: RunDescription): Html {
  const files = Object.entries(GROUPS).flatMap(([group, name]) =>
    (inputs[group as keyof typeof GROUPS] ?? []).map((file) => ({ ...file, name })),
  );
  return html`<table class="hashes"><thead><tr><th scope="col">what</th><th scope="col">file</th><th scope="col">SHA-256</th></tr></thead><tbody>${files.map(
    ({ name, file, sha256 }) =>
      html`<tr><td>${name}</td><td class="file">${named(file)}</td><td class="hash">${sha256.slice(0, 12)}…</td></tr>`,
  )}</tbody></table>
<details><summary>Whole hashes</summary><pre tabindex="0"><code>${files.map(
    ({ file, sha256 }) => html`${sha256}  ${named(file)}
`,
  )}</code></pre></details>`;
}
