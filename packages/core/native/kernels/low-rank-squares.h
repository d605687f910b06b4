// Both products by AMX (engine/squares.h): what `pack` makes of a matrix are its squares on the right, what `packDown` makes are
// squares on the left, and rows of x are either.
#pragma once
#include "low-rank-packing.h"
#include "squares.h"

namespace {

using counterweight::OuterProduct;
using counterweight::ThinProduct;

template <typename T>
INLINE Vector baseAt(const ThinProduct& problem, int64_t row, int64_t column) {
  if (!problem.base) return Vector{};
  const T* base = (const T*)problem.base + row * problem.outStride + column;
  return column + lanes <= problem.columns ? load(base) : loadFirst(base, problem.columns - column);
}

template <typename T>
INLINE void writeAt(const ThinProduct& problem, int64_t row, int64_t column, Vector x) {
  T* out = (T*)problem.out + row * problem.outStride + column;
  if (column + lanes <= problem.columns) store(out, x);
  else storeFirst(out, x, problem.columns - column);
}

// Two vectors of columns side by side: a tile of an outer product.
constexpr int64_t tileColumns = 2 * lanes;

#if defined(CW_SQUARES)

// Where rows are many, four squares of them meet one on the right; `M` is 1 otherwise. A row's sum is the same either way.
template <int M>
CW_SQUARES void thinSquares(const ThinProduct& problem, int64_t row, int64_t rows, int64_t group) {
  const int64_t words = problem.inner / 2;
  const int64_t step = problem.leftStride * lanes;
  const int stride = (int)problem.leftStride * 2;
  for (int64_t column = 0; column < problem.columns; column += lanes) {
    const Bfloat16* left = (const Bfloat16*)problem.left + row * problem.leftStride;
    const float* right = problem.right + column * words;
    _tile_zero(0);
    if constexpr (M > 1) _tile_zero(1), _tile_zero(2), _tile_zero(3);
    for (int64_t word = 0; word < words; word += group, left += 2 * group, right += group * lanes) {
      _tile_loadd(6, right, squareBytes);
      _tile_loadd(4, left, stride);
      _tile_dpbf16ps(0, 4, 6);
      if constexpr (M > 1) {
        _tile_loadd(5, left + step, stride);
        _tile_dpbf16ps(1, 5, 6);
        _tile_loadd(4, left + 2 * step, stride);
        _tile_dpbf16ps(2, 4, 6);
        _tile_loadd(5, left + 3 * step, stride);
        _tile_dpbf16ps(3, 5, 6);
      }
    }
    Vector sums[M * lanes];
    _tile_stored(0, sums, squareBytes);
    if constexpr (M > 1) {
      _tile_stored(1, sums + lanes, squareBytes);
      _tile_stored(2, sums + 2 * lanes, squareBytes);
      _tile_stored(3, sums + 3 * lanes, squareBytes);
    }
    for (int64_t i = 0; i < rows; i++) {
      writeAt<Bfloat16>(problem, row + i, column, baseAt<Bfloat16>(problem, row + i, column) + sums[i]);
    }
  }
}

CW_SQUARES void thinOfSquares(const ThinProduct& problem, int64_t from, int64_t to) {
  const int64_t group = smaller(problem.inner / 2, lanes);
  int64_t row = from;
  const Squares whole(lanes, group);
  _tile_loadconfig(&whole);
  for (; row + 4 * lanes <= to; row += 4 * lanes) thinSquares<4>(problem, row, 4 * lanes, group);
  for (; row + lanes <= to; row += lanes) thinSquares<1>(problem, row, lanes, group);
  if (row < to) {
    const Squares rest(to - row, group);
    _tile_loadconfig(&rest);
    thinSquares<1>(problem, row, to - row, group);
  }
  _tile_release();
}

// Rows of two squares, and how many of them are gone through at a time: so that they are read in long stretches, and once.
constexpr int64_t squareRows = 2 * lanes;
constexpr int64_t squareRowBlock = 2 * squareRows;

// Sums of a tile as low-rank-outer.h has them, [rank][half][lane].
CW_SQUARES void addRowsOfSquares(const OuterProduct& problem, int64_t column, int64_t count, int64_t from, int64_t to,
                                 float* tile) {
  const int64_t stride = downStride(problem.rows, true);
  const int sumBytes = 2 * squareBytes;
  const __mmask32 mask = count >= tileColumns ? 0xffffffffu : (1u << count) - 1;
  for (int64_t row = from; row < to; row += squareRows) {
    alignas(64) __m512i first[lanes], second[lanes];
    for (int64_t pair = 0; pair < lanes; pair++) {
      const int64_t at = row + 2 * pair;
      const Bfloat16* x = (const Bfloat16*)problem.x + at * problem.xStride + column;
      const __m512i even = _mm512_maskz_loadu_epi16(at < to ? mask : 0, x);
      const __m512i odd = _mm512_maskz_loadu_epi16(at + 1 < to ? mask : 0, x + problem.xStride);
      first[pair] = _mm512_unpacklo_epi16(even, odd);
      second[pair] = _mm512_unpackhi_epi16(even, odd);
    }
    _tile_loadd(6, first, squareBytes);
    _tile_loadd(7, second, squareBytes);
    for (int64_t rank = 0; rank < problem.ranks; rank += lanes) {
      float* sums = tile + rank * tileColumns;
      _tile_loadd(0, sums, sumBytes);
      _tile_loadd(1, sums + lanes, sumBytes);
      _tile_loadd(4, problem.down + rank * stride + row / 2, (int)stride * 4);
      _tile_dpbf16ps(0, 4, 6);
      _tile_dpbf16ps(1, 4, 7);
      _tile_stored(0, sums, sumBytes);
      _tile_stored(1, sums + lanes, sumBytes);
    }
  }
}

CW_SQUARES void addSquares(const OuterProduct& problem, int64_t from, int64_t to, float* scratch) {
  const int64_t tileSize = problem.ranks * tileColumns;
  memset(scratch, 0, (size_t)((to - from + tileColumns - 1) / tileColumns * tileSize) * sizeof(float));
  const Squares squares(smaller(problem.ranks, lanes), lanes);
  _tile_loadconfig(&squares);
  for (int64_t row = 0; row < problem.rows; row += squareRowBlock) {
    const int64_t end = smaller(problem.rows, row + squareRowBlock);
    for (int64_t column = from; column < to; column += tileColumns) {
      addRowsOfSquares(problem, column, to - column, row, end, scratch + (column - from) / tileColumns * tileSize);
    }
  }
  _tile_release();
}

#else

// Never chosen.
INLINE void thinOfSquares(const ThinProduct&, int64_t, int64_t) {}
INLINE void addSquares(const OuterProduct&, int64_t, int64_t, float*) {}

#endif

}  // namespace
