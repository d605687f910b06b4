import { UserError } from '../../errors.ts';
import { flatSteps, type Step, type TokenizerJson } from '../../tokenizer/tokenizer-json.ts';

/**
 * llama.cpp cuts text into words by rules of its own, chosen by a name (`tokenizer.ggml.pre`). The name is found by the
 * rules in tokenizer.json: the pattern they split by, and whether digits stand alone. A rule that is not listed here is
 * refused, for another name would cut the text otherwise than the model learnt it.
 */
const LLAMA3 =
  "(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}{1,3}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+";
const QWEN2 = LLAMA3.replace('{1,3}', '');

/** `llama-bpe` takes a word that is a token as it is, without its merges (`ignore_merges`); the others merge. */
const BY_PATTERN: Readonly<Record<string, { merging: string | undefined; whole: string | undefined }>> = {
  [LLAMA3]: { merging: 'dbrx', whole: 'llama-bpe' },
  [QWEN2]: { merging: 'qwen2', whole: undefined },
};

/** @throws {UserError} `model-unsupported` for rules that are not known */
export function preTokenizerName({ pre_tokenizer, model }: TokenizerJson, where: string): string {
  const steps = flatSteps(pre_tokenizer);
  const split = steps.find((step) => step.type === 'Split');
  const byteLevel = steps.find((step) => step.type === 'ByteLevel');
  const digits = steps.find((step) => step.type === 'Digits');
  const others = steps.filter((step) => step !== split && step !== byteLevel && step !== digits);
  const inOrder =
    others.length === 0 && steps.length <= 2 && steps.at(-1) === byteLevel && !byteLevel?.add_prefix_space;
  const name = inOrder ? nameOf(model.ignore_merges === true, { split, byteLevel, digits }) : undefined;
  if (name !== undefined) return name;
  throw new UserError({
    code: 'model-unsupported',
    problem: 'The way this tokenizer cuts text into words has no known name in llama.cpp.',
    where: `${where}, field "pre_tokenizer"`,
    fix: "Export with --to merged, and convert that folder with llama.cpp's own script.",
  });
}

function nameOf(
  takesWhole: boolean,
  { split, byteLevel, digits }: { split?: Step | undefined; byteLevel?: Step | undefined; digits?: Step | undefined },
): string | undefined {
  if (split) {
    const pattern = (split.pattern as { Regex?: string } | undefined)?.Regex;
    if (digits || pattern === undefined || byteLevel?.use_regex !== false) return undefined;
    if (split.invert === true || (split.behavior ?? 'Isolated') !== 'Isolated') return undefined;
    return BY_PATTERN[pattern]?.[takesWhole ? 'whole' : 'merging'];
  }
  // The pattern of GPT-2 is ByteLevel's own.
  if (byteLevel?.use_regex === false || takesWhole) return undefined;
  if (!digits) return byteLevel && 'gpt-2';
  return digits.individual_digits === true ? 'smollm' : undefined;
}
