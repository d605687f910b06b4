import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { writeModelCard } from '../push-to-hub.ts';
import { readRunRecord } from '../report/run-record.ts';
import { description, evaluated, type SimulatedRun, writeRun } from '../report/test-support/simulated-run.ts';
import type { RunDescription } from '../run/describe-run.ts';
import { temporaryFolder } from '../test-support/folder.ts';
import type { CardSubject } from './card-subject.ts';
import { frontMatter } from './front-matter.ts';
import { modelCard } from './model-card.ts';

const path = temporaryFolder();
const base = { id: 'org/base', commit: 'c0ffee', license: { id: 'apache-2.0' } };
const subject: CardSubject = {
  id: 'me/cards',
  what: 'adapter',
  base,
  license: undefined,
  datasets: [],
  samples: false,
};
const measured = { evaluations: [evaluated(0, 40, 4), evaluated(100, 40, 30)] };

async function cardOf(run: SimulatedRun = measured, changes: Partial<CardSubject> = {}): Promise<string> {
  await writeRun(path('run'), run);
  return modelCard(await readRunRecord(path('run')), { ...subject, ...changes });
}
const frontOf = (card: string) => parse(/^---\n([\s\S]*?)\n---\n/.exec(card)?.[1] ?? '') as Record<string, unknown>;

describe('the front matter', () => {
  it('is YAML that says what the hub asks for', async () => {
    expect(frontOf(await cardOf(measured, { datasets: ['org/banking'] }))).toEqual({
      base_model: 'org/base',
      base_model_relation: 'adapter',
      license: 'apache-2.0',
      library_name: 'peft',
      pipeline_tag: 'text-generation',
      tags: ['lora', 'counterweight', 'prompt-loss-weighting', 'support'],
      datasets: ['org/banking'],
      'model-index': [
        {
          name: 'cards',
          results: [
            {
              task: { type: 'text-generation', name: 'support' },
              dataset: { type: 'org/banking', name: '40 held-out rows of rows.csv' },
              metrics: [
                { type: 'exactMatch', name: 'exact match', value: 0.75 },
                { type: 'loss', name: 'loss on completions, nats a token', value: 1.25 },
              ],
            },
          ],
        },
      ],
    });
  });

  it('invents nothing', async () => {
    const unknown = { id: undefined, commit: undefined, license: undefined };
    const card = await cardOf({}, { base: unknown, what: 'merged' });
    expect(Object.keys(frontOf(card))).toEqual(['library_name', 'pipeline_tag', 'tags']);
    expect(card).toContain('The licence of the base model is not known here');
    expect(card).toContain('Nothing was measured on rows that it has not seen.');
  });

  it('tells the licence that is given apart from the base’s', async () => {
    const other = { ...base, license: { id: 'other', name: 'tiny', link: 'https://example.org' } };
    expect(frontOf(await cardOf({}, { base: other }))).toMatchObject({ license: 'other', license_name: 'tiny' });
    const card = await cardOf({}, { base: other, license: { id: 'mit' } });
    expect(frontOf(card)).toMatchObject({ license: 'mit' });
    expect(card).toContain('Published under `mit`. The licence of the base model is `tiny`');
  });

  it.each(['yes', '1', '- a', 'a: b # c', '"quoted"', '\u2028', '---', "it's", '{}', 'null'])(
    'survives the text %j',
    (text) => {
      const front = frontMatter({ name: text, list: [text, { text, of: [text] }], nothing: undefined, empty: [] });
      expect(frontOf(front)).toEqual({ name: text, list: [text, { text, of: [text] }], empty: [] });
    },
  );
});

describe('the card', () => {
  it('says what it was trained on, how much the prompt counted, and what came of it', async () => {
    const card = await cardOf();
    expect(card).toContain('A LoRA adapter for [org/base](https://huggingface.co/org/base), commit `c0ffee`');
    expect(card).toContain('| rows trained on | 10 |');
    expect(card).toContain('| left out | 2: 2 rows too long, and nothing in it may be cut |');
    expect(card).toContain('| rows.csv | trained on | `abcdef0123456789` |');
    expect(card).toContain(
      'weighs 0.1 in the loss, a token of the completion 1, of the template 0; the prompt makes up 47.0 %',
    );
    expect(card).toMatch(
      /\| exact match \| 0\.100 \(0\.\d+ to 0\.\d+\) \| 0\.750 \(0\.\d+ to 0\.\d+\) \| \+0\.650 \(.*\) \| better \| 0\.100 \|/,
    );
    // An adapter brings a tokenizer where it has tokens of its own.
    expect(card).toContain('tokenizer = AutoTokenizer.from_pretrained("org/base")');
    expect(card).toContain('model = PeftModel.from_pretrained(model, "me/cards")');
    expect(card).toContain('--recipe support --model org/base --adapter me/cards');
    expect(card).toContain('--task name-the-problem');
    expect(card).toContain('--lora-rank 4');
  });

  it('loads an adapter with tokens of its own with its own tokenizer', async () => {
    const training = { ...description.training, addTokens: ['<ticket>'] };
    const card = await cardOf({ description: { training } });
    expect(card).toContain('tokenizer = AutoTokenizer.from_pretrained("me/cards")');
    expect(card).toContain('model.resize_token_embeddings(len(tokenizer))');
  });

  it('names the file where the base is one of GGUF', async () => {
    const card = await cardOf(measured, { base: { ...base, file: 'tiny-q4_1.gguf' } });
    expect(card).toContain('AutoModelForCausalLM.from_pretrained("org/base", gguf_file="tiny-q4_1.gguf")');
    expect(card).toContain('--model org/base/tiny-q4_1.gguf --adapter me/cards');
    expect(card).toContain('--model org/base/tiny-q4_1.gguf@c0ffee');
  });

  it('has no words of rows unless they are asked for, and no place of this machine', async () => {
    const secret = {
      ...measured,
      description: {
        inputs: { ...description.inputs, data: [{ file: 'rows.csv', path: '/home/me/rows.csv', sha256: 'ab' }] },
      } as Partial<RunDescription>,
    };
    const card = await cardOf(secret);
    for (const words of ['message 1', 'card arrival', '/home/me', '/models/stories', 'my model'])
      expect(card).not.toContain(words);
    const shown = await cardOf(secret, { samples: true });
    expect(shown).toContain('Row 5:\n\n    Customer: message 5\n\n    expected: card lost');
    expect(shown).not.toContain('/home/me');
  });

  it('is no markup where names are somebody’s', async () => {
    const named = { inputs: { ...description.inputs, data: [{ file: 'a|b<script>`x`.csv', sha256: 'ab' }] } };
    const card = await cardOf({ description: named as unknown as Partial<RunDescription> });
    expect(card).toContain('a\\|b&lt;script>\\`x\\`.csv');
  });

  it('is written without a hub, with the licence that lies beside the weights', async () => {
    const model = path('model');
    await writeRun(path('run'), { description: { model: { folder: model, family: 'llama' } } });
    await mkdir(model, { recursive: true });
    await writeFile(path('model/README.md'), '---\nlanguage: en\nlicense: "gemma"\n---\nlicense: mit\n');
    const card = await writeModelCard({ run: path('run'), output: path('card.md') });
    expect(await readFile(path('card.md'), 'utf8')).toBe(card);
    expect(frontOf(card)).toMatchObject({ license: 'gemma' });
    expect(frontOf(card)).not.toHaveProperty('base_model');
  });
});
