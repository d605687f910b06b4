import * as tf from '@tensorflow/tfjs-core';
import { callKernel } from '../tensor/kernels.ts';
import type { Communicator } from '../training/communicator.ts';

/**
 * Workers of one process, which take turns where they wait for each other: what they ask for in the same order meets.
 * For engines of our own, whose vectors can be written into.
 */
export function workersInProcess(size: number): Communicator[] {
  const meetings: { readonly values: unknown[]; arrived: number; readonly done: Promise<void>; all: () => void }[] = [];
  const meetingAt = (number: number) => {
    const before = meetings[number];
    if (before) return before;
    let all = () => {};
    const done = new Promise<void>((resolve) => {
      all = resolve;
    });
    const meeting = { values: Array<unknown>(size), arrived: 0, done, all: () => all() };
    meetings[number] = meeting;
    return meeting;
  };
  return Array.from({ length: size }, (_, rank) => {
    let number = 0;
    const meet = async <Value>(own: Value): Promise<Value[]> => {
      const meeting = meetingAt(number++);
      meeting.values[rank] = structuredClone(own);
      if (++meeting.arrived === size) meeting.all();
      await meeting.done;
      return structuredClone(meeting.values) as Value[];
    };
    const write = (vector: tf.Tensor1D, offset: number, values: Float32Array) => {
      if (values.length === 0) return;
      const piece = tf.tensor1d(values);
      callKernel('CwAddTo', [vector, piece], 0, { int: { offset, overwrite: 1 } });
      piece.dispose();
    };
    return {
      rank,
      size,
      exchange: meet,
      async sumParts(vector, parts) {
        const all = await meet(await vector.data<'float32'>());
        const [from, to] = [parts[rank] as number, parts[rank + 1] as number];
        const sum = (all[0] as Float32Array).slice(from, to);
        for (const other of all.slice(1)) for (let i = 0; i < sum.length; i++) sum[i]! += other[from + i] as number;
        write(vector, from, sum);
      },
      async shareParts(vector, parts) {
        const all = await meet(await vector.data<'float32'>());
        for (const [r, theirs] of all.entries())
          write(vector, parts[r] as number, theirs.slice(parts[r], parts[r + 1]));
      },
    };
  });
}
