import { changedOptions } from '../report/run-page/options.ts';
import type { RunRecord } from '../report/run-record.ts';
import type { RunDescription } from '../run/describe-run.ts';
import type { BaseModel } from './base-model.ts';
import type { CardSubject } from './card-subject.ts';
import { code, fenced, inline, paragraphs, table } from './markdown.ts';

/** How it is loaded, elsewhere and here. */
export function useSection({ description }: RunRecord, subject: CardSubject): string {
  const { recipe, training } = description;
  const named = `--recipe ${quoted(recipe.name)}`;
  const row = recipe.name === 'plain' ? "--prompt '…'" : "--row '{…}'";
  const { id, base } = subject;
  const model = subject.what === 'adapter' ? `--model ${quoted(referenceTo(base))} --adapter ${id}` : `--model ${id}`;
  const words =
    training.format === 'plain'
      ? "Prompts are written in the recipe's plain layout, without a chat template."
      : "Prompts are written with the model's chat template.";
  return paragraphs(
    '## How to use it',
    `${words} \`counterweight preview\` shows one token by token.`,
    fenced('python', pythonOf(description, subject)),
    'With Counterweight, which also reads rows and stops where training did:',
    fenced('sh', `npx counterweight generate ${named} ${model} ${row}`),
  );
}

/** As `--model` takes it. */
const referenceTo = ({ id = 'BASE_MODEL', file }: BaseModel): string => (file === undefined ? id : `${id}/${file}`);

function pythonOf({ training }: RunDescription, { what, id, base }: CardSubject): string {
  const isAdapter = what === 'adapter';
  const model = isAdapter ? (base.id ?? 'BASE_MODEL') : id;
  const file = isAdapter && base.file !== undefined ? `, gguf_file=${JSON.stringify(base.file)}` : '';
  // An adapter brings a tokenizer where it has tokens of its own, for which the vocabulary may have grown.
  const hasTokens = Array.isArray(training.addTokens) && training.addTokens.length > 0;
  return [
    ...(isAdapter ? ['from peft import PeftModel'] : []),
    'from transformers import AutoModelForCausalLM, AutoTokenizer',
    '',
    `tokenizer = AutoTokenizer.from_pretrained(${hasTokens ? JSON.stringify(id) : `${JSON.stringify(model)}${file}`})`,
    `model = AutoModelForCausalLM.from_pretrained(${JSON.stringify(model)}${file})`,
    ...(isAdapter && hasTokens ? ['model.resize_token_embeddings(len(tokenizer))'] : []),
    ...(isAdapter ? [`model = PeftModel.from_pretrained(model, ${JSON.stringify(id)})`] : []),
  ].join('\n');
}

/** What differs from the defaults, and what it takes to do it again. */
export function repeatSection(record: RunRecord, { base }: CardSubject): string {
  const { description } = record;
  const { recipe, engine, versions, seed, inputs, evalSplit } = description;
  const options = changedOptions(record);
  const flags = options.filter(({ name }) => name !== 'evalSplit').map(({ name, value }) => flagOf(name, value));
  const command = [
    'npx counterweight train',
    `--recipe ${quoted(recipe.name)}`,
    `--model ${quoted(`${referenceTo(base)}${base.commit ? `@${base.commit}` : ''}`)}`,
    `--data ${inputs.data.map(({ file }) => quoted(file)).join(' ')}`,
    ...(inputs.evalData.length > 0 ? [`--eval-data ${inputs.evalData.map(({ file }) => quoted(file)).join(' ')}`] : []),
    ...(evalSplit === undefined ? [] : [`--eval-split ${evalSplit}`]),
    ...settingsOfRecipe(recipe.options),
    ...flags,
  ];
  const version = Object.entries(versions).map(([name, value]) => `${name} ${value}`);
  return paragraphs(
    '## How to repeat it',
    'Options that differ from their defaults:',
    table(
      ['option', 'value', 'default'],
      options.map(({ name, value, usual }) => [
        code(name),
        inline(text(value)),
        usual === undefined ? 'none' : inline(text(usual)),
      ]),
    ),
    fenced('sh', command.join(' \\\n  ')),
    `Seed ${seed}; ${inline([...version, `engine ${engine.name}`].join(', '))}. On the same files, engine and processor the numbers come out the same to the bit, elsewhere within rounding.`,
  );
}

/** What is longer is a catalogue, or somebody's text. */
const LONG = 100;

/** Plain settings only. */
const settingsOfRecipe = (options: unknown): string[] =>
  Object.entries((options ?? {}) as Readonly<Record<string, unknown>>).flatMap(([name, value]) =>
    ['string', 'number', 'boolean'].includes(typeof value) && text(value).length <= LONG ? [flagOf(name, value)] : [],
  );

function flagOf(name: string, value: unknown): string {
  const flag = `--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
  return value === true ? flag : `${flag} ${quoted(text(value))}`;
}

function text(value: unknown): string {
  if (Array.isArray(value)) return value.map(text).join(',');
  if (typeof value !== 'object' || value === null) return String(value);
  return Object.entries(value)
    .map(([name, of]) => `${name}=${text(of)}`)
    .join(',');
}

const quoted = (word: string): string => (/^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`);
