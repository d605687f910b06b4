import { UserError } from '../errors.ts';
import type { JsonObject } from './json.ts';

/** Fields of a Hugging Face config.json, by their kinds. */
export interface ConfigFields {
  /** @throws {UserError} when none of the names is a number of the config */
  number(...names: string[]): number;
  numberOr<Other>(other: Other, ...names: string[]): number | Other;
  flagOr(other: boolean, name: string): boolean;
  /** @throws {UserError} `model-unsupported`, naming the field */
  refuse(field: string, why: string): never;
  readonly headSize: number;
  readonly keyValueHeads: number;
  /** In both spellings: `rope_parameters` (today's, for some families one for each kind of layer) and `rope_theta`. */
  readonly rope: Rope;
  /** Of layers with a window, where they turn otherwise. */
  readonly localTheta: number;
}

export interface Rope {
  readonly theta: number;
  readonly type: string;
  readonly parameters: JsonObject;
}

const DEFAULT_THETA = 10_000;
/** Of families that have another one. */
const OTHER_THETAS: Readonly<Record<string, number>> = { smollm3: 2_000_000, gemma3_text: 1_000_000 };

export function configFields(config: JsonObject, where: string): ConfigFields {
  const numberOr = <Other>(other: Other, ...names: string[]) => {
    const found = names.map((name) => config[name]).find((value) => typeof value === 'number');
    return typeof found === 'number' ? found : other;
  };
  const number = (...names: string[]) => {
    const value = numberOr(undefined, ...names);
    if (value !== undefined) return value;
    throw new UserError({
      code: 'model-invalid',
      problem: `config.json has no number "${names[0]}".`,
      where,
      fix: 'Use the config.json that was saved with the model.',
    });
  };
  const refuse = (field: string, why: string): never => {
    throw new UserError({
      code: 'model-unsupported',
      problem: `This model cannot be exported this way: ${why}`,
      where: `${where}, field "${field}"`,
      fix: 'Export it with --to merged, and convert that folder with the tools of the format.',
    });
  };
  const heads = () => number('num_attention_heads', 'n_head');
  return {
    number,
    numberOr,
    refuse,
    flagOr: (other, name) => (typeof config[name] === 'boolean' ? config[name] : other),
    get headSize() {
      return numberOr(undefined, 'head_dim') ?? number('hidden_size', 'n_embd') / heads();
    },
    get keyValueHeads() {
      return numberOr(undefined, 'num_key_value_heads') ?? heads();
    },
    get rope() {
      return ropeOf(config);
    },
    get localTheta() {
      const { sliding_attention: nearby } = (config.rope_parameters ?? {}) as { sliding_attention?: JsonObject };
      return typeof nearby?.rope_theta === 'number' ? nearby.rope_theta : DEFAULT_THETA;
    },
  };
}

function ropeOf(config: JsonObject): Rope {
  const object = (value: unknown) => (typeof value === 'object' && value !== null ? (value as JsonObject) : undefined);
  const given = object(config.rope_parameters) ?? object(config.rope_scaling) ?? {};
  const parameters = object(given.full_attention) ?? given;
  const theta = [parameters.rope_theta, config.rope_theta, config.rotary_emb_base].find(
    (one) => typeof one === 'number',
  );
  const type = parameters.rope_type ?? parameters.type ?? 'default';
  const otherwise = OTHER_THETAS[String(config.model_type)] ?? DEFAULT_THETA;
  return { theta: typeof theta === 'number' ? theta : otherwise, type: String(type), parameters };
}
