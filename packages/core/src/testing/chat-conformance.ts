import { answerConstraint } from '../generation/constraint.ts';
import type { Recipe } from '../recipe/recipe.ts';
import { settingsOf } from '../recipe/settings-of.ts';
import { tokenizeExample, tokenizePrompt } from '../tokenization/tokenize-example.ts';
import { answerPosition } from '../tokenizer/answer-position.ts';
import { compileChatTemplate } from '../tokenizer/chat-template.ts';
import { tinyTokenizer } from './tiny-tokenizer.ts';

/** As many real ones do, it takes white space off the ends of contents. */
const template = compileChatTemplate({
  source:
    '{% for m in messages %}[{{ m.role }}]\n{{ m.content | trim }}\n{% endfor %}{% if add_generation_prompt %}[assistant]\n{% endif %}',
  tokens: {},
  specialTokens: [],
  date: new Date(0),
});

/**
 * In a chat template, a recipe is asked in generation as it was in training, and can give the answers it was taught.
 * @throws {Error} that says what is wrong
 */
export function checkChat<Row>(recipe: Recipe<Row>, input: unknown): void {
  // As where a model is opened: what this template ends a turn with is no part of an answer.
  const tokenizer = { ...tinyTokenizer(), endWords: template.endWords };
  const row = recipe.parseRow(input);
  const { layout, defaults, answers } = settingsOf(recipe, row);
  const { maxNewTokens } = defaults;
  const room = { maxLength: Number.MAX_SAFE_INTEGER, maxNewTokens, longAnswers: 'drop' } as const;
  const options = { layout, tokenizer, chat: template, ...room, where: 'conformance' };
  const rendered = recipe.render(row);
  const example = tokenizeExample(rendered, options);
  if (typeof example === 'string') throw new Error(`the row would be dropped in a chat template: ${example}`);
  const prompt = Array.from(example.ids.subarray(0, example.promptLength));
  const asked = tokenizePrompt(rendered, options).ids;
  if (prompt.join() !== asked.join()) throw new Error('a chat template asks otherwise in generation than in training');
  if (!answers) return;
  let constraint = answerConstraint(answers, tokenizer)(answerPosition(prompt, tokenizer));
  for (const id of example.ids.slice(example.promptLength)) {
    if (!constraint.allowed(example.ids.length).includes(id)) {
      throw new Error(`in a chat template, the answer is none that may be given: ${JSON.stringify(input)}`);
    }
    constraint = constraint.after(id);
  }
}
