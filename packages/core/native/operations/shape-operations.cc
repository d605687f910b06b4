// Operations that move values of any type: slices, transposed, reversed, repeated, padded, joined and split tensors.
#include <cstring>

#include "blocks.h"
#include "conversions.h"
#include "moves.h"
#include "parallel.h"
#include "shapes.h"

namespace counterweight {
namespace {

// `begin`, `strides` and `size` by dimension, as slice_util resolves them: begin + stride · (size − 1) lies within.
void stridedSlice(Call& call) {
  const Tensor x = call.input(0);
  const std::vector<double>& begin = call.list("begin");
  const std::vector<double>& strides = call.list("strides");
  const Dims size = shapeFrom(call, call.list("size"));
  if (!call.ok()) return;
  if (begin.size() != x.dims.size() || strides.size() != begin.size() || size.size() != begin.size()) {
    return call.fail("a slice needs begin, stride and size for every dimension");
  }
  const std::vector<int64_t> valueStrides = stridesOf(x.dims);
  Move move;
  int64_t first = 0;
  const std::vector<int64_t> targets = stridesOf(size);
  for (size_t i = 0; i < size.size(); i++) {
    const double last = begin[i] + strides[i] * static_cast<double>(size[i] - 1);
    const double dim = static_cast<double>(x.dims[i]);
    const bool isWithin = begin[i] >= 0 && begin[i] < dim && last >= 0 && last < dim;
    if (size[i] > 0 && !isWithin) return call.fail("the slice reaches beyond the tensor");
    const int64_t start = size[i] > 0 ? static_cast<int64_t>(begin[i]) : 0;
    const int64_t stride = size[i] > 1 ? static_cast<int64_t>(strides[i]) : 1;
    first += start * valueStrides[i];
    move.add(size[i], stride * valueStrides[i], targets[i]);
  }
  const Tensor out = call.make(size, x.type);
  if (call.ok() && out.size() > 0) moveValues(std::move(move), valueAt(x, first), out.data, bytesOf(x.type));
}

void transpose(Call& call) {
  const Tensor x = call.input(0);
  const std::vector<double>& permutation = call.list("perm");
  if (!call.ok()) return;
  const std::vector<bool> named = axesFrom(call, permutation, x.dims.size());
  for (size_t i = 0; i < named.size(); i++) {
    if (!named[i] || permutation.size() != named.size()) call.fail("perm does not name every dimension once");
  }
  if (!call.ok()) return;
  const std::vector<int64_t> strides = stridesOf(x.dims);
  Dims dims;
  std::vector<int64_t> from;
  for (const double number : permutation) {
    const size_t axis = static_cast<size_t>(axisFrom(call, number, x.dims.size()));
    dims.push_back(x.dims[axis]);
    from.push_back(strides[axis]);
  }
  const Tensor out = call.make(dims, x.type);
  if (call.ok()) moveValues({dims, from, stridesOf(dims)}, x.data, out.data, bytesOf(x.type));
}

void reverse(Call& call) {
  const Tensor x = call.input(0);
  const std::vector<bool> reversed = axesFrom(call, call.list("dims"), x.dims.size());
  const Tensor out = call.make(x.dims, x.type);
  if (!call.ok() || x.size() == 0) return;
  Move move = {x.dims, stridesOf(x.dims), stridesOf(x.dims)};
  int64_t first = 0;
  for (size_t i = 0; i < reversed.size(); i++) {
    if (!reversed[i]) continue;
    first += (x.dims[i] - 1) * move.from[i];
    move.from[i] = -move.from[i];
  }
  moveValues(std::move(move), valueAt(x, first), out.data, bytesOf(x.type));
}

void tile(Call& call) {
  const Tensor x = call.input(0);
  const Dims repetitions = shapeFrom(call, call.list("reps"));
  if (call.ok() && repetitions.size() != x.dims.size()) call.fail("reps has no number for every dimension");
  if (!call.ok()) return;
  Dims dims = x.dims;
  for (size_t i = 0; i < dims.size(); i++) {
    if (repetitions[i] > 0 && dims[i] > (int64_t{1} << 46) / repetitions[i]) {
      return call.fail("the result would be larger than any memory");
    }
    dims[i] *= repetitions[i];
  }
  if (!fitsMemory(call, dims)) return;
  const Tensor out = call.make(dims, x.type);
  if (!call.ok()) return;
  const std::vector<int64_t> from = stridesOf(x.dims);
  const std::vector<int64_t> to = stridesOf(dims);
  Move move;
  for (size_t i = 0; i < dims.size(); i++) {
    move.add(repetitions[i], 0, x.dims[i] * to[i]);
    move.add(x.dims[i], from[i], to[i]);
  }
  moveValues(std::move(move), x.data, out.data, bytesOf(x.type));
}

// `paddings`: before and after, for every dimension.
void pad(Call& call) {
  const Tensor x = call.input(0);
  const Dims paddings = shapeFrom(call, call.list("paddings"));
  const float constant = static_cast<float>(call.attribute("constantValue"));
  if (call.ok() && paddings.size() != 2 * x.dims.size()) call.fail("paddings are two for every dimension");
  if (!call.ok()) return;
  Dims dims = x.dims;
  for (size_t i = 0; i < dims.size(); i++) dims[i] += paddings[2 * i] + paddings[2 * i + 1];
  if (!fitsMemory(call, dims)) return;
  const Tensor out = call.make(dims, x.type);
  if (!call.ok()) return;
  BlockBuffer value;
  const float four[1] = {constant};
  conversionVectors().convert[0][static_cast<int>(x.type)](1, four, value.bytes);
  moveValues({{out.size()}, {0}, {1}}, value.bytes, out.data, bytesOf(x.type));
  const std::vector<int64_t> to = stridesOf(dims);
  int64_t first = 0;
  for (size_t i = 0; i < dims.size(); i++) first += paddings[2 * i] * to[i];
  if (x.size() > 0) moveValues({x.dims, stridesOf(x.dims), to}, x.data, valueAt(out, first), bytesOf(x.type));
}

void concat(Call& call) {
  const Tensor first = call.input(0);
  const size_t axis = static_cast<size_t>(axisFrom(call, call.attribute("axis"), first.dims.size()));
  if (!call.ok()) return;
  Dims dims = first.dims;
  dims[axis] = 0;
  for (int i = 0; i < call.inputCount(); i++) {
    const Tensor part = call.input(i);
    if (part.type != first.type) return call.fail("tensors of different types cannot be joined");
    Dims others = part.dims;
    if (others.size() != dims.size()) return call.fail("tensors of different ranks cannot be joined");
    dims[axis] += part.dims[axis];
    others[axis] = dims[axis];
    if (others != dims) return call.fail("the tensors' other dimensions differ");
  }
  if (!fitsMemory(call, dims)) return;
  const Tensor out = call.make(dims, first.type);
  if (!call.ok()) return;
  const AroundAxis whole = around(dims, axis);
  int64_t start = 0;
  for (int i = 0; i < call.inputCount(); i++) {
    const Tensor part = call.input(i);
    const int64_t length = part.dims[axis] * whole.inner;
    moveValues({{whole.outer, length}, {length, 1}, {whole.size * whole.inner, 1}}, part.data, valueAt(out, start),
               bytesOf(out.type));
    start += length;
  }
}

// A result for every one of `sizes`, which make up the axis.
void split(Call& call) {
  const Tensor x = call.input(0);
  const Dims sizes = shapeFrom(call, call.list("sizes"));
  const size_t axis = static_cast<size_t>(axisFrom(call, call.attribute("axis"), x.dims.size()));
  if (!call.ok()) return;
  int64_t sum = 0;
  for (const int64_t size : sizes) sum += size;
  if (sum != x.dims[axis]) return call.fail("the sizes do not make up the axis");
  const AroundAxis whole = around(x.dims, axis);
  int64_t start = 0;
  for (const int64_t size : sizes) {
    Dims dims = x.dims;
    dims[axis] = size;
    const Tensor out = call.make(dims, x.type);
    if (!call.ok()) return;
    const int64_t length = size * whole.inner;
    moveValues({{whole.outer, length}, {whole.size * whole.inner, 1}, {length, 1}}, valueAt(x, start), out.data,
               bytesOf(x.type));
    start += length;
  }
}

}  // namespace

bool registerShapeOperations(Registry& registry) {
  return registerOperation<stridedSlice>({"StridedSlice", {"begin: list", "strides: list", "size: list"}, {"x"}, {"y"}},
                                         registry) &&
         registerOperation<transpose>({"Transpose", {"perm: list"}, {"x"}, {"y"}}, registry) &&
         registerOperation<reverse>({"Reverse", {"dims: list"}, {"x"}, {"y"}}, registry) &&
         registerOperation<tile>({"Tile", {"reps: list"}, {"x"}, {"y"}}, registry) &&
         registerOperation<pad>({"PadV2", {"paddings: list", "constantValue: float"}, {"x"}, {"y"}}, registry) &&
         registerOperation<concat>({"Concat", {"axis: int"}, {"parts: n"}, {"y"}}, registry) &&
         registerOperation<split>({"SplitV", {"sizes: list", "axis: int"}, {"x"}, {"parts: n"}}, registry);
}

}  // namespace counterweight
