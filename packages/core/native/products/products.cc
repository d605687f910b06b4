// Matrix products: which way each goes, and how it is dealt to threads; products.h says what they are for.
#include "products.h"

#include <algorithm>
#include <atomic>
#include <utility>

#include "parallel.h"
#include "product-buffers.h"
#include "product-tables.h"

namespace counterweight {
namespace {

constexpr int64_t mostWords = 2048;             // of the inner dimension that one pass goes through
constexpr int64_t mostPacked = int64_t{1} << 21;  // words of an operand that are packed at a time
constexpr int64_t cachedWords = 96 << 10;       // of the right operand's that a tile goes through, for the second cache
constexpr int64_t smallestShare = int64_t{1} << 20;  // products of two numbers that are worth another thread
constexpr int64_t fewestTiles = 16;

std::atomic<bool> pairsEnabled{true};
thread_local ProductBuffers buffers;

int64_t roundUp(int64_t value, int64_t step) { return (value + step - 1) / step * step; }

const void* offsetBy(const void* data, bool isBfloat16, int64_t values) {
  return data ? static_cast<const char*>(data) + values * (isBfloat16 ? 2 : 4) : nullptr;
}

void* offsetBy(void* data, bool isBfloat16, int64_t values) {
  return const_cast<void*>(offsetBy(static_cast<const void*>(data), isBfloat16, values));
}

Sums sumsOf(const Product& product) {
  Sums sums = {product.bias, product.outIsBfloat16, 0, 1, product.out, product.outIsBfloat16, product.outStride, 1};
  if (product.accumulate) sums.start = product.out, sums.startRowStride = product.outStride;
  return sums;
}

Sums sumsFrom(Sums sums, int64_t row, int64_t column) {
  const int64_t start = row * sums.startRowStride + column * sums.startColumnStride;
  sums.start = offsetBy(sums.start, sums.startIsBfloat16, start);
  sums.out = offsetBy(sums.out, sums.outIsBfloat16, row * sums.outRowStride + column * sums.outColumnStride);
  return sums;
}

template <class Work>
void forEach(bool parallel, int64_t count, const Work& work) {
  if (parallel && count > 1) return parallelFor(count, work);
  for (int64_t i = 0; i < count; i++) work(i);
}

// One matrix by one matrix.
struct Multiplication {
  int64_t rows, columns, inner;
  Operand left, right;
  Sums sums;
  bool parallel;
};

bool mayPair(const Multiplication& problem) {
  return productTables().hasPairs && pairsEnabled && problem.left.isBfloat16 && problem.right.isBfloat16;
}

// The left operand's rows, as words that lie together.
void copyRows(const Multiplication& problem, bool pairs, int64_t stride, float* words) {
  std::fill(words, words + problem.rows * stride, 0.f);
  for (int64_t row = 0; row < problem.rows; row++) {
    const void* from = offsetBy(problem.left.data, problem.left.isBfloat16, row * problem.left.rowStride);
    const int64_t step = problem.left.columnStride;
    float* to = words + row * stride;
    if (pairs) {
      auto* bits = reinterpret_cast<Bfloat16*>(to);
      for (int64_t k = 0; k < problem.inner; k++) bits[k] = static_cast<const Bfloat16*>(from)[k * step];
    } else if (problem.left.isBfloat16) {
      auto* bits = reinterpret_cast<Bfloat16*>(to);
      for (int64_t k = 0; k < problem.inner; k++) bits[2 * k + 1] = static_cast<const Bfloat16*>(from)[k * step];
    } else {
      for (int64_t k = 0; k < problem.inner; k++) to[k] = static_cast<const float*>(from)[k * step];
    }
  }
}

bool isThin(const Multiplication& problem) {
  const bool contiguous = problem.right.rowStride == 1 || problem.right.columnStride == 1;
  return problem.rows <= productTables().thinRows && problem.inner > 0 && contiguous;
}

bool multiplyThin(const Multiplication& problem) {
  const ProductTables& tables = productTables();
  const bool byDots = problem.right.rowStride == 1;
  const bool pairs = byDots && mayPair(problem);
  const int64_t stride = roundUp(pairs ? (problem.inner + 1) / 2 : problem.inner, tables.lanes);
  float* left = buffers.left.take(problem.rows * stride);
  if (!left) return false;
  copyRows(problem, pairs, stride, left);
  const ThinProduct thin = {problem.rows, problem.columns, problem.inner, left, stride, problem.right.data, problem.right.isBfloat16,
                            byDots ? problem.right.columnStride : problem.right.rowStride, pairs, problem.sums};
  const int64_t cost = problem.inner * problem.rows;
  if (byDots) {
    if (!problem.parallel) tables.dots(thin, 0, problem.columns);
    else parallelRows(problem.columns, cost, [&](int64_t from, int64_t to) { tables.dots(thin, from, to); });
    return true;
  }
  const int64_t step = roundUp(std::min(std::max<int64_t>(problem.columns / 8, 128), 4096 / problem.rows), tables.lanes);
  std::atomic<bool> enough{true};
  forEach(problem.parallel, (problem.columns + step - 1) / step, [&](int64_t i) {
    float* scratch = buffers.sums.take(problem.rows * step);
    if (!scratch) return enough.store(false);
    tables.additions(thin, i * step, std::min(problem.columns, (i + 1) * step), scratch);
  });
  return enough;
}

Operand transposed(const Operand& operand) {
  return {operand.data, operand.isBfloat16, operand.columnStride, operand.rowStride, 0};
}

Multiplication mirrored(const Multiplication& problem) {
  Multiplication other = problem;
  std::swap(other.rows, other.columns);
  other.left = transposed(problem.right);
  other.right = transposed(problem.left);
  std::swap(other.sums.startRowStride, other.sums.startColumnStride);
  std::swap(other.sums.outRowStride, other.sums.outColumnStride);
  return other;
}

// A block of a product whose operands are packed whole.
struct Block {
  int64_t row, rows, column, columns, value, inner;
};

Side leftSide(const Multiplication& problem, const Block& block, bool pairs) {
  const Operand& left = problem.left;
  const int64_t first = block.row * left.rowStride + block.value * left.columnStride;
  return {offsetBy(left.data, left.isBfloat16, first), left.isBfloat16, left.rowStride, left.columnStride,
          block.rows, block.inner, pairs};
}

Side rightSide(const Multiplication& problem, const Block& block, bool pairs) {
  const Operand& right = problem.right;
  const int64_t first = block.column * right.columnStride + block.value * right.rowStride;
  return {offsetBy(right.data, right.isBfloat16, first), right.isBfloat16, right.columnStride, right.rowStride,
          block.columns, block.inner, pairs};
}

// Packs one operand or both; without a place to put it, an operand stays as it lies.
void packSides(const Side& left, float* packedLeft, const Side& right, float* packedRight, bool parallel) {
  const ProductTables& tables = productTables();
  constexpr int64_t panelsAtOnce = 4;
  const auto panelsOf = [&](const Side& side) { return (side.count + tables.lanes - 1) / tables.lanes; };
  const auto sharesOf = [&](int64_t panels) { return (panels + panelsAtOnce - 1) / panelsAtOnce; };
  const int64_t leftShares = packedLeft ? sharesOf(panelsOf(left)) : 0;
  const int64_t rightShares = packedRight ? sharesOf(panelsOf(right)) : 0;
  forEach(parallel, leftShares + rightShares, [&](int64_t share) {
    const bool isLeft = share >= rightShares;
    const Side& side = isLeft ? left : right;
    const int64_t from = (isLeft ? share - rightShares : share) * panelsAtOnce;
    tables.pack(side, from, std::min(from + panelsAtOnce, panelsOf(side)), isLeft ? packedLeft : packedRight);
  });
}

void multiplyTiles(const PackedProduct& packed, bool parallel) {
  const ProductTables& tables = productTables();
  const int64_t most = std::min<int64_t>(8, cachedWords / std::max<int64_t>(1, packed.words * tables.columnStep));
  const int64_t columns = std::max<int64_t>(1, most) * tables.columnStep;
  const int64_t across = (packed.columns + columns - 1) / columns;
  int64_t rows = 128;
  while (rows > 32 && (packed.rows + rows - 1) / rows * across < fewestTiles) rows /= 2;
  forEach(parallel, (packed.rows + rows - 1) / rows * across, [&](int64_t i) {
    const int64_t row = i / across * rows, column = i % across * columns;
    tables.tile(packed, row, std::min(row + rows, packed.rows), column, std::min(column + columns, packed.columns));
  });
}

bool multiplyPacked(const Multiplication& problem) {
  const ProductTables& tables = productTables();
  const bool pairs = mayPair(problem);
  const int64_t perWord = pairs ? 2 : 1;
  const int64_t words = (problem.inner + perWord - 1) / perWord;
  const int64_t passes = std::max<int64_t>(1, (words + mostWords - 1) / mostWords);
  const int64_t passWords = (words + passes - 1) / passes;
  const int64_t most = mostPacked / std::max<int64_t>(1, passWords) / 384 * 384;
  const int64_t blockRows = std::min(problem.rows, most), blockColumns = std::min(problem.columns, most);

  // Rows of words that lie together can be multiplied as they are, which pays where they meet few columns.
  const bool inWords = problem.left.columnStride == 1 && problem.left.isBfloat16 == pairs && problem.inner % perWord == 0;
  const bool packsLeft = !inWords || problem.columns > 4 * tables.columnStep;
  const bool needsSums = problem.sums.outIsBfloat16 && passes > 1;
  float* left = packsLeft ? buffers.left.take(roundUp(blockRows, tables.lanes) * passWords) : nullptr;
  float* right = buffers.right.take(roundUp(blockColumns, tables.lanes) * passWords);
  float* sums = needsSums ? buffers.sums.take(blockRows * blockColumns) : nullptr;
  if ((packsLeft && !left) || !right || (needsSums && !sums)) return false;

  Block block = {};
  for (block.column = 0; block.column < problem.columns; block.column += blockColumns) {
    block.columns = std::min(blockColumns, problem.columns - block.column);
    for (block.row = 0; block.row < problem.rows; block.row += blockRows) {
      block.rows = std::min(blockRows, problem.rows - block.row);
      for (int64_t pass = 0; pass < passes; pass++) {
        block.value = pass * passWords * perWord;
        block.inner = std::min(passWords * perWord, problem.inner - block.value);
        const Side leftOperand = leftSide(problem, block, pairs);
        const bool packsRight = block.row == 0 || passes > 1;
        packSides(leftOperand, left, rightSide(problem, block, pairs), packsRight ? right : nullptr, problem.parallel);
        PackedProduct packed = {block.rows, block.columns, (block.inner + perWord - 1) / perWord,
                                packsLeft ? left : leftOperand.data, packsLeft,
                                problem.left.rowStride * (problem.left.isBfloat16 ? 2 : 4),
                                right, pairs, sumsFrom(problem.sums, block.row, block.column)};
        if (pass > 0) {
          packed.sums.start = needsSums ? sums : packed.sums.out;
          packed.sums.startIsBfloat16 = false;
          packed.sums.startRowStride = needsSums ? blockColumns : packed.sums.outRowStride;
        }
        if (needsSums && pass + 1 < passes) {
          packed.sums.out = sums, packed.sums.outIsBfloat16 = false, packed.sums.outRowStride = blockColumns;
        }
        multiplyTiles(packed, problem.parallel);
      }
    }
  }
  return true;
}

bool multiplyOne(const Multiplication& problem) {
  if (problem.rows <= 0 || problem.columns <= 0) return true;
  if (isThin(problem)) return multiplyThin(problem);
  const Multiplication other = mirrored(problem);
  if (isThin(other)) return multiplyThin(other);
  return multiplyPacked(problem);
}

// A batch that shares its right operand, its rows one after the other, is one product.
Product joined(Product product) {
  if (product.right.batchStride != 0 || product.left.batchStride != product.rows * product.left.rowStride ||
      product.outBatchStride != product.rows * product.outStride || product.batch <= 1) {
    return product;
  }
  product.rows *= product.batch;
  product.batch = 1;
  return product;
}

}  // namespace

bool multiply(const Product& given) {
  const Product product = joined(given);
  const int64_t cost = product.rows * product.columns * std::max<int64_t>(1, product.inner);
  const bool byMatrix = product.batch >= fewestTiles || cost < fewestTiles * smallestShare;
  const auto one = [&](int64_t index, bool parallel) {
    Operand left = product.left, right = product.right;
    left.data = offsetBy(left.data, left.isBfloat16, index * left.batchStride);
    right.data = offsetBy(right.data, right.isBfloat16, index * right.batchStride);
    Product single = product;
    single.out = offsetBy(product.out, product.outIsBfloat16, index * product.outBatchStride);
    return multiplyOne({product.rows, product.columns, product.inner, left, right, sumsOf(single), parallel});
  };
  std::atomic<bool> enough{true};
  if (product.batch > 1 && byMatrix) {
    parallelRows(product.batch, cost / 32, [&](int64_t from, int64_t to) {
      for (int64_t i = from; i < to; i++) {
        if (!one(i, false)) enough = false;
      }
    });
  } else {
    for (int64_t i = 0; i < product.batch; i++) {
      if (!one(i, cost >= 2 * smallestShare)) enough = false;
    }
  }
  return enough;
}

void setBfloat16Pairs(bool enabled) { pairsEnabled = enabled; }
bool bfloat16Pairs() { return pairsEnabled && productTables().hasPairs; }

}  // namespace counterweight
