// Matrix products: which way each of them goes, and how a batch is dealt to threads; products.h says what they are for.
#include "products.h"

#include <algorithm>
#include <atomic>
#include <utility>

#include "multiplication.h"
#include "parallel.h"

namespace counterweight {
namespace {

// Products of two numbers that are worth waking other threads for.
constexpr int64_t smallestParallel = int64_t{1} << 20;
// From this many on, the products of a thread keep it busy for long enough to take one after the other whole.
constexpr int64_t largestWhole = int64_t{1} << 24;

std::atomic<bool> pairsEnabled{true};

Sums sumsOf(const Product& product) {
  Sums sums = {product.bias, product.outIsBfloat16, 0, 1, product.out, product.outIsBfloat16, product.outStride, 1};
  if (product.accumulate) sums.start = product.out, sums.startRowStride = product.outStride;
  return sums;
}

// outᵀ = rightᵀ · leftᵀ.
Multiplication transposed(const Multiplication& problem) {
  Multiplication other = problem;
  std::swap(other.rows, other.columns);
  std::swap(other.left, other.right);
  for (Operand* operand : {&other.left, &other.right}) std::swap(operand->rowStride, operand->columnStride);
  std::swap(other.sums.startRowStride, other.sums.startColumnStride);
  std::swap(other.sums.outRowStride, other.sums.outColumnStride);
  return other;
}

bool multiplyOne(const Multiplication& problem) {
  if (isThin(problem)) return multiplyThin(problem);
  const Multiplication other = transposed(problem);
  return isThin(other) ? multiplyThin(other) : multiplyPacked(problem);
}

// A batch that shares its right operand, its rows one after the other, is one product.
Product joined(Product product) {
  const Operand& left = product.left;
  if (product.right.batchStride == 0 && left.batchStride == product.rows * left.rowStride &&
      product.outBatchStride == product.rows * product.outStride && product.batch > 1) {
    product.rows *= product.batch;
    product.batch = 1;
  }
  return product;
}

}  // namespace

bool multiply(const Product& given) {
  const Product product = joined(given);
  if (product.rows <= 0 || product.columns <= 0) return true;
  const bool pairs = bfloat16Pairs() && product.left.stored == Stored::bfloat16 && product.right.stored != Stored::float32;
  const auto one = [&](int64_t index, bool parallel) {
    Operand left = product.left, right = product.right;
    left.data = offsetBy(left.data, left.stored, index * left.batchStride);
    right.data = offsetBy(right.data, right.stored, index * right.batchStride);
    Product single = product;
    single.out = offsetBy(product.out, product.outIsBfloat16, index * product.outBatchStride);
    return multiplyOne({product.rows, product.columns, product.inner, left, right, sumsOf(single), parallel, pairs});
  };
  const int64_t cost = product.rows * product.columns * std::max<int64_t>(1, product.inner);
  std::atomic<bool> enough{true};
  if (product.batch > 1 && cost <= largestWhole) {
    parallelRows(product.batch, cost / 16, [&](int64_t from, int64_t to) {
      for (int64_t i = from; i < to; i++) {
        if (!one(i, false)) enough = false;
      }
    });
  } else {
    for (int64_t i = 0; i < product.batch; i++) {
      if (!one(i, cost >= smallestParallel)) enough = false;
    }
  }
  return enough;
}

void setBfloat16Pairs(bool enabled) { pairsEnabled = enabled; }
bool bfloat16Pairs() { return pairsEnabled && productTables().hasPairs; }

}  // namespace counterweight
