import { UserError } from '../../errors.ts';
import { flatSteps, type Step, type TokenizerJson } from '../../tokenizer/tokenizer-json.ts';
import { PRE_TOKENIZERS } from './pre-tokenizers.ts';

/**
 * llama.cpp's name for the rule by which tokenizer.json cuts texts into words. A rule that has none is refused, for another
 * name would cut the text otherwise than the model learnt it.
 * @throws {UserError} `model-unsupported` for rules that are not known
 */
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
  const pattern = (split?.pattern as { Regex?: string } | undefined)?.Regex;
  if (split) {
    if (digits || pattern === undefined || byteLevel?.use_regex !== false) return undefined;
    if (split.invert === true || (split.behavior ?? 'Isolated') !== 'Isolated') return undefined;
    // The pattern of GPT-2 is ByteLevel's own.
  } else if (!byteLevel || byteLevel.use_regex === false || (digits && digits.individual_digits !== true)) {
    return undefined;
  }
  const rule = PRE_TOKENIZERS.find(
    (one) =>
      !one.near &&
      one.pattern === pattern &&
      (one.digits ?? false) === Boolean(digits) &&
      (one.whole ?? false) === takesWhole,
  );
  return rule?.names[0];
}
