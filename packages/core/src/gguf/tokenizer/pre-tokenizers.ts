import type { Step } from '../../tokenizer/tokenizer-json.ts';

/**
 * llama.cpp cuts text into words by rules of its own, chosen by a name (`tokenizer.ggml.pre`). These are the rules that
 * are known here, as tokenizer.json says them, and the names that llama.cpp has for each: the first is written.
 */
export interface PreTokenizer {
  readonly names: readonly string[];
  /** What texts are split by; undefined where GPT-2's own pattern does it. */
  readonly pattern?: string;
  /** Digits stand alone before it. */
  readonly digits?: true;
  /** A word that is a token is taken as it is, without its merges (`ignore_merges`). */
  readonly whole?: true;
  /** Texts begin with BOS where the file does not say. */
  readonly addsBos?: true;
  /** Not written: llama.cpp computes something near the pattern, as its expressions know no classes of cased letters. */
  readonly near?: true;
}

const LLAMA3 =
  "(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}{1,3}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+";
const QWEN2 = LLAMA3.replace('{1,3}', '');
const [UPPER, LOWER] = ['[\\p{Lu}\\p{Lt}\\p{Lm}\\p{Lo}\\p{M}]', '[\\p{Ll}\\p{Lm}\\p{Lo}\\p{M}]'];
const CASED = (suffix: string) =>
  `[^\\r\\n\\p{L}\\p{N}]?${UPPER}*${LOWER}+${suffix}|[^\\r\\n\\p{L}\\p{N}]?${UPPER}+${LOWER}*${suffix}`;
const AFTER_WORDS = '| ?[^\\s\\p{L}\\p{N}]+[\\r\\n/]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+';

export const PRE_TOKENIZERS: readonly PreTokenizer[] = [
  { names: ['gpt-2', 'phi-2', 'mpt', 'olmo', 'jais', 'exaone4', 'mellum', 'trillion', 'granite-docling'] },
  { names: ['smollm', 'starcoder', 'refact', 'command-r', 'codeshell', 'exaone', 'minerva-7b'], digits: true },
  {
    names: ['llama-bpe', 'llama3', 'llama-v3', 'falcon3', 'pixtral', 'midm-2.0', 'lfm2'],
    pattern: LLAMA3,
    whole: true,
    addsBos: true,
  },
  { names: ['dbrx', 'smaug-bpe'], pattern: LLAMA3 },
  { names: ['qwen2', 'deepseek-r1-qwen', 'megrez', 'kormo', 'stablelm2', 'hunyuan'], pattern: QWEN2 },
  { names: ['tekken'], pattern: `${CASED('')}|\\p{N}${AFTER_WORDS}`, whole: true, addsBos: true, near: true },
  {
    names: ['gpt-4o', 'llama4', 'kanana2'],
    pattern: `${CASED("(?i:'s|'t|'re|'ve|'m|'ll|'d)?")}|\\p{N}{1,3}${AFTER_WORDS}`,
    near: true,
  },
];

/** The rule as tokenizer.json's `pre_tokenizer`. */
export function stepOf({ pattern, digits }: PreTokenizer): Step {
  const byteLevel = (use_regex: boolean): Step => ({
    type: 'ByteLevel',
    add_prefix_space: false,
    trim_offsets: true,
    use_regex,
  });
  if (pattern !== undefined) {
    const split: Step = { type: 'Split', pattern: { Regex: pattern }, behavior: 'Isolated', invert: false };
    return { type: 'Sequence', pretokenizers: [split, byteLevel(false)] };
  }
  if (!digits) return byteLevel(true);
  return { type: 'Sequence', pretokenizers: [{ type: 'Digits', individual_digits: true }, byteLevel(true)] };
}
