// Sum, Mean, Prod, Max, Min, All, Any: over any axes. Sums are the same bits for any number of threads: what one thread takes at
// a time depends on the shape alone.
#include "reductions.h"

#include <algorithm>

#include "blocks.h"
#include "memory.h"
#include "moves.h"
#include "parallel.h"
#include "shapes.h"

namespace counterweight {
namespace {

constexpr int64_t valuesPerChunk = 32768;

// Values in one block: [outer, size, inner], to be reduced over `size`.
struct Reduction {
  int64_t outer, size, inner;
  Folds folds;
  Type computed;  // float32 or int32
};

// The stretches of `size` that are folded one by one.
struct Chunks {
  int64_t length, count;
  explicit Chunks(const Reduction& problem) {
    const int64_t width = std::min(problem.inner, foldedColumns);
    length = std::max<int64_t>(valuesPerChunk / std::max<int64_t>(width, 1) / 4 * 4, 16);
    count = std::max<int64_t>(1, (problem.size + length - 1) / length);
  }
};

// A stretch of one row, whose values may have to be converted.
Total foldRow(const Reduction& problem, const Tensor& x, int64_t from, int64_t count, BlockBuffer& buffer) {
  if (count == 0) return problem.folds.start;
  if (x.type == problem.computed) return problem.folds.row(count, valueAt(x, from));
  Total total = problem.folds.start;
  for (int64_t i = 0; i < count; i += blockLength) {
    const int64_t length = std::min(blockLength, count - i);
    const Total part = problem.folds.row(length, readBlock(x, problem.computed, from + i, length, buffer));
    problem.folds.merge(1, &part, &total);
  }
  return total;
}

// Rows of some columns.
void foldColumns(const Reduction& problem, const Tensor& x, int64_t from, int64_t rows, int64_t columns, Total* totals,
                 BlockBuffer& buffer) {
  std::fill(totals, totals + columns, problem.folds.start);
  if (x.type == problem.computed) {
    return problem.folds.columns(rows, columns, problem.inner, valueAt(x, from), totals);
  }
  for (int64_t row = 0; row < rows; row++) {
    const void* values = readBlock(x, problem.computed, from + row * problem.inner, columns, buffer);
    problem.folds.columns(1, columns, columns, values, totals);
  }
}

// totals [outer, chunks, inner]
void foldChunks(const Reduction& problem, const Tensor& x, const Chunks& chunks, Total* totals) {
  const int64_t blocks = (problem.inner + foldedColumns - 1) / foldedColumns;
  const int64_t cost = std::min(chunks.length, problem.size) * std::min(problem.inner, foldedColumns);
  parallelRows(problem.outer * chunks.count * blocks, cost, [&](int64_t first, int64_t end) {
    BlockBuffer buffer;
    for (int64_t i = first; i < end; i++) {
      const int64_t column = i % blocks * foldedColumns;
      const int64_t chunk = i / blocks % chunks.count;
      const int64_t outer = i / blocks / chunks.count;
      const int64_t start = chunk * chunks.length;
      const int64_t rows = std::min(chunks.length, problem.size - start);
      const int64_t from = (outer * problem.size + start) * problem.inner + column;
      Total* into = totals + (outer * chunks.count + chunk) * problem.inner + column;
      if (problem.inner == 1) *into = foldRow(problem, x, from, rows, buffer);
      else foldColumns(problem, x, from, rows, std::min(foldedColumns, problem.inner - column), into, buffer);
    }
  });
}

void mergeChunks(const Reduction& problem, const Chunks& chunks, Total* totals) {
  for (int64_t outer = 0; outer < problem.outer && chunks.count > 1; outer++) {
    Total* first = totals + outer * chunks.count * problem.inner;
    for (int64_t chunk = 1; chunk < chunks.count; chunk++) {
      problem.folds.merge(problem.inner, first + chunk * problem.inner, first);
    }
    std::copy(first, first + problem.inner, totals + outer * problem.inner);
  }
}

void writeTotals(const Reduction& problem, const Total* totals, double divisor, const Tensor& out) {
  const int64_t size = out.size();
  parallelRows((size + blockLength - 1) / blockLength, blockLength, [&](int64_t first, int64_t end) {
    BlockWriter writer(out, problem.computed);
    for (int64_t from = first * blockLength; from < std::min(end * blockLength, size); from += blockLength) {
      const int64_t count = std::min(blockLength, size - from);
      if (problem.computed == Type::int32) {
        reductionVectors().integersOf(count, totals + from, static_cast<int32_t*>(writer.at(from)));
      } else {
        reductionVectors().floatsOf(count, totals + from, divisor, static_cast<float*>(writer.at(from)));
      }
      writer.finish(from, count);
    }
  });
}

void reduce(Call& call, const Reduction& problem, const Tensor& x, double divisor, const Tensor& out) {
  const Chunks chunks(problem);
  const int64_t count = problem.outer * chunks.count * problem.inner;
  auto* totals = static_cast<Total*>(allocate(static_cast<size_t>(count) * sizeof(Total)));
  if (!totals) return call.failForMemory();
  foldChunks(problem, x, chunks, totals);
  mergeChunks(problem, chunks, totals);
  writeTotals(problem, totals, divisor, out);
  release(totals);
}

// Dimensions that are kept, and those that are not, in their order.
struct Axes {
  Dims kept, reduced, keptPlaces, reducedPlaces;
  int64_t size() const { return sizeOf(reduced); }
};

Axes splitAxes(const Dims& dims, const std::vector<bool>& isReduced) {
  Axes axes;
  for (size_t i = 0; i < dims.size(); i++) {
    (isReduced[i] ? axes.reduced : axes.kept).push_back(dims[i]);
    (isReduced[i] ? axes.reducedPlaces : axes.keptPlaces).push_back(static_cast<int64_t>(i));
  }
  return axes;
}

// Whether the reduced dimensions follow each other.
bool liesTogether(const Axes& axes) {
  return axes.reducedPlaces.empty() ||
         axes.reducedPlaces.back() - axes.reducedPlaces.front() + 1 == static_cast<int64_t>(axes.reducedPlaces.size());
}

// x with the dimensions that are reduced last: its memory is to be released.
Tensor reordered(Call& call, const Tensor& x, const Axes& axes) {
  const std::vector<int64_t> strides = stridesOf(x.dims);
  Tensor copy = {nullptr, x.type, axes.kept};
  copy.dims.insert(copy.dims.end(), axes.reduced.begin(), axes.reduced.end());
  std::vector<int64_t> from;
  for (const Dims* places : {&axes.keptPlaces, &axes.reducedPlaces}) {
    for (const int64_t place : *places) from.push_back(strides[static_cast<size_t>(place)]);
  }
  copy.data = allocate(static_cast<size_t>(x.size() * bytesOf(x.type)));
  if (copy.data) moveValues({copy.dims, from, stridesOf(copy.dims)}, x.data, copy.data, bytesOf(x.type));
  else call.failForMemory();
  return copy;
}

enum class Result { ofInput, number, mean, boolean };

Type resultType(Result result, Type type) {
  if (result == Result::number && type == Type::boolean) return Type::int32;
  if (result == Result::mean && type != Type::bfloat16) return Type::float32;
  return type;
}

template <auto member, Result result>
void computeReduction(Call& call) {
  const Tensor x = call.input(0);
  const std::vector<bool> isReduced = axesFrom(call, call.list("axis"), x.dims.size());
  if (call.ok() && result == Result::boolean && x.type != Type::boolean) call.fail("the input is not of type bool");
  if (!call.ok()) return;
  const Axes axes = splitAxes(x.dims, isReduced);
  const Tensor out = call.make(axes.kept, resultType(result, x.type));
  if (!call.ok()) return;
  const bool integers = result != Result::mean && (x.type == Type::int32 || x.type == Type::boolean);
  const auto& folds = reductionVectors().*member;
  Reduction problem = {1, axes.size(), 1, integers ? folds.integers : folds.floats,
                       integers ? Type::int32 : Type::float32};
  // Of no values at all, All is true and Any false.
  int64_t& start = problem.folds.start.whole;
  if (x.type == Type::boolean && integers) start = std::clamp<int64_t>(start, 0, 1);
  const double divisor = result == Result::mean ? static_cast<double>(axes.size()) : 1;
  if (!liesTogether(axes)) {
    problem.outer = sizeOf(axes.kept);
    const Tensor copy = reordered(call, x, axes);
    if (call.ok()) reduce(call, problem, copy, divisor, out);
    return release(copy.data);
  }
  for (size_t i = 0; i < axes.kept.size(); i++) {
    const bool isAhead = !axes.reducedPlaces.empty() && axes.keptPlaces[i] < axes.reducedPlaces[0];
    (isAhead ? problem.outer : problem.inner) *= axes.kept[i];
  }
  reduce(call, problem, x, divisor, out);
}

template <auto member, Result result>
bool registerReduction(const char* name, Registry& registry) {
  return registerOperation<computeReduction<member, result>>({name, {"axis: list"}, {"x"}, {"y"}}, registry);
}

}  // namespace

bool registerReductions(Registry& registry) {
  using V = ReductionVectors;
  return registerReduction<&V::sum, Result::number>("Sum", registry) &&
         registerReduction<&V::sum, Result::mean>("Mean", registry) &&
         registerReduction<&V::product, Result::number>("Prod", registry) &&
         registerReduction<&V::largest, Result::ofInput>("Max", registry) &&
         registerReduction<&V::least, Result::ofInput>("Min", registry) &&
         registerReduction<&V::least, Result::boolean>("All", registry) &&
         registerReduction<&V::largest, Result::boolean>("Any", registry);
}

}  // namespace counterweight
