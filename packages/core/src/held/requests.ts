import { UserError } from '../errors.ts';
import { jsonConstraint } from '../generation/json/json-constraint.ts';
import type { GenerationRequest } from '../generation/request.ts';
import type { Sampling } from '../generation/sampling.ts';
import { conversationLayout } from '../recipe/conversation-layout.ts';
import { plain } from '../recipe/plain.ts';
import { isRowError, type PlainLayout, type RenderedExample, type Segment } from '../recipe/recipe.ts';
import { sourceRowsOf } from '../rows/source-row.ts';
import type { Task } from '../task/open-task.ts';
import { rowRequests } from '../task/row-requests.ts';
import { tokenizePrompt } from '../tokenization/tokenize-example.ts';

/** What is asked: a conversation, a text to go on with, or a row of the recipe. */
export type Asked =
  | {
      /**
       * As OpenAI has them, `{role, content}`; the last one is not the assistant's. The model's chat template writes them, or,
       * of a model that was trained without one, the layout of its recipe.
       */
      readonly messages: readonly unknown[];
    }
  | {
      /** Goes to the model as it is, behind the token that begins a text. */
      readonly prompt: string;
    }
  | {
      /** Of the recipe's, without its answer: its prompt is the one that training showed, its answer out of its answer set. */
      readonly row: unknown;
    };

/** How it is answered. */
export interface AnswerOptions extends Sampling {
  /** Default: as many as the recipe says. Prompt and answer together never exceed the model's context. */
  readonly maxNewTokens?: number | undefined;
  /** Decides the sampling, where `temperature` is above 0. Default: another one each time. */
  readonly seed?: number | undefined;
  /** The answer ends where one of these would begin. */
  readonly stop?: readonly string[] | undefined;
  /** A JSON schema: the answer is JSON that fits it; `true` is any JSON. Not for rows. */
  readonly schema?: unknown;
  /** New text of the answer, as soon as it is whole characters. */
  readonly onText?: ((text: string) => void) | undefined;
  /** Ends the work, or the wait for it; the reason of the abort is thrown. */
  readonly signal?: AbortSignal | undefined;
}

export type AnswerRequest = Asked & AnswerOptions;

const nothing = { before: '', after: '' };
const AS_IT_IS: PlainLayout = { system: nothing, user: nothing, assistant: nothing, tool: nothing };

/**
 * A request in ids, with what the answer may be.
 * @throws {UserError} for messages that cannot be read, a prompt that fills the context, a schema that is not supported
 */
export function requestFor(task: Task<unknown>, request: AnswerRequest): GenerationRequest {
  const { maxNewTokens = task.recipe.defaults.maxNewTokens, schema } = request;
  if ('row' in request) {
    if (schema !== undefined) throw invalid('schema', 'A row is answered as its recipe says, and by no schema.');
    const [source] = sourceRowsOf([request.row]);
    return rowRequests(task, request.maxNewTokens)(source as NonNullable<typeof source>);
  }
  const rendered = 'prompt' in request ? textToContinue(request.prompt) : conversation(request.messages, task.recipe);
  const { config, chat, tokenizer } = task;
  const { contextLength } = config;
  const room = { maxLength: contextLength, maxNewTokens: 1, where: 'the request' };
  const promptIds = tokenizePrompt(rendered, { layout: AS_IT_IS, chat, tokenizer, ...room }).ids;
  const within = Math.min(maxNewTokens, contextLength - promptIds.length);
  const constraint = schema === undefined ? undefined : jsonConstraint(schema, tokenizer);
  if (constraint?.allowed(within).length === 0) {
    const problem = `The shortest text that fits the schema has more bytes than there is room for, which is ${within} tokens.`;
    throw invalid('maxNewTokens', problem);
  }
  return { promptIds, maxNewTokens: within, constraint };
}

/** For people who go on with a text; what a chat template would write is theirs to write. */
const textToContinue = (text: string): RenderedExample => ({
  prompt: [{ role: 'user', text }],
  completion: [],
  layout: AS_IT_IS,
  verbatim: true,
});

/** Messages are read as those of a row to train on; nothing of them is cut. */
function conversation(messages: readonly unknown[], recipe: Task<unknown>['recipe']): RenderedExample {
  const rendered = readConversation(messages);
  if (rendered.completion.length > 0 || rendered.prompt.length === 0) {
    throw invalid('messages', "The last message is the assistant's, or there is none: there is nothing to answer.");
  }
  const isSilent = Object.values(recipe.layout).every(({ before, after }) => before + after === '');
  return {
    ...rendered,
    prompt: rendered.prompt.map(({ shorten: _, ...segment }): Segment => segment),
    // Turns must not run into each other: a recipe whose layout writes nothing has this one for conversations.
    layout: isSilent ? conversationLayout : recipe.layout,
  };
}

function readConversation(messages: readonly unknown[]): RenderedExample {
  const reader = plain();
  try {
    return reader.render(reader.parseRow({ messages }));
  } catch (cause) {
    if (isRowError(cause)) throw invalid('messages', `They cannot be read: ${cause.message}.`);
    throw cause;
  }
}

const invalid = (option: string, problem: string): UserError =>
  new UserError({
    code: 'option-invalid',
    problem,
    where: `the request, ${option}`,
    fix: `Change ${option}, or leave it out.`,
  });
