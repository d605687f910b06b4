import type { Step } from '../../tokenizer/tokenizer-json.ts';
import type { Metadata } from '../format/metadata.ts';
import { readByteLevel } from './read-byte-level.ts';
import { readSentencePiece } from './read-sentence-piece.ts';
import { NAME_THAT_STRIPS, strippedAsPhi3 } from './strip-rule.ts';
import { Kind } from './token-kinds.ts';
import { KEY, readVocabulary, type TokenizerModel, type Vocabulary } from './vocabulary.ts';

/** Files of a Hugging Face folder by their names, as objects to be written as JSON. */
export type SettingsFiles = Readonly<Record<string, object>>;

type Reader = (metadata: Metadata, vocabulary: Vocabulary) => TokenizerModel;

/** By `tokenizer.ggml.model`. */
const READERS: Readonly<Record<string, Reader>> = { gpt2: readByteLevel, llama: readSentencePiece };

/** tokenizer.json and the settings beside it. @throws {UserError} naming the key that is wrong or not known */
export function readTokenizer(metadata: Metadata): SettingsFiles {
  const kind = metadata.text(`${KEY}model`);
  const read = Object.hasOwn(READERS, kind) ? READERS[kind] : undefined;
  if (!read) {
    return metadata.refuse(
      `${KEY}model`,
      `vocabularies of the kind "${kind}" are not read, gpt2 (BPE) and llama (SentencePiece) are.`,
    );
  }
  const vocabulary = readVocabulary(metadata);
  const own = read(metadata, vocabulary);
  const ids = specialIds(metadata, vocabulary, kind);
  const addsBos = metadata.flagOr(`${KEY}add_bos_token`, own.addsBos) && ids.bos !== undefined;
  const tokenAt = (id: number | undefined) => (id === undefined ? undefined : vocabulary.tokens[id]);
  const json = {
    version: '1.0',
    truncation: null,
    padding: null,
    added_tokens: addedTokens(metadata, vocabulary),
    normalizer: own.normalizer,
    pre_tokenizer: own.preTokenizer,
    post_processor: addsBos ? beginningWith(ids.bos as number, tokenAt(ids.bos) as string) : null,
    decoder: own.decoder,
    model: own.model,
  };
  const ends = [ids.eos, ids.eot, ids.eom].filter((id) => id !== undefined);
  const generation = {
    bos_token_id: ids.bos,
    eos_token_id: ends.length === 1 ? ends[0] : [...new Set(ends)],
    pad_token_id: ids.padding,
  };
  const config = {
    tokenizer_class: 'PreTrainedTokenizerFast',
    clean_up_tokenization_spaces: false,
    add_bos_token: addsBos,
    add_eos_token: metadata.flagOr(`${KEY}add_eos_token`, false),
    bos_token: tokenAt(ids.bos),
    eos_token: tokenAt(ids.eos),
    unk_token: tokenAt(ids.unknown),
    pad_token: tokenAt(ids.padding),
  };
  return { 'tokenizer.json': json, 'tokenizer_config.json': config, 'generation_config.json': generation };
}

/** llama.cpp cuts these out of texts before anything else. */
function addedTokens(metadata: Metadata, { tokens, kinds }: Vocabulary): object[] {
  const isSpecial = (kind: number | undefined) => kind === Kind.control || kind === Kind.unknown;
  const added = [...tokens.entries()].filter(([id]) => isSpecial(kinds[id]) || kinds[id] === Kind.userDefined);
  const strips = NAME_THAT_STRIPS.test(metadata.textOr('general.name', ''));
  return added.map(([id, content]) => ({
    id,
    content,
    single_word: false,
    lstrip: false,
    rstrip: strips && isSpecial(kinds[id]) && strippedAsPhi3(content),
    normalized: false,
    special: isSpecial(kinds[id]),
  }));
}

/** SentencePiece's own ids, which its files may leave out. */
const DEFAULT_IDS: Readonly<Record<string, Readonly<Record<string, number>>>> = {
  llama: { bos: 1, eos: 2, unknown: 0 },
};
const IDS = ['bos', 'eos', 'eot', 'eom', 'unknown', 'padding'] as const;
type SpecialIds = Readonly<Partial<Record<(typeof IDS)[number], number>>>;

function specialIds(metadata: Metadata, { tokens }: Vocabulary, kind: string): SpecialIds {
  const found = IDS.map((name): [string, number | undefined] => {
    const id = metadata.numberOr(`${KEY}${name}_token_id`, DEFAULT_IDS[kind]?.[name]);
    // As llama.cpp has it: an id without a token names none.
    return [name, id !== undefined && Number.isInteger(id) && id >= 0 && id < tokens.length ? id : undefined];
  });
  return Object.fromEntries(found) as SpecialIds;
}

const beginningWith = (id: number, token: string): Step => ({
  type: 'TemplateProcessing',
  single: [{ SpecialToken: { id: token, type_id: 0 } }, { Sequence: { id: 'A', type_id: 0 } }],
  pair: [
    { SpecialToken: { id: token, type_id: 0 } },
    { Sequence: { id: 'A', type_id: 0 } },
    { SpecialToken: { id: token, type_id: 1 } },
    { Sequence: { id: 'B', type_id: 1 } },
  ],
  special_tokens: { [token]: { id: token, ids: [id], tokens: [token] } as { ids: number[] } },
});
