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

const BY_PATTERN: Readonly<Record<string, string>> = { [LLAMA3]: 'llama-bpe', [QWEN2]: 'qwen2' };

/** @throws {UserError} `model-unsupported` for rules that are not known */
export function preTokenizerName({ pre_tokenizer }: TokenizerJson, where: string): string {
  const steps = flatSteps(pre_tokenizer);
  const split = steps.find((step) => step.type === 'Split');
  const byteLevel = steps.find((step) => step.type === 'ByteLevel');
  const digits = steps.find((step) => step.type === 'Digits');
  const others = steps.filter((step) => step !== split && step !== byteLevel && step !== digits);
  const name = others.length > 0 ? undefined : nameOf(split, byteLevel, digits);
  if (name !== undefined) return name;
  throw new UserError({
    code: 'model-unsupported',
    problem: 'The way this tokenizer cuts text into words has no known name in llama.cpp.',
    where: `${where}, field "pre_tokenizer"`,
    fix: "Export with --to merged, and convert that folder with llama.cpp's own script.",
  });
}

function nameOf(split?: Step, byteLevel?: Step, digits?: Step): string | undefined {
  if (split) {
    const pattern = (split.pattern as { Regex?: string } | undefined)?.Regex;
    return digits || pattern === undefined ? undefined : BY_PATTERN[pattern];
  }
  // The pattern of GPT-2 is ByteLevel's own.
  if (byteLevel?.use_regex === false) return undefined;
  if (!digits) return byteLevel && 'gpt-2';
  return digits.individual_digits === true ? 'smollm' : undefined;
}
