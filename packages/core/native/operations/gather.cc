// Slices of a tensor by their numbers, and back: gathered, scattered, summed.
#include <algorithm>
#include <cstring>

#include "blocks.h"
#include "conversions.h"
#include "elementwise.h"
#include "moves.h"
#include "parallel.h"
#include "shapes.h"

namespace counterweight {
namespace {

bool lieWithin(const int32_t* indices, int64_t count, int64_t size) {
  bool within = true;
  for (int64_t i = 0; i < count; i++) within &= indices[i] >= 0 && indices[i] < size;
  return within;
}

// Copies slices of `bytes` bytes: the i-th from where `place` says.
template <typename Place>
void copySlices(int64_t count, int64_t bytes, const void* from, void* to, const Place& place) {
  const char* source = static_cast<const char*>(from);
  char* target = static_cast<char*>(to);
  parallelRows(count, bytes / 4 + 1, [&](int64_t first, int64_t end) {
    for (int64_t i = first; i < end; i++) {
      std::memcpy(target + i * bytes, source + place(i) * bytes, static_cast<size_t>(bytes));
    }
  });
}

// x [batch…, outer…, size, inner…] and indices [batch…, n…] give [batch…, outer…, n…, inner…].
void gather(Call& call) {
  const Tensor x = call.input(0), indices = call.input(1);
  const size_t axis = static_cast<size_t>(axisFrom(call, call.attribute("axis"), x.dims.size()));
  const double batchDims = call.attribute("batchDims");
  if (call.ok() && indices.type != Type::int32) call.fail("indices are not of type int32");
  if (call.ok() && !(batchDims >= 0 && batchDims <= static_cast<double>(std::min(axis, indices.dims.size())))) {
    call.fail("there are not so many dimensions of the batch");
  }
  if (!call.ok()) return;
  const size_t shared = static_cast<size_t>(batchDims);
  int64_t batch = 1, outer = 1;
  Dims dims(x.dims.begin(), x.dims.begin() + static_cast<std::ptrdiff_t>(axis));
  for (size_t i = 0; i < axis; i++) (i < shared ? batch : outer) *= x.dims[i];
  for (size_t i = 0; i < shared; i++) {
    if (x.dims[i] != indices.dims[i]) return call.fail("the dimensions of the batch differ");
  }
  dims.insert(dims.end(), indices.dims.begin() + static_cast<std::ptrdiff_t>(shared), indices.dims.end());
  dims.insert(dims.end(), x.dims.begin() + static_cast<std::ptrdiff_t>(axis) + 1, x.dims.end());
  const int64_t size = x.dims[axis], inner = around(x.dims, axis).inner;
  const int32_t* numbers = indices.values<int32_t>();
  if (!lieWithin(numbers, indices.size(), size)) return call.fail("an index lies outside of the axis");
  if (!fitsMemory(call, dims)) return;
  const Tensor out = call.make(dims, x.type);
  if (!call.ok() || out.size() == 0) return;
  const int64_t each = indices.size() / batch;
  copySlices(batch * outer * each, inner * bytesOf(x.type), x.data, out.data, [&](int64_t i) {
    const int64_t row = i / each;
    return row * size + numbers[row / outer * each + i % each];
  });
}

// Numbers of slices of a shape by indices [n…, depth], which count along its first `depth` dimensions.
struct SliceIndices {
  const int32_t* values;
  int64_t depth, count;
  std::vector<int64_t> strides;  // in slices
  int64_t size = 1;              // of a slice

  SliceIndices(Call& call, const Tensor& indices, const Dims& dims) {
    depth = indices.dims.empty() ? 1 : indices.dims.back();
    count = depth == 0 ? 0 : indices.size() / depth;
    values = indices.values<int32_t>();
    if (call.ok() && indices.type != Type::int32) call.fail("indices are not of type int32");
    if (call.ok() && (depth < 1 || depth > static_cast<int64_t>(dims.size()))) {
      call.fail("the last dimension of indices does not fit the tensor's rank");
    }
    if (!call.ok()) return;
    strides = stridesOf(Dims(dims.begin(), dims.begin() + depth));
    for (size_t i = static_cast<size_t>(depth); i < dims.size(); i++) size *= dims[i];
    for (int64_t i = 0; i < count * depth; i++) {
      if (values[i] < 0 || values[i] >= dims[static_cast<size_t>(i % depth)]) call.fail("an index lies outside of the tensor");
    }
  }
  int64_t operator()(int64_t i) const {
    int64_t number = 0;
    for (int64_t k = 0; k < depth; k++) number += values[i * depth + k] * strides[static_cast<size_t>(k)];
    return number;
  }
};

void gatherNd(Call& call) {
  const Tensor x = call.input(0), indices = call.input(1);
  const SliceIndices slices(call, indices, x.dims);
  if (!call.ok()) return;
  Dims dims = indices.dims;
  if (!dims.empty()) dims.pop_back();
  dims.insert(dims.end(), x.dims.begin() + slices.depth, x.dims.end());
  if (!fitsMemory(call, dims)) return;
  const Tensor out = call.make(dims, x.type);
  if (call.ok()) copySlices(slices.count, slices.size * bytesOf(x.type), x.data, out.data, slices);
}

// to[place(i)] += updates[i], slice by slice and in their order; a place below 0 leaves a slice out.
template <typename Place>
void addSlices(const Tensor& to, const Tensor& updates, int64_t count, int64_t size, const Place& place) {
  moveValues({{to.size() * bytesOf(to.type)}, {0}, {1}}, "", to.data, 1);
  const Type computed = to.type == Type::int32 || to.type == Type::boolean ? Type::int32 : Type::float32;
  const Arithmetic& add = binaryVectors().add;
  const BlockFunction function = computed == Type::int32 ? add.integers : add.floats;
  const int64_t pieces = (size + blockLength - 1) / blockLength;
  // Threads share the columns, not the slices: what falls into one place is added in one order.
  parallelRows(pieces, count * blockLength, [&](int64_t first, int64_t end) {
    BlockBuffer left, right;
    BlockWriter writer(to, computed);
    for (int64_t i = 0; i < count; i++) {
      if (place(i) < 0) continue;
      for (int64_t column = first * blockLength; column < std::min(end * blockLength, size); column += blockLength) {
        const int64_t length = std::min(blockLength, size - column);
        const int64_t target = place(i) * size + column;
        const void* a = readBlock(to, computed, target, length, left);
        function(length, a, readBlock(updates, computed, i * size + column, length, right), writer.at(target), nullptr);
        writer.finish(target, length);
      }
    }
  });
}

void scatterNd(Call& call) {
  const Tensor indices = call.input(0), updates = call.input(1);
  const Dims dims = shapeFrom(call, call.list("shape"));
  const SliceIndices slices(call, indices, dims);
  if (call.ok() && updates.size() != slices.count * slices.size) call.fail("the updates do not fit indices and shape");
  const Tensor out = call.make(dims, updates.type);
  if (call.ok()) addSlices(out, updates, slices.count, slices.size, slices);
}

// Sums of x's slices by their segments; a number outside of them leaves a slice out.
void unsortedSegmentSum(Call& call) {
  const Tensor x = call.input(0), segments = call.input(1);
  const Dims count = shapeFrom(call, call.list("numSegments"));
  if (call.ok() && (segments.type != Type::int32 || segments.dims.size() != 1)) call.fail("segments are one row of int32");
  if (call.ok() && (x.dims.empty() || x.dims[0] != segments.dims[0])) call.fail("there is not one segment for every slice");
  if (call.ok() && count.size() != 1) call.fail("numSegments is one number");
  if (!call.ok()) return;
  Dims dims = x.dims;
  dims[0] = count[0];
  const int64_t slice = around(x.dims, 0).inner;
  if (!fitsMemory(call, dims)) return;
  const Tensor out = call.make(dims, x.type);
  if (!call.ok()) return;
  addSlices(out, x, x.dims[0], slice, [numbers = segments.values<int32_t>(), &count](int64_t i) {
    return numbers[i] < count[0] ? static_cast<int64_t>(numbers[i]) : -1;
  });
}

}  // namespace

bool registerGatherOperations(Registry& registry) {
  return registerOperation<gather>({"GatherV2", {"axis: int", "batchDims: int"}, {"x", "indices"}, {"y"}}, registry) &&
         registerOperation<gatherNd>({"GatherNd", {}, {"params", "indices"}, {"y"}}, registry) &&
         registerOperation<scatterNd>({"ScatterNd", {"shape: list"}, {"indices", "updates"}, {"y"}}, registry) &&
         registerOperation<unsortedSegmentSum>({"UnsortedSegmentSum", {"numSegments: int"}, {"x", "segmentIds"}, {"y"}},
                                               registry);
}

}  // namespace counterweight
