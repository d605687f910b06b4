import { type EventStream, streamEvents } from '../fine-tune-events.ts';
import { type GeneratedText, generateTexts } from '../generation/generate-texts.ts';
import type { Decoder } from '../model/decoder.ts';
import { createRandom } from '../random.ts';
import type { Task } from '../task/open-task.ts';
import type { Turns } from './in-turn.ts';
import { type AnswerRequest, requestFor } from './requests.ts';

/** What a model has answered. */
export interface Answer {
  /** Without special tokens. */
  readonly text: string;
  /** `length`: it was cut at the limit of tokens, or, held to a schema, brought to its end there. */
  readonly finishReason: 'stop' | 'length';
  readonly promptTokens: number;
  /** Without the token that ends an answer. */
  readonly newTokens: number;
}

/** A model that lies in memory and answers requests, one at a time. */
export interface HeldModel {
  readonly name: string;
  /** Whether a chat template writes its conversations; else it is a layout of plain text. */
  readonly hasChatTemplate: boolean;
  /** @throws {UserError} for a request that cannot be answered; the reason of its signal */
  answer(request: AnswerRequest): Promise<Answer>;
  /** The same, its text to iterate over as it is written; who leaves the loop early ends the work. */
  stream(request: AnswerRequest): EventStream<string, Answer>;
}

export function heldModel(
  name: string,
  { task, decoder, turns }: { readonly task: Task<unknown>; readonly decoder: Decoder; readonly turns: Turns },
): HeldModel {
  const { tokenizer } = task;
  const answer = async (request: AnswerRequest): Promise<Answer> => {
    const { seed, stop, onText, signal, temperature, topK, topP } = request;
    // Before its turn: what is wrong with it is said at once.
    const asked = requestFor(task, request);
    const random = seed === undefined ? Math.random : createRandom(seed).uniform;
    const options = {
      ...{ tokenizer, random, signal, sampling: { temperature, topK, topP }, stopStrings: stop },
      ...(onText && { onText: (_: number, text: string) => onText(text) }),
    };
    const [written] = await turns.take(() => generateTexts(decoder, [asked], options), signal);
    const { text, cut, newTokens } = written as GeneratedText;
    return { text, finishReason: cut ? 'length' : 'stop', promptTokens: asked.promptIds.length, newTokens };
  };
  return {
    name,
    hasChatTemplate: task.chat !== undefined,
    answer,
    stream: (request) =>
      streamEvents((onText, left) => {
        const signal = request.signal ? AbortSignal.any([request.signal, left]) : left;
        return answer({ ...request, onText, signal });
      }),
  };
}
