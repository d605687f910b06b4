// Products of few rows: the left operand is copied, the right one read once, as it lies, by threads that split the columns.
#include <algorithm>
#include <atomic>

#include "multiplication.h"
#include "parallel.h"

namespace counterweight {
namespace {

// Sums of one thread's rows and columns at a time, for the nearest cache.
constexpr int64_t cachedSums = 4096;
// The wider the stretch of columns, the longer the pieces in which the right operand is read.
constexpr int64_t fewestColumns = 128;

// Rows of words, `stride` from each to the next, onto zeros.
void copyRows(const Multiplication& problem, int64_t stride, float* words) {
  const Operand& left = problem.left;
  for (int64_t row = 0; row < problem.rows; row++) {
    const void* from = offsetBy(left.data, left.stored, row * left.rowStride);
    float* to = words + row * stride;
    if (left.stored == Stored::float32) {
      for (int64_t k = 0; k < problem.inner; k++) to[k] = static_cast<const float*>(from)[k * left.columnStride];
      continue;
    }
    // A bfloat16 is the upper half of a float.
    Bfloat16* halves = reinterpret_cast<Bfloat16*>(to) + (problem.pairs ? 0 : 1);
    const int64_t step = problem.pairs ? 1 : 2;
    for (int64_t k = 0; k < problem.inner; k++) {
      halves[k * step] = static_cast<const Bfloat16*>(from)[k * left.columnStride];
    }
  }
}

bool multiplyByAdditions(const ThinProduct& thin, bool parallel) {
  const ProductTables& tables = productTables();
  const int64_t most = parallel ? std::max(fewestColumns, thin.columns / threads()) : thin.columns;
  const int64_t lanes = isInBlocks(thin.stored) ? blockValues : tables.lanes;
  const int64_t step = roundUp(std::min(most, cachedSums / thin.rows), lanes);
  std::atomic<bool> enough{true};
  const auto work = [&](int64_t i) {
    float* scratch = threadScratch(productTables().thinRows * step);
    if (!scratch) return enough.store(false);
    tables.additions(thin, i * step, std::min(thin.columns, (i + 1) * step), scratch);
  };
  if (parallel) parallelFor(partsOf(thin.columns, step), work);
  else for (int64_t i = 0; i < partsOf(thin.columns, step); i++) work(i);
  return enough;
}

}  // namespace

bool isThin(const Multiplication& problem) {
  if (isInBlocks(problem.left.stored)) return false;
  const bool contiguous = problem.right.rowStride == 1 || problem.right.columnStride == 1;
  return problem.rows <= productTables().thinRows && problem.inner > 0 && contiguous;
}

bool multiplyThin(const Multiplication& given) {
  Multiplication problem = given;
  const bool byDots = problem.right.rowStride == 1;
  const bool blocks = isInBlocks(given.right.stored);
  problem.pairs = given.pairs && byDots && !blocks;
  const int64_t words = problem.pairs ? (problem.inner + 1) / 2 : problem.inner;
  const int64_t stride = roundUp(words, blocks ? blockValues : productTables().lanes);
  const int64_t rows = blocks ? productTables().thinRows : problem.rows;
  const Floats left(rows * stride);
  if (!left.get()) return false;
  std::fill(left.get(), left.get() + rows * stride, 0.f);
  copyRows(problem, stride, left.get());
  const int64_t rightStride = byDots ? problem.right.columnStride : problem.right.rowStride;
  const ThinProduct thin = {problem.rows,            problem.columns, problem.inner, left.get(),  stride, problem.right.data,
                            problem.right.stored, rightStride,     problem.pairs, problem.sums};
  if (!byDots) return multiplyByAdditions(thin, problem.parallel);
  const auto work = [&](int64_t from, int64_t to) { productTables().dots(thin, from, to); };
  if (problem.parallel) parallelRows(problem.columns, problem.inner * problem.rows, work);
  else work(0, problem.columns);
  return true;
}

}  // namespace counterweight
