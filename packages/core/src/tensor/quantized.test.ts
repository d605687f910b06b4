import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { openEngine } from '../engine/open-engine.ts';
import { dequantizeQ4_0, dequantizeQ4_1, dequantizeQ8_0 } from '../gguf/types/dequantize.ts';
import { matrixOf } from '../model/parameters/matrix.ts';
import { enginesWithKernels } from '../test-support/engines.ts';
import { largestDifference, randomTensor } from '../test-support/gradients.ts';
import { inBlocks } from '../test-support/in-blocks.ts';
import { isBfloat16, toFloat32, toPrecision } from './bfloat16.ts';
import { type BlockType, rowBytes } from './block-types.ts';
import { product } from './product.ts';
import { blockTypeOf, createQuantized, dequantizeRows, quantizeRows, writeRow } from './quantized.ts';

const engines = await enginesWithKernels();
const TYPES: readonly BlockType[] = ['q8_0', 'q4_0', 'q4_1'];
const dequantize = { q8_0: dequantizeQ8_0, q4_0: dequantizeQ4_0, q4_1: dequantizeQ4_1 };

/**
 * The most that a value changes, as a share of the largest magnitude: half a step between levels, and of q4_0 a whole one,
 * because its levels reach one step further to one side.
 */
const MOST = { q8_0: 0.5 / 127, q4_0: 1 / 8, q4_1: 1 / 15 };

const rowsOf = (matrix: tf.Tensor) => dequantizeRows(matrix, tf.range(0, matrix.shape[0] as number, 1, 'int32'));

const cases = engines.flatMap((engine) => TYPES.map((type) => ({ engine, type })));

describe.each(cases)('a matrix in blocks of $type ($engine)', ({ engine, type }) => {
  beforeAll(() => openEngine(engine));

  it('has values near those it was made of, the last block of a row among them', () => {
    for (const columns of [32, 96, 1, 31, 33, 172]) {
      tf.tidy(() => {
        const values = randomTensor([5, columns], columns, 3);
        const matrix = inBlocks(values, type);
        expect(blockTypeOf(matrix)).toBe(type);
        expect(largestDifference(rowsOf(matrix), values)).toBeLessThan(3 * MOST[type] * 1.01);
      });
    }
  });

  it('is filled row by row, and keeps values that are multiples of its scale', () => {
    tf.tidy(() => {
      const levels = tf.tensor2d(
        Array.from({ length: 4 * 64 }, (_, i) => ((i * 7) % 16) - 8),
        [4, 64],
      );
      const matrix = createQuantized([6, 64], type);
      expect(largestDifference(rowsOf(matrix), tf.zeros([6, 64]))).toBe(0);
      quantizeRows(matrix, 1, levels);
      quantizeRows(matrix, 5, tf.mul(tf.slice(levels, 0, 1), 0.5));
      const expected = tf.concat([tf.zeros([1, 64]), levels, tf.mul(tf.slice(levels, 0, 1), 0.5)]);
      // -8 / 127 is no level's scale in 8 bits.
      expect(largestDifference(rowsOf(matrix), expected)).toBeLessThan(type === 'q8_0' ? 0.04 : 1e-6);
    });
  });

  it("takes llama.cpp's blocks as they are", () => {
    const [rows, columns] = [3, 64];
    const bytes = Uint8Array.from({ length: rows * rowBytes(type, columns) }, (_, i) => (i * 97 + 13) % 251);
    const view = new DataView(bytes.buffer);
    for (let at = 0; at < bytes.length; at += rowBytes(type, 32)) {
      view.setUint16(at, 0x2c00 + at, true);
      if (type === 'q4_1') view.setUint16(at + 2, at % 40 === 0 ? 0x8123 : 0xb000 + at, true);
    }
    const expected = new Float32Array(rows * columns);
    dequantize[type](bytes, expected);
    tf.tidy(() => {
      const matrix = createQuantized([rows, columns], type);
      const size = rowBytes(type, columns);
      for (let row = 0; row < rows; row++) writeRow(matrix, row, bytes.subarray(row * size, (row + 1) * size));
      expect([...rowsOf(matrix).dataSync()]).toEqual([...expected]);
      expect(() => writeRow(matrix, rows, bytes.subarray(0, size))).toThrow('No place');
    });
  });

  it('multiplies as its values do, either way, whatever the number of rows', () => {
    for (const [rows, inner, outputs] of [
      [1, 64, 40],
      [3, 172, 37],
      [8, 1100, 9],
      [40, 172, 37],
      [70, 2100, 5],
      [130, 96, 200],
    ] as const) {
      for (const precision of ['f32', 'bf16'] as const) {
        tf.tidy(() => {
          const matrix = inBlocks(randomTensor([outputs, inner], 1), type);
          const plain = rowsOf(matrix);
          const x = toPrecision(randomTensor([rows, inner], 2), precision);
          const dy = toPrecision(randomTensor([rows, outputs], 3), precision);
          const forward = matrixOf(matrix).timesTransposed(x);
          const backward = matrixOf(matrix).times(dy);
          for (const [got, expected] of [
            [forward, product(toFloat32(x), plain, { transposeB: true })],
            [backward, product(toFloat32(dy), plain)],
          ] as const) {
            expect(isBfloat16(got)).toBe(precision === 'bf16');
            const scale = tf.max(tf.abs(expected)).dataSync()[0] as number;
            const error = largestDifference(toFloat32(got), expected) / scale;
            expect(error).toBeLessThan(precision === 'bf16' ? 1e-2 : 1e-5);
          }
        });
      }
    }
  });

  it('gives rows by their numbers, and pieces', () => {
    tf.tidy(() => {
      const tensor = inBlocks(randomTensor([7, 100], 4), type);
      const plain = rowsOf(tensor);
      const matrix = matrixOf(tensor);
      const numbers = tf.tensor1d([6, 0, 0, 3], 'int32');
      expect([...matrix.gatherRows(numbers).dataSync()]).toEqual([...tf.gather(plain, numbers).dataSync()]);
      for (const [begin, size] of [
        [
          [2, 0],
          [3, 100],
        ],
        [
          [0, 31],
          [7, 34],
        ],
        [
          [6, 99],
          [1, 1],
        ],
        [
          [1, 5],
          [0, 3],
        ],
      ] as [[number, number], [number, number]][]) {
        const piece = matrix.slice(begin, size);
        expect(piece.shape).toEqual(size);
        expect([...piece.dataSync()]).toEqual([...tf.slice(plain, begin, size).dataSync()]);
      }
    });
  });

  it('is refused by everything else', () => {
    tf.tidy(() => {
      const matrix = inBlocks(randomTensor([4, 32], 5), type);
      expect(() => tf.add(matrix, 1)).toThrow('takes no matrix in blocks');
      expect(() => tf.matMul(matrix, tf.ones([32, 2]))).toThrow('takes no matrix in blocks');
      expect(() => tf.slice(matrix, 0, 1)).toThrow('takes no matrix in blocks');
      expect(() => matrix.dataSync()).toThrow('tensor/quantized.ts');
      expect(() => dequantizeRows(matrix, tf.tensor1d([4], 'int32'))).toThrow('lies outside');
      expect(() => dequantizeRows(matrix, tf.tensor1d([0], 'int32'), [1, 32])).toThrow('lie outside');
      expect(() => quantizeRows(matrix, 3, tf.ones([2, 32]))).toThrow('lie outside');
      expect(() => quantizeRows(matrix, 0, tf.ones([2, 31]))).toThrow('no rows of the matrix');
      expect(() => quantizeRows(tf.ones([4, 32]), 0, tf.ones([2, 32]))).toThrow('not in blocks');
    });
  });

  it('leaves no memory behind', () => {
    const { backend } = tf.engine() as unknown as { backend: { door: { memory(): { used: number } } } };
    const before = backend.door.memory().used;
    const matrix = createQuantized([1000, 320], type);
    const used = backend.door.memory().used - before;
    expect(used).toBeGreaterThanOrEqual(1000 * rowBytes(type, 320));
    expect(used).toBeLessThan(1.2 * 1000 * rowBytes(type, 320));
    matrix.dispose();
    expect(backend.door.memory().used).toBe(before);
  });
});
