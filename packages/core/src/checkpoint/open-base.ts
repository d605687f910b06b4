import * as tf from '@tensorflow/tfjs-core';
import type { Decoder } from '../model/decoder.ts';
import { createParameterStore } from '../model/parameters/parameter-store.ts';
import type { SettledTraining } from '../training/options.ts';
import { addStoredAdapter } from './adapter/adapt-model.ts';
import { loadModel } from './pretrained/load-model.ts';

/** A pretrained model that is read once, for use with one adapter or another. */
export interface OpenBase {
  /**
   * The model, with an adapter of PEFT's layout or without: its tensors are the base's own memory, and the adapter's beside
   * it. Goes on after the base is disposed.
   * @throws {UserError} for an adapter that does not fit
   */
  decoderWith(adapter: string | undefined): Promise<{ decoder: Decoder; dispose: () => void }>;
  dispose(): void;
}

/** @throws {UserError} for what cannot be read; the reason of the signal */
export async function openBase(
  folder: string,
  training: SettledTraining,
  signal?: AbortSignal | undefined,
): Promise<OpenBase> {
  const { precision } = training;
  const base = await loadModel(folder, precision, { signal, quantization: { ...training, vocabulary: undefined } });
  return {
    async decoderWith(adapter) {
      // A clone is one more handle of the same memory, which lasts as long as any of them.
      const tensors = new Map([...base.tensors].map(([name, tensor]) => [name, tf.clone(tensor)]));
      const own = { ...base, tensors };
      try {
        const model = adapter === undefined ? { ...own, trainable: [] } : await addStoredAdapter(own, adapter);
        const { config, blocks, trainable } = model;
        const parameters = createParameterStore(model.tensors, [], precision, trainable);
        return { decoder: { config, blocks, parameters }, dispose: parameters.dispose };
      } catch (error) {
        tf.dispose([...tensors.values()].filter(({ isDisposed }) => !isDisposed));
        throw error;
      }
    },
    dispose: () => tf.dispose([...base.tensors.values()]),
  };
}
