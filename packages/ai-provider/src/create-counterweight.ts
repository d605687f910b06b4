import { basename, resolve } from 'node:path';
import { type LanguageModelV4, NoSuchModelError, type ProviderV4 } from '@ai-sdk/provider';
import { type HeldModels, type HoldOptions, holdModels, type ModelToHold, modelOfRun } from '@counterweight/core';
import { languageModel } from './language-model.ts';

export interface CounterweightSettings extends Pick<HoldOptions, 'engine'> {
  /** Folders of finished runs, by the names that they are called by; in a list each has the name of its folder. */
  readonly runs?: readonly string[] | Readonly<Record<string, string>> | undefined;
  /** Models and adapters that are no runs. */
  readonly models?: readonly ModelToHold[] | undefined;
}

/** Models of this process for the AI SDK. They are read when one is first asked, once, and lie in memory until `close`. */
export interface CounterweightProvider extends ProviderV4 {
  (name: string): LanguageModelV4;
  /** Reads the models now, so that the first request does not wait for it. */
  load(): Promise<void>;
  /** Gives their memory back; who asks later has them read again. */
  close(): Promise<void>;
}

/** One model, with what holds it. */
export type CounterweightModel = LanguageModelV4 & Pick<CounterweightProvider, 'load' | 'close'>;

/**
 * Runs and models by name. Adapters on one base share its memory; one request is answered at a time.
 * @throws {NoSuchModelError} from the provider, for a name that there is not
 * @example
 * ```ts
 * import { createCounterweight } from '@counterweight/ai-provider';
 * import { generateText } from 'ai';
 *
 * const tuned = createCounterweight({ runs: { first: 'runs/first', second: 'runs/second' } });
 * const { text } = await generateText({ model: tuned('second'), prompt: 'Where is my card?' });
 * ```
 */
export function createCounterweight({ runs = [], models = [], engine }: CounterweightSettings): CounterweightProvider {
  const ofRuns = Array.isArray(runs)
    ? runs.map((run: string) => [basename(resolve(run)), run] as const)
    : Object.entries(runs);
  const names = [...ofRuns.map(([name]) => name), ...models.map(({ name }) => name)];
  let held: Promise<HeldModels> | undefined;
  const hold = async (): Promise<HeldModels> => {
    const found = await Promise.all(ofRuns.map(([name, run]) => modelOfRun(run, { name })));
    return holdModels({ models: [...found, ...models], engine });
  };
  const open = (): Promise<HeldModels> => {
    const opening = held ?? hold();
    held = opening;
    // What could not be read may be there the next time.
    opening.catch(() => {
      if (held === opening) held = undefined;
    });
    return opening;
  };
  const modelNamed = (name: string): LanguageModelV4 => {
    if (!names.includes(name)) throw noSuchModel(name, 'languageModel', `There are: ${names.join(', ')}.`);
    return languageModel(name, async () => (await open()).get(name));
  };
  return Object.assign((name: string) => modelNamed(name), {
    specificationVersion: 'v4' as const,
    languageModel: modelNamed,
    embeddingModel(name: string): never {
      throw noSuchModel(name, 'embeddingModel');
    },
    imageModel(name: string): never {
      throw noSuchModel(name, 'imageModel');
    },
    load: async () => void (await open()),
    async close() {
      const opened = held;
      held = undefined;
      await (await opened?.catch(() => undefined))?.close();
    },
  });
}

/**
 * What one run has made, as a model of the AI SDK.
 * @example
 * ```ts
 * import { counterweight } from '@counterweight/ai-provider';
 * import { streamText } from 'ai';
 *
 * const { textStream } = streamText({ model: counterweight({ run: 'runs/first' }), prompt: 'Where is my card?' });
 * for await (const text of textStream) process.stdout.write(text);
 * ```
 */
export function counterweight({
  run,
  engine,
}: { readonly run: string } & Pick<HoldOptions, 'engine'>): CounterweightModel {
  const name = basename(resolve(run));
  const { languageModel, load, close } = createCounterweight({ runs: { [name]: run }, engine });
  return { ...languageModel(name), load, close };
}

const noSuchModel = (
  modelId: string,
  modelType: 'languageModel' | 'embeddingModel' | 'imageModel',
  more = '',
): NoSuchModelError =>
  new NoSuchModelError({
    modelId,
    modelType,
    message: `Counterweight has no ${modelType} "${modelId}". ${more}`.trim(),
  });
