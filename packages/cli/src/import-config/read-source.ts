import { UserError } from '@counterweight/core';
import { parse } from 'yaml';
import { AXOLOTL_DEFAULTS, axolotl } from './axolotl.ts';
import { LLAMA_FACTORY_DEFAULTS, llamaFactory } from './llama-factory.ts';
import type { Rule, Source } from './rule.ts';
import { plainValue } from './rule.ts';
import { commandsOf, flagsOf } from './shell.ts';
import { TRL_ADAPTER_DEFAULTS, TRL_DEFAULTS, trl } from './trl.ts';

/** The trainers whose configurations are read, and each one's table: what its options are here. */
export const TRAINERS = {
  axolotl: { name: 'Axolotl', rules: axolotl },
  'llama-factory': { name: 'LLaMA-Factory', rules: llamaFactory },
  trl: { name: 'TRL', rules: trl },
} as const satisfies Readonly<Record<string, { readonly name: string; readonly rules: readonly Rule[] }>>;

export type Trainer = keyof typeof TRAINERS;
export const trainers = Object.keys(TRAINERS) as [Trainer, ...Trainer[]];

export interface ReadSource {
  readonly trainer: Trainer;
  readonly given: Source;
  /** What the trainer does where nothing is said, and matters. */
  readonly defaults: Source;
  /** Processes that it was to run on at the same time. */
  readonly processes: number;
}

/** @throws {UserError} for what is none of their configurations, or of another training than on rows with answers */
export function readSource(text: string, file: string, from: Trainer | undefined): ReadSource {
  const command = /[.](ya?ml|json)$/.test(file) ? undefined : sftCommand(text);
  const read = command ?? { given: parsed(text, file), processes: 1 };
  const trainer = from ?? (command ? 'trl' : detect(read.given, file));
  const kind = otherTraining(read.given);
  if (kind !== undefined) {
    throw refused(
      `This is a ${kind} training.`,
      file,
      'Only supervised fine-tuning, on rows with answers, is done here.',
    );
  }
  // Of YAML an empty value is one that is not there; TRL's null is Python's None.
  const said = Object.entries(read.given).filter(([, value]) => trainer === 'trl' || value !== null);
  return { trainer, ...read, given: Object.fromEntries(said), defaults: defaultsOf(trainer, read.given) };
}

function defaultsOf(trainer: Trainer, given: Source): Source {
  if (trainer === 'axolotl') return AXOLOTL_DEFAULTS;
  if (trainer === 'trl')
    return plainValue(given.use_peft) === true ? { ...TRL_DEFAULTS, ...TRL_ADAPTER_DEFAULTS } : TRL_DEFAULTS;
  const rank = Number(given.lora_rank ?? LLAMA_FACTORY_DEFAULTS.lora_rank);
  return given.finetuning_type === 'full'
    ? Object.fromEntries(Object.entries(LLAMA_FACTORY_DEFAULTS).filter(([name]) => !name.startsWith('lora_')))
    : { ...LLAMA_FACTORY_DEFAULTS, lora_alpha: 2 * rank };
}

/** The command of a script that is `trl sft`, or runs a script of that name. */
function sftCommand(text: string): { given: Source; processes: number } | undefined {
  for (const words of commandsOf(text)) {
    const script = words.findIndex(
      (word, i) => /(^|\/)\w*sft\w*[.]py$/.test(word) || (word === 'sft' && /(^|\/)trl$/.test(words[i - 1] ?? '')),
    );
    if (script < 0) continue;
    const launcher = flagsOf(words.slice(0, script));
    const processes = Number(launcher.num_processes ?? launcher.nproc_per_node ?? 1);
    return { given: flagsOf(words.slice(script + 1)), processes: Number.isInteger(processes) ? processes : 1 };
  }
  return undefined;
}

function parsed(text: string, file: string): Source {
  try {
    const value: unknown = parse(text);
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Source;
  } catch (cause) {
    const problem = `The configuration is no YAML: ${(cause as Error).message}`;
    throw new UserError({ code: 'file-malformed', problem, where: file, fix: 'Mend the file.', cause });
  }
  throw refused(
    'There is no configuration and no command of TRL in this file.',
    file,
    'Give YAML of Axolotl, LLaMA-Factory or TRL, or a script with trl sft or sft.py.',
  );
}

function detect(given: Source, file: string): Trainer {
  if ('base_model' in given) return 'axolotl';
  if ('model_name_or_path' in given) {
    const own = ['stage', 'finetuning_type', 'template', 'cutoff_len', 'dataset', 'lora_rank'];
    return own.some((name) => name in given) ? 'llama-factory' : 'trl';
  }
  throw refused(
    'No trainer is known whose configuration this is: it names no model.',
    file,
    `Say whose it is: --from ${trainers.join(' or ')}.`,
  );
}

/** Trainings on preferences, rewards and the like. */
function otherTraining({ rl, stage, reward_model, process_reward_model }: Source): string | undefined {
  if (rl) return String(rl);
  if (typeof stage === 'string' && !['sft', 'pt'].includes(stage)) return stage;
  // LLaMA-Factory names a model so in PPO.
  return reward_model === true || process_reward_model === true ? 'reward model' : undefined;
}

const refused = (problem: string, where: string, fix: string): UserError =>
  new UserError({ code: 'option-invalid', problem, where, fix });
