import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** What was measured of training one model in one way. */
export interface MethodConstants {
  /** Parameters that are trained. */
  readonly trainable: number;
  /** Of a micro-batch: four rows of up to 256 tokens, packed. */
  readonly tokens: number;
  readonly microBatchSeconds: number;
  /** Standard deviation of the time of a token from step to step, as a share of its mean. */
  readonly variation: number;
  /** All of a run but its steps: begin, read, save, leave. */
  readonly startSeconds: number;
}

/** `constants.json`, which `measure.ts` writes: everything that was measured, on one machine. */
export interface Constants {
  readonly measured: {
    readonly day: string;
    readonly processor: string;
    readonly processors: number;
    /** The machine's load while it was measured: more than `processors` means that others worked beside. */
    readonly load: number;
  };
  readonly model: { readonly name: string; readonly parameters: number };
  readonly lora: MethodConstants;
  readonly full: MethodConstants;
  /** Of a micro-batch that is packed and weighed, whosever it is. */
  readonly dealSeconds: number;
  /** Norm and AdamW. */
  readonly updateSecondsPerMillion: number;
  /** Two workers of one machine: adding up 20 MB, and telling each other a few words. */
  readonly sumSeconds: number;
  readonly exchangeSeconds: number;
  readonly diskBytesPerSecond: number;
}

export const constantsFile = fileURLToPath(new URL('constants.json', import.meta.url));

export const readConstants = (): Constants => JSON.parse(readFileSync(constantsFile, 'utf8')) as Constants;

/** What was not measured, because it takes many machines. Each is named in docs/scaling.md. */
export const ASSUMED = {
  /** Bits a second of a machine's link, of which nine tenths arrive. */
  links: { '10 GbE': 10e9, '100 GbE': 100e9 },
  linkEfficiency: 0.9,
  /** From one machine to another, and what sending a message costs beside. */
  latencySeconds: 50e-6,
  messageSeconds: 5e-6,
  /** A machine fails once in so many hours. */
  hoursBetweenFailures: 2_000,
  /** From the failure to the first process of the job that is started again. */
  queueSeconds: 60,
  /** What a file server gives to all machines together, in bits a second. */
  serverBits: 25e9,
  /** Variation of a token's time on machines that do nothing else. */
  quietVariation: 0.03,
} as const;
