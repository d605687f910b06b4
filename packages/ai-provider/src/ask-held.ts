import {
  type LanguageModelV4CallOptions,
  type LanguageModelV4Message,
  type SharedV4Warning,
  UnsupportedFunctionalityError,
} from '@ai-sdk/provider';
import type { AnswerRequest } from '@counterweight/core';

/** A call as a request to a held model, with what of it is not done here. */
export interface AskedCall {
  readonly request: AnswerRequest;
  readonly warnings: SharedV4Warning[];
}

/**
 * @param provider whose `providerOptions` are read: `{ row }` is a row of the recipe, in place of the prompt
 * @throws {UnsupportedFunctionalityError} for what a model of texts cannot read: files, calls of tools
 */
export function askHeld(options: LanguageModelV4CallOptions, provider: string): AskedCall {
  const { prompt, maxOutputTokens, temperature, topP, topK, seed, stopSequences, responseFormat, abortSignal } =
    options;
  const row = options.providerOptions?.[provider]?.row;
  const asked = row === undefined ? { messages: prompt.map(messageOf) } : { row };
  const schema = responseFormat?.type === 'json' ? (responseFormat.schema ?? true) : undefined;
  return {
    request: {
      ...{ ...asked, maxNewTokens: maxOutputTokens, temperature, topP, topK, seed },
      ...(stopSequences && { stop: stopSequences }),
      ...(schema !== undefined && { schema }),
      ...(abortSignal && { signal: abortSignal }),
    },
    warnings: warningsOf(options),
  };
}

function messageOf({ role, content }: LanguageModelV4Message): { role: string; content: string } {
  if (typeof content === 'string') return { role, content };
  const texts = content.map((part) => {
    if (part.type === 'text') return part.text;
    // What it thought earlier is no part of what it said; templates leave it out too.
    if (part.type === 'reasoning') return '';
    throw new UnsupportedFunctionalityError({ functionality: `${part.type} in a message of the ${role}` });
  });
  return { role, content: texts.join('') };
}

function warningsOf(options: LanguageModelV4CallOptions): SharedV4Warning[] {
  const { tools = [], presencePenalty = 0, frequencyPenalty = 0, reasoning = 'provider-default' } = options;
  const left: [boolean, string, string][] = [
    [tools.length > 0, 'tools', 'The model is not told of them, and calls none.'],
    [presencePenalty !== 0, 'presencePenalty', 'Nothing is penalised.'],
    [frequencyPenalty !== 0, 'frequencyPenalty', 'Nothing is penalised.'],
    [!['provider-default', 'none'].includes(reasoning), 'reasoning', 'The model writes as it was trained to.'],
  ];
  return left.flatMap(([isAsked, feature, details]) => (isAsked ? [{ type: 'unsupported', feature, details }] : []));
}
