import { UserError } from '../errors.ts';
import type { ChatTemplate } from '../tokenizer/chat-template.ts';
import { type LoadChatTemplateOptions, loadChatTemplate } from '../tokenizer/load-chat-template.ts';
import type { TrainingOptions } from '../training/options.ts';

/**
 * Which words the model is asked in. The training options that come back say it: the format that `auto` became, and
 * the day that the template tells, if it tells one.
 * @throws {UserError} `option-invalid` where a chat template is asked for and there is none
 */
export async function resolveChatTemplate(
  model: string,
  training: TrainingOptions,
  options: Omit<LoadChatTemplateOptions, 'date'> = {},
): Promise<{ chat: ChatTemplate | undefined; training: TrainingOptions }> {
  const { templateDate = today() } = training;
  const date = dayOf(templateDate);
  const chat = training.format === 'plain' ? undefined : await loadChatTemplate(model, { ...options, date });
  if (training.format === 'chat' && !chat) {
    throw new UserError({
      code: 'option-invalid',
      problem: 'The model has no chat template.',
      where: `option format, ${model}`,
      fix: 'Leave the option out, or put the chat_template.jinja of the model into its folder.',
    });
  }
  const format = chat ? 'chat' : 'plain';
  return { chat, training: { ...training, format, ...(chat?.tellsDate && { templateDate }) } };
}

const dayOf = (date: string): Date => new Date(`${date}T12:00:00`);

function today(): string {
  const now = new Date();
  return [now.getFullYear(), now.getMonth() + 1, now.getDate()].map((n) => String(n).padStart(2, '0')).join('-');
}
