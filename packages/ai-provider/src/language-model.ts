import type {
  LanguageModelV4,
  LanguageModelV4FinishReason,
  LanguageModelV4StreamPart,
  LanguageModelV4Usage,
} from '@ai-sdk/provider';
import type { Answer, HeldModel } from '@counterweight/core';
import { askHeld } from './ask-held.ts';

export const PROVIDER = 'counterweight';

/** @param open the model behind it, read when it is first asked */
export function languageModel(modelId: string, open: () => Promise<HeldModel>): LanguageModelV4 {
  return {
    specificationVersion: 'v4',
    provider: PROVIDER,
    modelId,
    supportedUrls: {},
    async doGenerate(options) {
      const { request, warnings } = askHeld(options, PROVIDER);
      const answer = await (await open()).answer(request);
      return {
        content: [{ type: 'text', text: answer.text }],
        finishReason: finishReasonOf(answer),
        usage: usageOf(answer),
        response: { modelId, timestamp: new Date() },
        warnings,
      };
    },
    async doStream(options) {
      const { request, warnings } = askHeld(options, PROVIDER);
      const answering = (await open()).stream(request);
      const pieces = answering[Symbol.asyncIterator]();
      // What is refused is thrown here, not in the stream.
      const first = await pieces.next();
      async function* parts(): AsyncGenerator<LanguageModelV4StreamPart> {
        yield { type: 'stream-start', warnings };
        yield { type: 'response-metadata', modelId, timestamp: new Date() };
        yield { type: 'text-start', id: TEXT };
        for (let piece = first; !piece.done; piece = await pieces.next()) {
          yield { type: 'text-delta', id: TEXT, delta: piece.value };
        }
        yield { type: 'text-end', id: TEXT };
        const answer = await answering.result;
        yield { type: 'finish', finishReason: finishReasonOf(answer), usage: usageOf(answer) };
      }
      return { stream: readable(parts(), () => pieces.return?.()) };
    },
  };
}

/** The one text of an answer. */
const TEXT = 'text-1';

const finishReasonOf = ({ finishReason }: Answer): LanguageModelV4FinishReason => ({
  unified: finishReason,
  raw: finishReason,
});

const usageOf = ({ promptTokens, newTokens }: Answer): LanguageModelV4Usage => ({
  inputTokens: { total: promptTokens, noCache: promptTokens, cacheRead: 0, cacheWrite: 0 },
  outputTokens: { total: newTokens, text: newTokens, reasoning: 0 },
});

/** @param leave called when the reader leaves before the end */
const readable = <Part>(parts: AsyncGenerator<Part>, leave: () => unknown): ReadableStream<Part> =>
  new ReadableStream({
    async pull(controller) {
      const { done, value } = await parts.next();
      if (done) controller.close();
      else controller.enqueue(value);
    },
    async cancel() {
      await leave();
    },
  });
