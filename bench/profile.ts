import * as tf from '@tensorflow/tfjs-core';
import type { NativeBackend } from '../packages/core/src/engine/native/backend.ts';
import type { Door } from '../packages/core/src/engine/native/door.ts';

/** As much of tfjs-node's backend as runs an operation of TensorFlow; it returns when the operation is done. */
interface TensorFlowBackend {
  binding: { executeOp(name: string, ...rest: unknown[]): { shape: readonly number[]; dtype: number }[] };
}

export interface OperationTime {
  readonly operation: string;
  readonly calls: number;
  readonly milliseconds: number;
}

export interface Profile {
  /** Forgets what was measured so far: the warm-up. */
  restart(): void;
  /** Sums since the restart, the largest first. */
  times(): OperationTime[];
}

/** TensorFlow's numbers of types, as far as they are met here. */
const TYPES: Readonly<Record<number, string>> = { 1: 'f32', 3: 'i32', 10: 'bool', 14: 'bf16' };

/** Measures every operation of the open engine from now on. @throws {Error} where the engine shows no operations. */
export function profileOperations(): Profile {
  const sums = new Map<string, { calls: number; milliseconds: number }>();
  const add: Note = (name, type, shape, began) => {
    const key = `${name} ${type} ${shape.join('×')}`;
    const sum = sums.get(key) ?? { calls: 0, milliseconds: 0 };
    sums.set(key, { calls: sum.calls + 1, milliseconds: sum.milliseconds + performance.now() - began });
  };
  const backend = tf.backend() as unknown as Partial<TensorFlowBackend & NativeBackend>;
  if (backend.door) watchDoor(backend.door, add);
  else if (backend.binding) watchBinding(backend as TensorFlowBackend, add);
  else throw new Error('A profile needs the engine native or tfjs-node');
  return {
    restart: () => sums.clear(),
    times: () =>
      [...sums].map(([operation, sum]) => ({ operation, ...sum })).sort((a, b) => b.milliseconds - a.milliseconds),
  };
}

type Note = (name: string, type: string, shape: readonly number[], began: number) => void;

function watchDoor(door: { -readonly [Name in keyof Door]: Door[Name] }, note: Note): void {
  const names = (JSON.parse(door.describe()) as { name: string }[]).map(({ name }) => name);
  const run = door.run.bind(door);
  door.run = () => {
    const name = names[door.mailbox[0] as number] as string;
    const began = performance.now();
    const status = run();
    const [outputs, , type, rank] = door.mailbox;
    const shape = outputs === 0 ? [] : [...door.mailbox.subarray(4, 4 + (rank as number))];
    note(name, outputs === 0 ? '' : (['f32', 'bf16', 'i32', 'bool'][type as number] ?? ''), shape, began);
    return status;
  };
}

function watchBinding(backend: TensorFlowBackend, note: Note): void {
  const { binding } = backend;
  const execute = binding.executeOp;
  const executeOp: typeof execute = (name, ...rest) => {
    const began = performance.now();
    const outputs = execute.call(binding, name, ...rest);
    const [first] = outputs;
    note(name, first ? (TYPES[first.dtype] ?? String(first.dtype)) : '', first?.shape ?? [], began);
    return outputs;
  };
  // The binding's own properties can't be written, but an object that inherits them can have one of its own.
  backend.binding = Object.create(binding, { executeOp: { value: executeOp } });
}

/** Per step: every operation with the shape of its output, then the sum by operation, and what is spent outside of them. */
export function profileTable(times: readonly OperationTime[], stepSeconds: readonly number[]): string {
  const steps = stepSeconds.length;
  const total = times.reduce((sum, { milliseconds }) => sum + milliseconds, 0);
  const step = (1000 * stepSeconds.reduce((sum, seconds) => sum + seconds, 0)) / steps;
  const line = ({ operation, calls, milliseconds }: OperationTime) =>
    `${(milliseconds / steps).toFixed(1).padStart(9)} ${(calls / steps).toFixed(0).padStart(7)}  ${operation}`;
  return [
    'ms/step    calls  operation',
    ...byName(times).map(line),
    '',
    'ms/step    calls  operation, type and shape of its first output',
    ...times.slice(0, 45).map(line),
    '',
    `${step.toFixed(1)} ms a step, of which ${(total / steps).toFixed(1)} inside operations; mean of ${steps} steps`,
  ].join('\n');
}

function byName(times: readonly OperationTime[]): OperationTime[] {
  const sums = new Map<string, OperationTime>();
  for (const { operation, calls, milliseconds } of times) {
    const name = operation.split(' ')[0] as string;
    const sum = sums.get(name) ?? { operation: name, calls: 0, milliseconds: 0 };
    sums.set(name, { operation: name, calls: sum.calls + calls, milliseconds: sum.milliseconds + milliseconds });
  }
  return [...sums.values()].sort((a, b) => b.milliseconds - a.milliseconds);
}
