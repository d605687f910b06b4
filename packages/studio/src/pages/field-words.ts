import { inWords } from '@counterweight/core/report';

/** What a form calls options that it does not call by their own names. */
export const FIELD_WORDS = {
  model: 'folder, GGUF file or hub id',
  data: 'rows to train on',
  evalData: 'rows to evaluate on',
  evalSplit: 'share that is held out',
  map: 'columns',
  promptLossWeight: 'prompt’s weight',
  output: 'name of the run',
  weights: 'weights',
  seeds: 'seeds of each',
} as const;

const fieldOf = (option: string): string =>
  `“${Object.hasOwn(FIELD_WORDS, option) ? FIELD_WORDS[option as keyof typeof FIELD_WORDS] : inWords(option)}”`;

const FLAG = /(?<![\w-])--([a-z][a-z0-9]*(?:-[a-z0-9]+)*)/g;

/**
 * A message of a command in the words of the page: `--eval-split 0.1` is what stands beside its field, and so is `option
 * evalSplit`, as a program is told.
 */
export const inFormWords = (message: string): string =>
  message
    .replaceAll(FLAG, (_, flag: string) =>
      fieldOf(flag.replaceAll(/-(\w)/g, (_, letter: string) => letter.toUpperCase())),
    )
    .replaceAll(/\boption ([a-z]+(?:[A-Z][a-z]*)*)$/gm, (_, option: string) => fieldOf(option));
