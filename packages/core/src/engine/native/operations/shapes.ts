import * as tf from '@tensorflow/tfjs-core';
import type { NativeBackend } from '../backend.ts';
import { callOne, type Info, type KernelTable, reshaped, share } from './kernel.ts';

const { slice_util, util, backend_util } = tf;

/** Kernels that move values, or share them. */
export const shapeKernels: KernelTable = {
  Identity: ({ inputs: { x }, backend }) => share(backend, x, x.shape),
  Reshape({ inputs: { x }, attrs, backend }) {
    const size = util.sizeFromShape(x.shape);
    const shape = util.inferFromImplicitShape(attrs.shape, size);
    if (util.sizeFromShape(shape) !== size) throw new Error(`A tensor [${x.shape}] has no shape [${attrs.shape}]`);
    return share(backend, x, shape);
  },
  ExpandDims({ inputs: { input }, attrs, backend }) {
    const rank = input.shape.length;
    const dim = attrs.dim < 0 ? attrs.dim + rank + 1 : attrs.dim;
    if (!(dim >= 0 && dim <= rank)) throw new Error(`A tensor [${input.shape}] takes no new dimension at ${attrs.dim}`);
    return share(backend, input, input.shape.toSpliced(dim, 0, 1));
  },
  Slice({ inputs: { x }, attrs, backend }) {
    const [begin = [], size = []] = slice_util.parseSliceParams(x as tf.Tensor, attrs.begin, attrs.size);
    return slice(
      backend,
      x,
      begin,
      begin.map(() => 1),
      size,
    );
  },
  StridedSlice({ inputs: { x }, attrs, backend }) {
    const { beginMask, endMask, ellipsisMask, newAxisMask, shrinkAxisMask } = attrs;
    const masks = [beginMask, endMask, ellipsisMask, newAxisMask, shrinkAxisMask] as const;
    const info = slice_util.sliceInfo(x.shape, attrs.begin, attrs.end, attrs.strides, ...masks);
    const size = info.begin.map((from, i) => {
      const [to, stride] = [info.end[i] as number, info.strides[i] as number];
      return Math.max(0, Math.ceil((to - from) / stride));
    });
    return reshaped(slice(backend, x, info.begin, info.strides, size), info.finalShape);
  },
  Transpose({ inputs: { x }, attrs, backend }) {
    const perm = attrs.perm as readonly number[];
    const moved = perm.filter((axis) => x.shape[axis] !== 1);
    const staysInOrder = moved.every((axis, i) => i === 0 || axis > (moved[i - 1] as number));
    if (!staysInOrder || perm.length !== x.shape.length) return callOne(backend, 'Transpose', [x], { perm });
    return share(
      backend,
      x,
      perm.map((axis) => x.shape[axis] as number),
    );
  },
  Reverse: ({ inputs: { x }, attrs, backend }) =>
    callOne(backend, 'Reverse', [x], { dims: x.shape.length === 0 ? [] : util.parseAxisParam(attrs.dims, x.shape) }),
  Tile: ({ inputs: { x }, attrs, backend }) => callOne(backend, 'Tile', [x], { reps: attrs.reps }),
  PadV2: ({ inputs: { x }, attrs: { paddings, constantValue }, backend }) =>
    callOne(backend, 'PadV2', [x], { paddings: paddings.flat(), constantValue }),
  Concat({ inputs, attrs, backend }) {
    const parts = Object.values(inputs);
    return concat(backend, parts, util.parseAxisParam(attrs.axis, (parts[0] as Info).shape)[0] as number);
  },
  SplitV({ inputs: { x }, attrs, backend }) {
    const axis = util.parseAxisParam(attrs.axis, x.shape)[0] as number;
    return split(backend, x, backend_util.prepareSplitSize(x as tf.Tensor, attrs.numOrSizeSplits, axis), axis);
  },
  Pack({ inputs, attrs, backend }) {
    const parts = Object.values(inputs);
    const axis = util.parseAxisParam(attrs.axis, [...(parts[0] as Info).shape, 1])[0] as number;
    return concat(
      backend,
      parts.map((part) => reshaped(part, part.shape.toSpliced(axis, 0, 1))),
      axis,
    );
  },
  Unpack({ inputs: { value }, attrs, backend }) {
    const axis = util.parseAxisParam(attrs.axis, value.shape)[0] as number;
    const sizes = Array.from({ length: value.shape[axis] as number }, () => 1);
    return split(backend, value, sizes, axis).map((part) => reshaped(part, part.shape.toSpliced(axis, 1)));
  },
  GatherV2: ({ inputs: { x, indices }, attrs, backend }) =>
    callOne(backend, 'GatherV2', [x, indices], { axis: attrs.axis, batchDims: attrs.batchDims ?? 0 }),
  GatherNd: ({ inputs: { params, indices }, backend }) => callOne(backend, 'GatherNd', [params, indices]),
  ScatterNd: ({ inputs: { indices, updates }, attrs, backend }) =>
    callOne(backend, 'ScatterNd', [indices, updates], { shape: attrs.shape }),
  UnsortedSegmentSum: ({ inputs: { x, segmentIds }, attrs, backend }) =>
    callOne(backend, 'UnsortedSegmentSum', [x, segmentIds], { numSegments: attrs.numSegments }),
};

/** What is contiguous from the start and whole is shared; the rest is copied. */
function slice(backend: NativeBackend, x: Info, begin: number[], strides: number[], size: number[]): Info {
  const isWhole = size.every((length, i) => length === x.shape[i] && strides[i] === 1);
  return isWhole ? share(backend, x, x.shape) : callOne(backend, 'StridedSlice', [x], { begin, strides, size });
}

function concat(backend: NativeBackend, parts: readonly Info[], axis: number): Info {
  const filled = parts.filter(({ shape }) => util.sizeFromShape(shape) > 0);
  const [only] = filled;
  if (only && filled.length === 1 && parts.every(({ shape }) => shape.length === only.shape.length)) {
    return share(backend, only, only.shape);
  }
  return callOne(backend, 'Concat', filled.length > 0 ? filled : parts, { axis });
}

const split = (backend: NativeBackend, x: Info, sizes: number[], axis: number): Info[] =>
  backend.call('SplitV', [x], { sizes, axis });
