import { openDecoder } from '../checkpoint/open-decoder.ts';
import { openEngine } from '../engine/open-engine.ts';
import type { Decoder } from '../model/decoder.ts';
import type { EngineName } from '../tensor/engine.ts';
import type { Task } from './open-task.ts';
import { settleForUse } from './settle-precision.ts';

/** Opens the engine and reads the model for inference, with an adapter of PEFT's layout if one is given. */
export async function openModel<Row>(
  task: Task<Row>,
  { engine }: { engine?: EngineName | 'auto' | undefined },
): Promise<{ decoder: Decoder; dispose: () => void }> {
  await openEngine(engine);
  const { modelFolder: folder, adapter, vocabulary, training, signal } = await settleForUse(task);
  const source = { folder, adapter: adapter?.folder, vocabulary, signal };
  const { decoder } = await openDecoder(source, training, { train: false });
  return { decoder, dispose: decoder.parameters.dispose };
}
