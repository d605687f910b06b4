// The gradient of a small matrix: a sum over rows of outer products.
#pragma once
#include "low-rank-packing.h"
#include "low-rank-squares.h"

namespace {

using counterweight::OuterProduct;

// What one call takes, and how many rows it goes through at a time: so that rows are read in long stretches, and once.
constexpr int64_t columnBlock = 8 * tileColumns;
constexpr int64_t rowBlock = 64;

// Sums of a tile, [rank][half][lane], wait in memory between the blocks of rows.
template <int Ranks>
INLINE void loadSums(Vector* sums, const float* from) {
  for (int i = 0; i < 2 * Ranks; i++) sums[i] = load(from + i * lanes);
}
template <int Ranks>
INLINE void storeSums(float* to, const Vector* sums) {
  for (int i = 0; i < 2 * Ranks; i++) store(to + i * lanes, sums[i]);
}

template <typename T, int Ranks>
INLINE void addRowsOfFloats(const OuterProduct& problem, int64_t rank, int64_t column, int64_t count, int64_t from,
                            int64_t to, float* tile) {
  Vector sums[2 * Ranks];
  loadSums<Ranks>(sums, tile);
  const T* x = (const T*)problem.x + from * problem.xStride + column;
  const float* down = problem.down + rank * problem.rows;
  const bool whole = count >= tileColumns;
  for (int64_t row = from; row < to; row++, x += problem.xStride) {
    const Vector first = whole ? load(x) : loadFirst(x, smaller(count, lanes));
    const Vector second = whole ? load(x + lanes) : count > lanes ? loadFirst(x + lanes, count - lanes) : Vector{};
#pragma GCC unroll 8
    for (int i = 0; i < Ranks; i++) {
      const float value = down[i * problem.rows + row];
      sums[2 * i] += first * value;
      sums[2 * i + 1] += second * value;
    }
  }
  storeSums<Ranks>(tile, sums);
}

#ifdef CW_PAIRS
template <int Ranks>
INLINE void addRowsOfPairs(const OuterProduct& problem, int64_t rank, int64_t column, int64_t count, int64_t from,
                           int64_t to, float* tile) {
  Vector sums[2 * Ranks];
  loadSums<Ranks>(sums, tile);
  const Bfloat16* x = (const Bfloat16*)problem.x + from * problem.xStride + column;
  const int64_t pairs = downStride(problem.rows, true);
  const float* down = problem.down + rank * pairs;
  const __mmask32 mask = count >= tileColumns ? 0xffffffffu : (1u << count) - 1;
  for (int64_t row = from; row < to; row += 2, x += 2 * problem.xStride) {
    const __m512i even = _mm512_maskz_loadu_epi16(mask, x);
    const __m512i odd = _mm512_maskz_loadu_epi16(row + 1 < to ? mask : 0, x + problem.xStride);
    const __m512i first = _mm512_unpacklo_epi16(even, odd);
    const __m512i second = _mm512_unpackhi_epi16(even, odd);
#pragma GCC unroll 8
    for (int i = 0; i < Ranks; i++) {
      uint32_t pair;
      memcpy(&pair, down + i * pairs + row / 2, sizeof(pair));
      sums[2 * i] = multiplyPairs(sums[2 * i], first, pair);
      sums[2 * i + 1] = multiplyPairs(sums[2 * i + 1], second, pair);
    }
  }
  storeSums<Ranks>(tile, sums);
}
#endif

template <int Ranks>
INLINE void addRows(const OuterProduct& problem, int64_t rank, int64_t column, int64_t count, int64_t from, int64_t to,
                    float* tile) {
  if (!problem.isBfloat16) return addRowsOfFloats<float, Ranks>(problem, rank, column, count, from, to, tile);
#ifdef CW_PAIRS
  addRowsOfPairs<Ranks>(problem, rank, column, count, from, to, tile);
#else
  addRowsOfFloats<Bfloat16, Ranks>(problem, rank, column, count, from, to, tile);
#endif
}

// Which column of a tile a lane holds: where pairs are unpacked, that goes by quarters of a register, four columns of
// eight to either half.
INLINE int64_t columnOf(const OuterProduct& problem, int half, int lane) {
  return pairsOf(problem.isBfloat16) ? lane / 4 * 8 + half * 4 + lane % 4 : half * lanes + lane;
}

int64_t outerScratch(int64_t ranks) { return ranks * columnBlock; }

void addAllRows(const OuterProduct& problem, int64_t from, int64_t to, float* scratch) {
  memset(scratch, 0, (size_t)(problem.ranks * columnBlock) * sizeof(float));
  const int64_t tileSize = problem.ranks * tileColumns;
  for (int64_t row = 0; row < problem.rows; row += rowBlock) {
    const int64_t end = smaller(problem.rows, row + rowBlock);
    for (int64_t column = from; column < to; column += tileColumns) {
      float* tile = scratch + (column - from) / tileColumns * tileSize;
      int64_t rank = 0;
      for (; rank + 8 <= problem.ranks; rank += 8) {
        addRows<8>(problem, rank, column, to - column, row, end, tile + rank * tileColumns);
      }
      for (; rank < problem.ranks; rank++) {
        addRows<1>(problem, rank, column, to - column, row, end, tile + rank * tileColumns);
      }
    }
  }
}

void outer(const OuterProduct& problem, int64_t from, int64_t to, float* scratch) {
  if (problem.inSquares) addSquares(problem, from, to, scratch);
  else addAllRows(problem, from, to, scratch);
  const int64_t tileSize = problem.ranks * tileColumns;
  for (int64_t column = from; column < to; column += tileColumns) {
    const float* tile = scratch + (column - from) / tileColumns * tileSize;
    for (int64_t rank = 0; rank < problem.ranks; rank++) {
      for (int half = 0; half < 2; half++) {
        for (int lane = 0; lane < lanes; lane++) {
          const int64_t at = column + columnOf(problem, half, lane);
          if (at >= to) continue;
          problem.sum[rank * problem.rankStride + at * problem.columnStride] =
              tile[(rank * 2 + half) * lanes + lane] * problem.scale;
        }
      }
    }
  }
}

}  // namespace
