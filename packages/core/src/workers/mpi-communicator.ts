import { deserialize, serialize } from 'node:v8';
import * as tf from '@tensorflow/tfjs-core';
import type { NativeBackend } from '../engine/native/backend.ts';
import type { MpiDoor } from '../engine/native/door.ts';
import type { Communicator, Parts } from '../training/communicator.ts';

/**
 * Workers that speak through MPI. Its calls return when they are done: a sum takes as long as an operation of the engine,
 * and whoever waits for another worker has nothing else to do (`native/workers/collectives.cc` sleeps then).
 */
export function mpiCommunicator(mpi: MpiDoor, { rank, size }: Pick<Communicator, 'rank' | 'size'>): Communicator {
  const address = ({ dataId }: tf.Tensor) => (tf.backend() as unknown as NativeBackend).addressOf(dataId);
  return {
    rank,
    size,
    exchange: async <Value>(own: Value) =>
      mpi.exchange(serialize(own)).map((bytes) => deserialize(new Uint8Array(bytes)) as Value),
    sumParts: async (vector, parts) => mpi.sumParts(address(vector), boundsOf(parts)),
    shareParts: async (vector, parts) => mpi.shareParts(address(vector), boundsOf(parts)),
  };
}

const boundsOf = (parts: Parts): Float64Array => Float64Array.from(parts);
