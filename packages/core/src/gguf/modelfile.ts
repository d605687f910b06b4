import type { BaseQuantization } from '../checkpoint/adapter/adapter-config.ts';
import type { ChatTemplate } from '../tokenizer/chat-template.ts';

/** What a Modelfile says. */
export interface ModelfileParts {
  /** The model: a GGUF file, or a folder. */
  readonly from: string;
  /** Undefined where it is in the model. */
  readonly adapter?: string | undefined;
  /** Undefined where texts are written without a template. */
  readonly chat: ChatTemplate | undefined;
  /** Whether llama.cpp begins every text with BOS by the model's settings: a template then does not. */
  readonly addsBos: boolean;
  /** Literals of tokens that end an answer. */
  readonly stops: readonly string[];
  /** How the base was quantised when the adapter was trained. */
  readonly quantization?: BaseQuantization | undefined;
  /** Tokens of prompt and answer together. */
  readonly contextLength: number;
  /** Of an answer; undefined where nothing says how long it may be. */
  readonly maxNewTokens?: number | undefined;
}

/**
 * Ollama's Modelfile: model and adapter, how messages are written, where answers end. Ollama has no Jinja; the template is
 * said in its own language where it writes system message, question and answer one behind the other, and left out where
 * it does more.
 */
export function modelfile(parts: ModelfileParts): string {
  const { from, adapter, chat, addsBos, stops, quantization, contextLength, maxNewTokens } = parts;
  const turns = chat && turnsOf(chat, addsBos ? (chat.bosToken ?? '') : '');
  const { quantize } = quantization ?? {};
  const lines = [
    ...(adapter !== undefined && (quantize === 'int8' || quantize === 'int4')
      ? [`# Trained on this base in ${quantize}.`]
      : []),
    `FROM ${place(from)}`,
    ...(adapter === undefined ? [] : [`ADAPTER ${place(adapter)}`]),
    ...templateLines(chat, turns),
    ...stops.filter(canBeSaid).map((stop) => `PARAMETER stop ${quoted(stop)}`),
    'PARAMETER temperature 0',
    `PARAMETER num_ctx ${contextLength}`,
    ...(maxNewTokens === undefined ? [] : [`PARAMETER num_predict ${maxNewTokens}`]),
  ];
  return `${lines.join('\n')}\n`;
}

/** Ollama has no escapes: a text ends at the quotation marks that it began with. */
const quoted = (text: string) => (text.includes('"') ? `"""${text}"""` : `"${text}"`);
const place = (path: string) => (/[\s"]/.test(path) ? quoted(path) : path);

/** What Ollama reads as it stands: of characters that cannot be printed it keeps white space of ASCII only. */
const canBeSaid = (text: string) => !text.includes('"""') && /^[\p{L}\p{M}\p{N}\p{P}\p{S} \t\r\n]*$/u.test(text);

function templateLines(chat: ChatTemplate | undefined, turns: Turns | undefined): string[] {
  // Prompts as they are, as they were in training.
  if (!chat) return ['TEMPLATE """{{ .Prompt }}"""'];
  if (!turns)
    return ["# The model's chat template says more than a TEMPLATE can: Ollama takes what it finds in the model."];
  const system = turns.defaultSystem === '' ? [] : [`SYSTEM """${turns.defaultSystem}"""`];
  return [`TEMPLATE """${templateOf(turns)}"""`, ...system];
}

/** The texts around the words of a conversation. */
interface Turns {
  readonly beforeSystem: string;
  readonly afterSystem: string;
  readonly beforePrompt: string;
  /** Behind a question, up to where its answer begins. */
  readonly afterPrompt: string;
  readonly afterResponse: string;
  readonly defaultSystem: string;
}

// Noncharacters of Unicode: no text holds them.
const [SYSTEM, FIRST, ANSWER, SECOND] = ['\uFDD3', '\uFDD4', '\uFDD5', '\uFDD6'] as const;

function turnsOf(chat: ChatTemplate, bos: string): Turns | undefined {
  const user = (content: string) => ({ role: 'user', content });
  const rest = [user(FIRST), { role: 'assistant', content: ANSWER }, user(SECOND)];
  const withSystem = [{ role: 'system', content: SYSTEM }, ...rest];
  const text = attempt(() => chat.render({ messages: chat.takesSystem ? withSystem : rest }, true));
  const plain = attempt(() => chat.render({ messages: rest }, true));
  const pieces = text?.split(new RegExp(`[${SYSTEM}${FIRST}${ANSWER}${SECOND}]`));
  const bare = plain?.split(new RegExp(`[${FIRST}${ANSWER}${SECOND}]`));
  if (!pieces || !bare || pieces.length !== (chat.takesSystem ? 5 : 4) || bare.length !== 4) return undefined;
  const [between = '', afterPrompt = ''] = [pieces.at(-2), pieces.at(-1)];
  const end = chat.endOfTurn ?? chat.endWords;
  if (!between.startsWith(end) || pieces.at(-3) !== afterPrompt) return undefined;
  const white = /^\s*/.exec(between.slice(end.length))?.[0] ?? '';
  const beforePrompt = between.slice(end.length + white.length);
  const begin = (piece = '') => (bos !== '' && piece.startsWith(bos) ? piece.slice(bos.length) : piece);
  const system = chat.takesSystem ? (pieces[1] ?? '') : beforePrompt;
  if (!system.endsWith(beforePrompt) || !begin(bare[0]).endsWith(beforePrompt)) return undefined;
  const [beforeSystem, afterSystem] = chat.takesSystem
    ? [begin(pieces[0]), system.slice(0, system.length - beforePrompt.length)]
    : ['', ''];
  const preamble = begin(bare[0]).slice(0, begin(bare[0]).length - beforePrompt.length);
  const isSystem = preamble.startsWith(beforeSystem) && preamble.endsWith(afterSystem) && chat.takesSystem;
  if (preamble !== '' && !isSystem) return undefined;
  const defaultSystem = preamble.slice(beforeSystem.length, preamble.length - afterSystem.length);
  // What stands around a system message without one: an empty one is none to Ollama.
  if (preamble !== '' && defaultSystem === '') return undefined;
  const turns = { beforeSystem, afterSystem, beforePrompt, afterPrompt, afterResponse: end + white, defaultSystem };
  return Object.values(turns).every(canBeSaid) ? turns : undefined;
}

function attempt(render: () => string): string | undefined {
  try {
    return render();
  } catch {
    return undefined;
  }
}

function templateOf({ beforeSystem, afterSystem, beforePrompt, afterPrompt, afterResponse }: Turns): string {
  const literal = (text: string) => text.replaceAll('{{', '{{ "{{" }}');
  const system = `{{ if .System }}${literal(beforeSystem)}{{ .System }}${literal(afterSystem)}{{ end }}`;
  const prompt = `{{ if .Prompt }}${literal(beforePrompt)}{{ .Prompt }}${literal(afterPrompt)}{{ end }}`;
  return `${system}${prompt}{{ .Response }}${literal(afterResponse)}`;
}
