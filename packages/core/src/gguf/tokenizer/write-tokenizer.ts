import { join } from 'node:path';
import { UserError } from '../../errors.ts';
import type { Checkpoint } from '../../export/checkpoint.ts';
import { readJson, readJsonIfThere } from '../../export/json.ts';
import type { ChatTemplateSources } from '../../tokenizer/load-chat-template.ts';
import { findBosId, findEosId, findNamedBosId, type ModelTokenIds } from '../../tokenizer/special-ids.ts';
import {
  type TokenizerConfig,
  type TokenizerJson,
  tokenizerConfigSchema,
  tokenizerJsonSchema,
} from '../../tokenizer/tokenizer-json.ts';
import { bool, type GgufValue, list, text, uint32 } from '../format/write-file.ts';
import { assertExpressible, assertNoNormalizer, refuse, spacePrefix } from './expressible.ts';
import { preTokenizerName } from './pre-tokenizer.ts';
import { assertMergesByToken } from './spm-merges.ts';
import { Kind, noToken } from './token-kinds.ts';

/** The tokenizer as llama.cpp's keys tell it. @throws {UserError} for kinds of tokenizers that it does not have */
export async function tokenizerMetadata(
  { folder, tokenizerFolder, config }: Pick<Checkpoint, 'folder' | 'tokenizerFolder' | 'config'>,
  { chatTemplate, stopIds }: { chatTemplate: ChatTemplateSources | undefined; stopIds: readonly number[] },
): Promise<Map<string, GgufValue>> {
  const where = join(tokenizerFolder, 'tokenizer.json');
  const json = await readTokenizerJson(tokenizerFolder);
  const settings = tokenizerConfigSchema.parse(await readJsonIfThere(join(tokenizerFolder, 'tokenizer_config.json')));
  const map = tokenizerConfigSchema.parse(await readJsonIfThere(join(tokenizerFolder, 'special_tokens_map.json')));
  const generation = (await readJsonIfThere(join(folder, 'generation_config.json'))) as ModelTokenIds;
  const sources = {
    json,
    configs: [settings, map],
    models: [generation, config as ModelTokenIds],
    where: tokenizerFolder,
  };
  const vocabulary = tokensOf(json, Number(config.vocab_size), where);
  assertExpressible(json, where);
  const own = json.model.byte_fallback === true ? sentencePiece(json, vocabulary, where) : byteLevel(json, where);
  const bos = findNamedBosId(sources);
  const keys: Record<string, GgufValue> = {
    ...own,
    tokens: list(
      'string',
      vocabulary.map(({ token }) => token),
    ),
    token_type: list(
      'int32',
      vocabulary.map(({ kind }) => kind),
    ),
    ...(bos === undefined ? {} : { bos_token_id: uint32(bos) }),
    ...endIds(findEosId(sources), stopIds, where),
    ...namedIds(json, [settings, map]),
    add_bos_token: bool(findBosId(sources) !== undefined),
    add_eos_token: bool(false),
  };
  const metadata = new Map(Object.entries(keys).map(([key, value]) => [`tokenizer.ggml.${key}`, value]));
  const { source, toolSource } = chatTemplate ?? {};
  if (source !== undefined) metadata.set('tokenizer.chat_template', text(source));
  if (toolSource !== undefined) {
    metadata.set('tokenizer.chat_templates', list('string', ['tool_use']));
    metadata.set('tokenizer.chat_template.tool_use', text(toolSource));
  }
  return metadata;
}

export const readTokenizerJson = async (folder: string): Promise<TokenizerJson> =>
  tokenizerJsonSchema.parse(await readJson(join(folder, 'tokenizer.json')));

interface Token {
  readonly token: string;
  readonly kind: number;
}

/** Every id's token: what the vocabulary has no token for is there, and unused. */
function tokensOf(json: TokenizerJson, size: number, where: string): Token[] {
  const { vocab, unk_token } = json.model;
  if (json.model.type !== 'BPE' || Array.isArray(vocab)) {
    throw new UserError({
      code: 'model-unsupported',
      problem: `GGUF is written for tokenizers of type BPE, not ${String(json.model.type)}.`,
      where,
      fix: "Export with --to merged, and convert that folder with llama.cpp's own script.",
    });
  }
  const tokens = Array.from({ length: size }, (_, id): Token => ({ token: noToken(id), kind: Kind.unused }));
  for (const [token, id] of Object.entries(vocab)) tokens[id] = { token, kind: kindOf(token, unk_token) };
  for (const { id, content, special } of json.added_tokens) {
    const kind = content === unk_token ? Kind.unknown : special ? Kind.control : Kind.userDefined;
    tokens[id] = { token: content, kind };
  }
  return tokens;
}

function kindOf(token: string, unknown: unknown): number {
  if (token === unknown) return Kind.unknown;
  return /^<0x[0-9A-F]{2}>$/.test(token) ? Kind.byte : Kind.normal;
}

/** Merges as pairs, in both spellings of tokenizer.json. */
const mergesOf = ({ model }: TokenizerJson): [string, string][] =>
  ((model.merges ?? []) as (string | [string, string])[]).map((merge) => {
    if (typeof merge !== 'string') return merge;
    const space = merge.indexOf(' ', 1);
    return [merge.slice(0, space), merge.slice(space + 1)];
  });

/** Tokens of bytes, as GPT-2's: llama.cpp merges by the list, as we do. */
function byteLevel(json: TokenizerJson, where: string): Record<string, GgufValue> {
  assertNoNormalizer(json, where);
  return {
    model: text('gpt2'),
    pre: text(preTokenizerName(json, where)),
    merges: list(
      'string',
      mergesOf(json).map((pair) => pair.join(' ')),
    ),
  };
}

/**
 * Tokens of characters with bytes to fall back on, as SentencePiece's. llama.cpp merges what gives the token of the
 * highest score: the earlier a merge makes a token, the higher its score.
 */
function sentencePiece(json: TokenizerJson, vocabulary: readonly Token[], where: string): Record<string, GgufValue> {
  const merges = mergesOf(json);
  const bytes = vocabulary.filter(({ kind }) => kind === Kind.byte).length;
  if (bytes < 256) refuse(`it has tokens for ${bytes} of the 256 bytes`, where, 'model.vocab');
  const prefix = spacePrefix(json, where);
  const apart = new Set(json.added_tokens.map(({ content }) => content));
  assertMergesByToken(merges, { vocab: json.model.vocab as Record<string, number>, apart, where });
  const scores = new Map<string, number>();
  for (const [rank, pair] of merges.entries()) {
    const token = pair.join('');
    if (!scores.has(token)) scores.set(token, -rank);
  }
  return {
    model: text('llama'),
    pre: text('default'),
    scores: list(
      'float32',
      vocabulary.map(({ token }) => scores.get(token) ?? -merges.length),
    ),
    add_space_prefix: bool(prefix),
  };
}

/**
 * llama.cpp ends an answer at three tokens that a file names: the end of a text, which templates write too, of a turn, and
 * of a message.
 */
function endIds(eos: number, stopIds: readonly number[], where: string): Record<string, GgufValue> {
  const [turn, message, ...more] = stopIds.filter((id) => id !== eos);
  if (more.length > 0) {
    throw new UserError({
      code: 'model-unsupported',
      problem: `GGUF names three tokens that end an answer, and this model has ${more.length + 3}: ${[eos, turn, message, ...more].join(', ')}.`,
      where,
      fix: 'Leave those that it never writes out of eos_token_id in its generation_config.json.',
    });
  }
  return {
    eos_token_id: uint32(eos),
    ...(turn === undefined ? {} : { eot_token_id: uint32(turn) }),
    ...(message === undefined ? {} : { eom_token_id: uint32(message) }),
  };
}

function namedIds(json: TokenizerJson, configs: readonly TokenizerConfig[]): Record<string, GgufValue> {
  const ids: Record<string, GgufValue> = {};
  for (const [field, key] of [
    ['unk_token', 'unknown_token_id'],
    ['pad_token', 'padding_token_id'],
  ] as const) {
    const named = configs.map((config) => config[field]).find((value) => value !== undefined && value !== null);
    const content = typeof named === 'string' ? named : (named as { content?: string } | undefined)?.content;
    const id = json.added_tokens.find((token) => token.content === content)?.id;
    if (id !== undefined) ids[key] = uint32(id);
  }
  return ids;
}
