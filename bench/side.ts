import { spawn } from 'node:child_process';

/** One side of a comparison: a program whose last line of standard output is a {@link SideResult} in JSON. */
export interface Side {
  /** `Counterweight bf16` */
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

/** What a side reports of one run. Warm-up steps are in `losses` only. */
export interface SideResult {
  /** Real tokens: padding left out. */
  readonly tokensPerSecond: number;
  readonly examplesPerSecond: number;
  readonly stepSeconds: readonly number[];
  readonly firstStepSeconds: number;
  readonly peakResidentBytes: number;
  /** Of every step from the first on, in nats; of generation, the ids that were written in their place. */
  readonly losses: readonly number[];
  /** Speed of a matrix product in this process, by precision: what the machine could do. */
  readonly productGflops: Readonly<Record<string, number>>;
  readonly versions: Readonly<Record<string, string>>;
  readonly threads: number;
}

/** What a side of ours says of texts that were written several times over; the first time is left out of the figures. */
export function timesOfWriting(ids: readonly (readonly number[])[], seconds: readonly number[]) {
  const [firstStepSeconds = Number.NaN, ...later] = seconds;
  const each = later.reduce((sum, value) => sum + value, 0) / later.length;
  const losses = ids.flat();
  return {
    tokensPerSecond: losses.length / each,
    examplesPerSecond: ids.length / each,
    stepSeconds: later,
    firstStepSeconds,
    peakResidentBytes: process.resourceUsage().maxRSS * 1024,
    losses,
  } satisfies Partial<SideResult>;
}

/** Starts the program and reads its result. @throws {Error} when it fails or prints no result. */
export async function runOnce(side: Side): Promise<SideResult> {
  const output = await outputOf(side);
  const lastLine = output.trimEnd().split('\n').at(-1) ?? '';
  if (!lastLine.startsWith('{')) throw new Error(`${side.name}: the last line of its output is no JSON object`);
  return JSON.parse(lastLine) as SideResult;
}

/** What the program prints. @throws {Error} when it fails. */
export async function outputOf({ name, command, args, env }: Side): Promise<string> {
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'inherit'], env: { ...process.env, ...env } });
  let output = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    output += text;
  });
  const exitCode = await new Promise<number | null>((resolve, reject) => {
    child.on('error', reject).on('close', resolve);
  });
  if (exitCode !== 0) throw new Error(`${name}: ${command} ended with ${exitCode}`);
  return output;
}
