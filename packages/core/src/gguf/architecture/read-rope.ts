import { configFields } from '../../export/config-fields.ts';
import { type Described, decimal, type Json } from './described.ts';
import { ROPE_FACTORS, ropeFactors } from './rope-factors.ts';

/** Contexts that Llama 3's scaling began from, in models that there are. */
const FIRST_CONTEXTS = [8192, 4096, 2048, 16_384, 32_768];
/** Of a factor, which is an f32. */
const TOLERANCE = 1e-5;

/**
 * How positions become angles, as config.json says it.
 * @throws {UserError} `model-unsupported` for a scaling that depends on the length of the text (yarn, longrope), with its name
 */
export function readRope(described: Described, headSize: number): Json & { partial_rotary_factor?: number } {
  const { numberOr } = described;
  const rotated = numberOr('rope.dimension_count', headSize);
  return {
    rope_theta: decimal(numberOr('rope.freq_base', 10_000)),
    ...(rotated === headSize ? {} : { partial_rotary_factor: rotated / headSize }),
    ...scalingOf(described, headSize),
  };
}

function scalingOf(described: Described, headSize: number): Json {
  const { metadata, numberOr } = described;
  const key = `${metadata.text('general.architecture')}.rope.scaling.type`;
  const type = metadata.textOr(key, 'none');
  const factors = described.values(ROPE_FACTORS);
  if (factors) return { rope_scaling: llama3(described, factors, headSize) };
  if (type === 'linear') {
    return {
      rope_scaling: { rope_type: 'linear', factor: numberOr('rope.scaling.factor', numberOr('rope.scale_linear', 1)) },
    };
  }
  return type === 'none' ? {} : metadata.refuse(key, `the rotary scaling "${type}" is not computed.`);
}

/** Llama 3's scaling travels as the factors that follow from it: its parameters are those that give the same ones. */
function llama3(described: Described, factors: readonly number[], headSize: number): Json {
  const { metadata, numberOr } = described;
  if (2 * factors.length !== headSize) {
    metadata.refuse(ROPE_FACTORS, `it has ${factors.length} factors for heads of ${headSize} features.`);
  }
  const theta = decimal(numberOr('rope.freq_base', 10_000));
  const factor = decimal(Math.max(...factors));
  const usual = FIRST_CONTEXTS.map((context) => ({ context, high: 4 }));
  for (const { context, high } of [...usual, ...solved(factors, { factor, theta, headSize })]) {
    const parameters = {
      rope_type: 'llama3',
      factor,
      low_freq_factor: 1,
      high_freq_factor: high,
      original_max_position_embeddings: context,
    };
    const config = { head_dim: headSize, rope_theta: theta, rope_scaling: parameters };
    const own = ropeFactors(configFields(config, metadata.file));
    const isSame = (value: number, i: number) => Math.abs(value - (factors[i] ?? 0)) <= TOLERANCE * value;
    if (own?.every(isSame)) return parameters;
  }
  return metadata.refuse(ROPE_FACTORS, 'no parameters of the scaling "llama3" give these factors.');
}

/**
 * Of a wave between the long ones and the short ones, `1 / factor = (1 - s) / f + s` with
 * `s = (context / wavelength - low) / (high - low)`: two of them give context and high, where low is 1, as only their
 * ratios matter; one gives the context, where high is 4, as everywhere.
 */
function solved(
  factors: readonly number[],
  { factor, theta, headSize }: { factor: number; theta: number; headSize: number },
): { context: number; high: number }[] {
  const between = factors.flatMap((one, i) => {
    const kept = (1 / one - 1 / factor) / (1 - 1 / factor);
    const waves = 1 / (2 * Math.PI * theta ** ((2 * i) / headSize));
    return kept > TOLERANCE && kept < 1 - TOLERANCE ? [{ kept, waves }] : [];
  });
  const [first, last] = [between[0], between.at(-1)];
  if (!first || !last) return [];
  if (first === last) return [{ context: Math.round((3 * first.kept + 1) / first.waves), high: 4 }];
  const slope = (first.kept - last.kept) / (first.waves - last.waves);
  const width = 1 / (slope * first.waves - first.kept);
  return [{ context: Math.round(slope * width), high: Number((1 + width).toPrecision(4)) }];
}
