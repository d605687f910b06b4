import { isOn, listOf, none, type Outcome, plainValue, type Rule, type Source, turned } from './rule.ts';

/** Options that several trainers have under one name or another. */

/** Their AdamWs, whose arithmetic is ours; some keep their moments in fewer bits. */
const ADAMW =
  /^(adamw(_torch|_torch_fused|_hf|_anyprecision|_apex_fused)?|(paged_)?adamw_(8bit|32bit|bnb_8bit|torch_8bit|torch_4bit))$/;

export const optimizer = (theirs: string): Rule =>
  turned(theirs, [], 'AdamW is the optimizer, with moments in f32', (value) => {
    const name = String(value)
      .replace(/^OptimizerNames\./, '')
      .toLowerCase();
    if (!ADAMW.test(name)) return { lost: `AdamW is the only optimizer; ${name} needs another learning rate` };
    return /bit/.test(name) ? { note: `${name}: the moments are in f32 here` } : {};
  });

/** What AdamW is told, which is fixed here. */
export const fixed = (theirs: string, value: number): Rule =>
  turned(theirs, [], `always ${value}`, (given) => (Number(given) === value ? {} : { lost: `it is always ${value}` }));

export const schedule = (theirs: string, settings = 'lr_scheduler_kwargs'): Rule =>
  turned(
    theirs,
    ['schedule', 'minLearningRateRatio'],
    'linear, cosine, constant; others become the nearest',
    (value, all) => {
      const name = String(value).toLowerCase();
      const nearest = SCHEDULES[name];
      if (!nearest)
        return { options: { schedule: 'linear' }, lost: `there is no schedule ${name}; the nearest is linear` };
      const floor = floorOf(all, settings);
      return {
        options: { schedule: nearest, ...(floor === undefined ? {} : { minLearningRateRatio: floor }) },
        ...(EXACT.has(name) ? {} : { lost: `there is no schedule ${name}; the nearest is ${nearest}` }),
      };
    },
  );

const SCHEDULES: Readonly<Record<string, string>> = {
  linear: 'linear',
  polynomial: 'linear',
  inverse_sqrt: 'linear',
  warmup_stable_decay: 'linear',
  cosine: 'cosine',
  cosine_with_min_lr: 'cosine',
  cosine_warmup_with_min_lr: 'cosine',
  cosine_with_restarts: 'cosine',
  one_cycle: 'cosine',
  rex: 'cosine',
  constant: 'constant',
  constant_with_warmup: 'constant',
  reduce_lr_on_plateau: 'constant',
};
const EXACT = new Set(['linear', 'cosine', 'cosine_with_min_lr', 'constant', 'constant_with_warmup']);

/** As a share of the peak, from the schedule's own settings. */
function floorOf(all: Source, settings: string): unknown {
  const given = all[settings];
  const { min_lr_rate, min_lr } = (typeof given === 'string' ? parsed(given) : (given ?? {})) as Source;
  if (min_lr_rate !== undefined) return plainValue(min_lr_rate);
  return min_lr === undefined ? undefined : Number(min_lr) / Number(all.learning_rate);
}

function parsed(text: string): object {
  try {
    return JSON.parse(text.replaceAll("'", '"'));
  } catch {
    return {};
  }
}

/** Steps, or below 1 a share of them, as transformers 5 has it. */
export const warmupSteps = (theirs: string): Rule =>
  turned(theirs, ['warmupSteps', 'warmupRatio'], 'below 1: a share of the steps', (value) => {
    const steps = Number(value);
    if (steps === 0) return {};
    return { options: steps < 1 ? { warmupRatio: steps } : { warmupSteps: steps } };
  });

export const warmupRatio = (theirs: string): Rule =>
  turned(theirs, 'warmupRatio', 'where there is no number of steps', (value, all) =>
    isOn(plainValue(all.warmup_steps)) || Number(value) === 0 ? {} : { options: { warmupRatio: Number(value) } },
  );

/** 0 clips nothing there; here it is a bound that nothing reaches. */
export const clipping = (theirs: string): Rule =>
  turned(theirs, 'maxGradientNorm', '0 becomes 1e9, which clips nothing', (value) => ({
    options: { maxGradientNorm: Number(value) > 0 ? Number(value) : 1e9 },
  }));

/** A number above 0; 0 and -1 mean without there. */
export const positive = (theirs: string, ours: string, about = ''): Rule =>
  turned(theirs, ours, about, (value) => (Number(value) > 0 ? { options: { [ours]: Number(value) } } : {}));

export const targets = (theirs: string): Rule =>
  turned(theirs, 'loraTargets', 'names, or all-linear for all of them', (value) => {
    const names = listOf(value);
    const isAll = names.some((name) => ['all', 'all-linear'].includes(name));
    return names.length === 0 ? {} : { options: { loraTargets: isAll ? ['all-linear'] : names } };
  });

export const modulesToSave = (theirs: string): Rule =>
  turned(theirs, 'modulesToSave', '', (value) => (isOn(value) ? { options: { modulesToSave: listOf(value) } } : {}));

/** Whether adapters are trained: each trainer says it by another name. */
export const trainsAdapter = ({ adapter, finetuning_type, use_peft }: Source): boolean =>
  adapter === 'lora' || adapter === 'qlora' || finetuning_type === 'lora' || plainValue(use_peft) === true;

/** bf16 is of what is frozen here: a training of every weight is in f32. */
export const bf16 = (theirs: string): Rule =>
  turned(
    theirs,
    'precision',
    'of frozen weights and activations; with every weight trained it is f32',
    (value, all) => {
      if (value === 'auto') return { options: { precision: 'auto' } };
      if (!isOn(value)) return {};
      if (trainsAdapter(all)) return { options: { precision: 'bf16' } };
      return { lost: 'a training of every weight is in f32 here' };
    },
  );

const BITS = 'in blocks of 32 integers with a scale, in place of the blocks of bitsandbytes';

export const inBits = (theirs: string, bits: 4 | 8): Rule =>
  turned(theirs, 'quantize', BITS, (value) => (isOn(value) ? { options: { quantize: `int${bits}` }, note: BITS } : {}));

export const bitsOf = (value: unknown): Outcome => {
  const bits = Number(value);
  if (bits === 4 || bits === 8) return { options: { quantize: `int${bits}` }, note: BITS };
  return isOn(value) ? { lost: `there are 8 and 4 bits, not ${String(value)}` } : {};
};

/** Whether and when evaluations are made. */
export const evaluationEvery = (theirs: string): Rule =>
  turned(theirs, 'evaluateEvery', 'no: only at the end', (value, all) => {
    if (value === 'epoch') return { options: { evaluateEvery: 'epoch' } };
    return value === 'steps'
      ? stepsBetween(all.eval_steps ?? all.logging_steps, 'evaluateEvery', '--evaluate-every')
      : {};
  });

/** A whole number of steps; a share of all of them cannot be known before. */
export function stepsBetween(value: unknown, ours: string, flag: string): Outcome {
  const steps = Number(plainValue(value));
  if (!(steps > 0)) return {};
  return Number.isInteger(steps)
    ? { options: { [ours]: steps } }
    : { lost: `a share of all steps: give a number with ${flag}` };
}

export const checkpointEvery = (theirs: string): Rule =>
  turned(theirs, 'checkpointEvery', '', (value, all) =>
    ['no', 'epoch', 'best'].includes(String(all.save_strategy))
      ? {}
      : stepsBetween(value, 'checkpointEvery', '--checkpoint-every'),
  );

export const saveStrategy = (theirs: string): Rule =>
  turned(theirs, 'keep', 'best: the result is the best evaluation’s; checkpoints are counted in steps', (value) => {
    if (value === 'best') return { options: { keep: 'best' } };
    return value === 'epoch'
      ? { lost: 'checkpoints are counted in steps (--checkpoint-every); the end is always saved' }
      : {};
  });

export const bestMetric = (theirs: string): Rule =>
  turned(theirs, 'bestMetric', 'eval_loss is completionLoss; others are named as the recipe names them', (value) =>
    /^(eval_)?loss$/.test(String(value))
      ? { options: { bestMetric: 'completionLoss' } }
      : {
          lost: `evaluations are compared by a loss or a metric of the recipe (--best-metric), not by ${String(value)}`,
        },
  );

/** A share of the rows; a number of them is not known to be one before they are read. */
export const heldOut = (theirs: string): Rule =>
  turned(theirs, 'evalSplit', 'a share of the rows', (value) => {
    const share = Number(value);
    if (share > 0 && share < 1) return { options: { evalSplit: share } };
    return isOn(plainValue(value)) && share !== 0
      ? { lost: 'a number of rows: give their share with --eval-split' }
      : {};
  });

/** Weight of all that is not an answer; at 1 the template's text counts as well. */
export const FULL_LOSS = { promptLossWeight: 1, templateLossWeight: 1 } as const;
export const ANSWERS_ONLY = { promptLossWeight: 0 } as const;

/** Trackers by the name that transformers gives them. */
export const reportTo = (theirs: string): Rule =>
  turned(
    theirs,
    ['tensorboard', 'mlflow', 'wandb'],
    'tensorboard; the others with address or project',
    (value, all) => {
      const names = listOf(value).filter((name) => !['none', 'all'].includes(name));
      const lost = names.flatMap((name) =>
        name === 'tensorboard' || (name === 'wandb' && all.wandb_project)
          ? []
          : [TRACKERS[name] ?? `there is no tracker ${name}: a program can bring its own (Tracker)`],
      );
      return {
        options: names.includes('tensorboard') ? { tensorboard: true } : {},
        ...(lost.length > 0 && { lost: lost.join('; ') }),
      };
    },
  );

const TRACKERS: Readonly<Record<string, string>> = {
  mlflow: "give the server's address with --mlflow",
  wandb: 'give the project with --wandb',
};

const ONE_MACHINE = 'training is on one machine, on its processors';
export const distributed = (...names: readonly string[]): Rule[] => none(ONE_MACHINE, ...names);

export const HUB = (value: unknown): Outcome =>
  isOn(value)
    ? { lost: `after the training: counterweight push RUN --to ${typeof value === 'string' ? value : 'org/name'}` }
    : {};
