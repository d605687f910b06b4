// Tiles of products by AMX (engine/squares.h).
//
// The right operand's panels, [panel][word][lane], are squares one after the other. The left one's are packed as
// [panel][word / 16][lane][word % 16]: what a panel is, each square turned over. So there are whole squares of words, and what
// is beyond the last row is zeros.
#pragma once
#include "product-sums.h"
#include "product-words.h"
#include "squares.h"

namespace {

using counterweight::PackedProduct;

#if defined(CW_SQUARES)

void packSquares(const Side& side, int64_t fromPanel, int64_t toPanel, float* squares) {
  const int64_t size = wordsOf(side.inner, true) * lanes;
  if (side.innerStride != 1) {
    pack(side, fromPanel, toPanel, squares);
    for (float* at = squares + fromPanel * size; at < squares + toPanel * size; at += squareWords) {
      Vector words[lanes];
      memcpy(words, at, sizeof(words));
      transposeWords(words);
      memcpy(at, words, sizeof(words));
    }
    return;
  }
  for (int64_t panel = fromPanel; panel < toPanel; panel++) {
    const Bfloat16* from = PairWords::at(side.data, side.first + panel * lanes * side.laneStride);
    const int64_t count = smaller(side.count - panel * lanes, lanes);
    float* to = squares + panel * size;
    for (int64_t k = 0; k < side.inner; k += 2 * lanes, to += squareWords) {
      for (int lane = 0; lane < lanes; lane++) {
        store(to + lane * lanes, lane < count ? PairWords::along(from + lane * side.laneStride + k, 2 * lanes) : Vector{});
      }
    }
  }
}

// Two panels by two, of which `M` and `N` are there.
template <int M, int N>
CW_SQUARES void multiplySquares(const PackedProduct& product, int64_t row, int64_t toRow, int64_t column) {
  const int64_t size = product.words * lanes;
  const float* left = (const float*)product.left + row / lanes * size;
  const float* right = product.right + (column - product.rightColumn) / lanes * size;
  _tile_zero(0);
  if constexpr (N > 1) _tile_zero(1);
  if constexpr (M > 1) _tile_zero(2);
  if constexpr (M > 1 && N > 1) _tile_zero(3);
  for (int64_t at = 0; at < size; at += squareWords) {
    _tile_loadd(4, left + at, squareBytes);
    _tile_loadd(6, right + at, squareBytes);
    _tile_dpbf16ps(0, 4, 6);
    if constexpr (N > 1) {
      _tile_loadd(7, right + size + at, squareBytes);
      _tile_dpbf16ps(1, 4, 7);
    }
    if constexpr (M > 1) {
      _tile_loadd(5, left + size + at, squareBytes);
      _tile_dpbf16ps(2, 5, 6);
    }
    if constexpr (M > 1 && N > 1) _tile_dpbf16ps(3, 5, 7);
  }
  alignas(64) Vector sums[M * lanes * N];
  constexpr int sumBytes = N * squareBytes;
  _tile_stored(0, sums, sumBytes);
  if constexpr (N > 1) _tile_stored(1, sums + 1, sumBytes);
  if constexpr (M > 1) _tile_stored(2, sums + lanes * N, sumBytes);
  if constexpr (M > 1 && N > 1) _tile_stored(3, sums + lanes * N + 1, sumBytes);
  finish(product.sums, row, column, sums, (int)smaller(toRow - row, M * lanes), N, product.columns);
}

CW_SQUARES void tileOfSquares(const PackedProduct& product, int64_t fromRow, int64_t toRow, int64_t fromColumn,
                              int64_t toColumn) {
  const Squares squares;
  _tile_loadconfig(&squares);
  for (int64_t row = fromRow; row < toRow; row += 2 * lanes) {
    const bool tall = row + lanes < toRow;
    for (int64_t column = fromColumn; column < toColumn; column += 2 * lanes) {
      const bool wide = column + lanes < toColumn;
      if (tall && wide) multiplySquares<2, 2>(product, row, toRow, column);
      else if (tall) multiplySquares<2, 1>(product, row, toRow, column);
      else if (wide) multiplySquares<1, 2>(product, row, toRow, column);
      else multiplySquares<1, 1>(product, row, toRow, column);
    }
  }
  _tile_release();
}

#else

// Never chosen.
void packSquares(const Side&, int64_t, int64_t, float*) {}
INLINE void tileOfSquares(const PackedProduct&, int64_t, int64_t, int64_t, int64_t) {}

#endif

}  // namespace
