import { cp, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** The tokens of ChatML in the small real model, in place of two that it hardly uses. */
export const IM_END = 510;
const IM_START = 511;

export const CHATML = `{% for message in messages %}{{ '<|im_start|>' + message.role + '\\n' + message.content + '<|im_end|>\\n' }}{% endfor %}{% if add_generation_prompt %}{{ '<|im_start|>assistant\\n' }}{% endif %}`;

const model = new URL('../../../../models/stories260k', import.meta.url).pathname;

/**
 * The small real model as a base model for chats often is: its chat template ends turns with `<|im_end|>`, which none of
 * its settings names as an end.
 * @param template in place of ChatML
 */
export async function writeChatStories(folder: string, template = CHATML): Promise<string> {
  await cp(model, folder, { recursive: true });
  const file = join(folder, 'tokenizer.json');
  const json = JSON.parse(await readFile(file, 'utf8'));
  const marks: [string, number][] = [
    ['<|im_end|>', IM_END],
    ['<|im_start|>', IM_START],
  ];
  const others = Object.entries(json.model.vocab).filter(([, id]) => !marks.some(([, own]) => own === id));
  json.model.vocab = Object.fromEntries([...others, ...marks]);
  const token = { single_word: false, lstrip: false, rstrip: false, normalized: false, special: true };
  json.added_tokens.push(...marks.map(([content, id]) => ({ id, content, ...token })));
  await writeFile(file, JSON.stringify(json));
  await writeFile(join(folder, 'chat_template.jinja'), template);
  const settings = { bos_token: '<s>', eos_token: '</s>', unk_token: '<unk>', add_bos_token: false };
  await writeFile(join(folder, 'tokenizer_config.json'), JSON.stringify(settings));
  return folder;
}
