import { measurementsOf } from '../report/evidence/measurements.ts';
import { metricsOfRun } from '../report/evidence/metrics-of-run.ts';
import { formatCounted } from '../report/format.ts';
import type { RunRecord } from '../report/run-record.ts';
import { inWords } from '../report/text.ts';
import type { License } from './base-model.ts';
import type { CardSubject } from './card-subject.ts';
import { dataSection } from './data-section.ts';
import { frontMatter, type Yaml } from './front-matter.ts';
import { inline, paragraphs } from './markdown.ts';
import { outcomeSection, samplesSection } from './outcome-section.ts';
import { repeatSection, useSection } from './use-section.ts';

/** A README.md for the hub: front matter for machines, and the run for people. Of rows only counts and hashes, unless samples are asked for. */
export function modelCard(record: RunRecord, subject: CardSubject): string {
  return `${frontMatter(fieldsOf(record, subject))}\n${paragraphs(
    `# ${subject.id.split('/').at(-1)}`,
    introduction(record, subject),
    dataSection(record),
    outcomeSection(record),
    subject.samples ? samplesSection(record) : '',
    useSection(record, subject),
    repeatSection(record, subject),
  )}\n`;
}

/** @see https://github.com/huggingface/hub-docs/blob/main/modelcard.md */
function fieldsOf(record: RunRecord, subject: CardSubject): Record<string, Yaml | undefined> {
  const { what, base, datasets } = subject;
  const { recipe } = record.description;
  const license = subject.license ?? base.license;
  return {
    base_model: base.id,
    base_model_relation: base.id === undefined ? undefined : what === 'adapter' ? 'adapter' : 'finetune',
    license: license?.id,
    license_name: license?.name,
    license_link: license?.link,
    library_name: what === 'adapter' ? 'peft' : 'transformers',
    pipeline_tag: 'text-generation',
    tags: [...(what === 'adapter' ? ['lora'] : []), 'counterweight', 'prompt-loss-weighting', recipe.name],
    datasets: datasets.length > 0 ? datasets : undefined,
    'model-index': indexOf(record, subject),
  };
}

/** The numbers of the result, as the hub lists them; without measurements there is nothing to list. */
function indexOf(record: RunRecord, { id, datasets }: CardSubject): Yaml | undefined {
  const { after } = measurementsOf(record);
  if (!after) return undefined;
  const { recipe, inputs } = record.description;
  const { rows, completionLoss, metrics } = after.evaluation;
  const measured = metricsOfRun(record).flatMap(({ name }) => {
    const value = metrics[name];
    return value === undefined ? [] : [{ type: name, name: inWords(name), value }];
  });
  const losses =
    completionLoss === null ? [] : [{ type: 'loss', name: 'loss on completions, nats a token', value: completionLoss }];
  const files = [...new Set((inputs.evalData.length > 0 ? inputs.evalData : inputs.data).map(({ file }) => file))];
  return [
    {
      name: id.split('/').at(-1) as string,
      results: [
        {
          task: { type: 'text-generation', name: recipe.name },
          dataset: {
            type: datasets[0] ?? recipe.name,
            name: `${formatCounted(rows, 'held-out row')} of ${files.join(', ')}`,
          },
          metrics: [...measured, ...losses],
        },
      ],
    },
  ];
}

function introduction({ description }: RunRecord, { what, base, license }: CardSubject): string {
  const of =
    base.id === undefined ? 'a base model that is not on the hub' : `[${base.id}](https://huggingface.co/${base.id})`;
  const kind = what === 'adapter' ? `A LoRA adapter for ${of}` : `${of.replace(/^a /, 'A ')}`;
  const commit = base.commit ? `, commit \`${base.commit}\`` : '';
  const { quantize = 'none' } = description.training as { quantize?: string };
  const blocks =
    what === 'adapter' && quantize !== 'none' ? ` Its base lay in ${quantize} blocks while it was trained.` : '';
  return paragraphs(
    `${kind}${commit}, fine-tuned on rows of the recipe \`${inline(description.recipe.name)}\` with Counterweight.${blocks}`,
    license ? `Published under ${inLicense(license)}. ${licenseOfBase(base.license)}` : licenseOfBase(base.license),
  );
}

const inLicense = ({ id, name }: License): string => `\`${name ?? id}\``;

const licenseOfBase = (license: License | undefined): string =>
  license
    ? `The licence of the base model is ${inLicense(license)}, as the model itself says.`
    : 'The licence of the base model is not known here: look at where it comes from.';
