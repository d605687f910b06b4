import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { model } from './command.ts';

/** Tokens that give their places in the small model's vocabulary to the special tokens of a chat. */
const START = { id: 510, instead: '~', token: '<|im_start|>' };
const END = { id: 511, instead: '\u200a', token: '<|im_end|>' };

const TEMPLATE = `{{ bos_token }}{% for message in messages %}<|im_start|>{{ message.role }}
{{ message.content | trim }}<|im_end|>
{% endfor %}{% if add_generation_prompt %}<|im_start|>assistant
{% endif %}`;

export const chatIds = { bos: 1, start: START.id, end: END.id };

/**
 * The small model as a chat model: the same weights, with ChatML's special tokens and template.
 * @param rstrip whether the special tokens take the white space after them along
 */
export function chatModel(folder: string, { rstrip = false } = {}): string {
  const to = join(folder, 'chat-model');
  mkdirSync(to);
  for (const file of ['config.json', 'model.safetensors']) copyFileSync(join(model, file), join(to, file));
  const json = JSON.parse(readFileSync(join(model, 'tokenizer.json'), 'utf8'));
  for (const { id, instead, token: content } of [START, END]) {
    delete json.model.vocab[instead];
    json.model.vocab[content] = id;
    const flags = { single_word: false, lstrip: false, rstrip, normalized: false, special: true };
    json.added_tokens.push({ id, content, ...flags });
  }
  const config = { bos_token: '<s>', eos_token: END.token, add_bos_token: true };
  writeFileSync(join(to, 'tokenizer.json'), JSON.stringify(json));
  writeFileSync(join(to, 'tokenizer_config.json'), JSON.stringify(config));
  writeFileSync(join(to, 'chat_template.jinja'), TEMPLATE);
  return to;
}
