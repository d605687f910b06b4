// Tiles of products of packed operands; see product-tables.h.
#pragma once
#include "product-squares.h"
#include "product-sums.h"
#include "product-words.h"

namespace {

using counterweight::Packed;
using counterweight::PackedProduct;

// The sums of a block of rows by vectors stay in registers.
#if defined(__AVX512F__)
constexpr int blockRows = 8;
constexpr int blockVectors = 3;
#elif defined(__AVX__)
constexpr int blockRows = 4;
constexpr int blockVectors = 3;
#elif defined(__aarch64__)
constexpr int blockRows = 8;
constexpr int blockVectors = 3;
#else
constexpr int blockRows = 4;
constexpr int blockVectors = 2;
#endif

template <int N>
struct Count {
  static constexpr int value = N;
};

// Where registers are few, a row's word is not read before the sums of the row above are done: compilers that read all of
// them first run out of registers, at half the speed.
INLINE void afterSum(const char*& left, Vector& sum) {
#if defined(__x86_64__) && !defined(__AVX512F__)
  asm("" : "+r"(left), "+x"(sum));
#else
  (void)left, (void)sum;
#endif
}

template <class A, bool packed, int M, int N>
INLINE void block(const PackedProduct& product, int64_t row, int64_t column) {
  const int64_t size = product.words * lanes;
  const float* right = product.right + (column - product.rightColumn) * product.words;
  const char* left = (const char*)product.left;
  const int64_t leftStride = product.leftStride;
  left += packed ? 4 * (row / lanes * size + row % lanes) : row * leftStride;
  Vector sums[M][N];
#pragma GCC unroll 8
  for (int i = 0; i < M; i++) {
#pragma GCC unroll 4
    for (int v = 0; v < N; v++) sums[i][v] = Vector{};
  }
  for (int64_t k = 0; k < product.words; k++) {
    Vector values[N];
#pragma GCC unroll 4
    for (int v = 0; v < N; v++) values[v] = load(right + v * size + k * lanes);
#pragma GCC unroll 8
    for (int i = 0; i < M; i++) {
      if (i > 0) afterSum(left, sums[i - 1][N - 1]);
      const Vector word = packed ? spread(left + 4 * (i / lanes * size + i % lanes)) : spread(left + i * leftStride);
#pragma GCC unroll 4
      for (int v = 0; v < N; v++) sums[i][v] = A::multiplyAdd(sums[i][v], values[v], word);
    }
    left += packed ? 4 * lanes : 4;
  }
  const bool whole = column + N * lanes <= product.columns;
  const bool alike = !product.sums.start || product.sums.startIsBfloat16 == product.sums.outIsBfloat16;
  if (whole && alike && product.sums.outIsBfloat16) return finishWhole<Bfloat16>(product.sums, row, column, sums);
  if (whole && alike) return finishWhole<float>(product.sums, row, column, sums);
  Vector copy[M * N];  // so that the sums themselves need not be in memory
#pragma GCC unroll 8
  for (int i = 0; i < M; i++) {
#pragma GCC unroll 4
    for (int v = 0; v < N; v++) copy[i * N + v] = sums[i][v];
  }
  finish(product.sums, row, column, copy, M, N, product.columns);
}

template <class A, bool packed, int N>
__attribute__((noinline)) void rowsOf(const PackedProduct& product, int64_t row, int64_t toRow, int64_t column) {
  for (; row + blockRows <= toRow; row += blockRows) block<A, packed, blockRows, N>(product, row, column);
  if constexpr (blockRows > 4) {
    if (row + 4 <= toRow) block<A, packed, 4, N>(product, row, column), row += 4;
  }
  if (row + 2 <= toRow) block<A, packed, 2, N>(product, row, column), row += 2;
  if (row < toRow) block<A, packed, 1, N>(product, row, column);
}

// body(Count<N>, first) over `count` vectors, as many at a time as a block takes, of about equal size.
template <class Body>
INLINE void forVectorGroups(int64_t count, Body body) {
  for (int64_t first = 0; first < count;) {
    const int64_t rest = count - first;
    const int64_t n = rest <= blockVectors ? rest : rest < 2 * blockVectors ? (rest + 1) / 2 : blockVectors;
    if (n == 1) body(Count<1>{}, first);
    if (n == 2) body(Count<2>{}, first);
    if constexpr (blockVectors > 2) {
      if (n == 3) body(Count<3>{}, first);
    }
    first += n;
  }
}

// Few rows at a time stay in the nearest cache while all columns of the tile go by.
template <class A, bool packed>
void tileOf(const PackedProduct& product, int64_t fromRow, int64_t toRow, int64_t fromColumn, int64_t toColumn) {
  const int64_t vectors = (toColumn - fromColumn + lanes - 1) / lanes;
  for (int64_t row = fromRow; row < toRow; row += blockRows) {
    const int64_t end = smaller(row + blockRows, toRow);
    forVectorGroups(vectors, [&](auto count, int64_t first) INLINE_BODY {
      rowsOf<A, packed, decltype(count)::value>(product, row, end, fromColumn + first * lanes);
    });
  }
}

void tile(const PackedProduct& product, int64_t fromRow, int64_t toRow, int64_t fromColumn, int64_t toColumn) {
  if (product.leftIs == Packed::squares) return tileOfSquares(product, fromRow, toRow, fromColumn, toColumn);
  const bool isPacked = product.leftIs == Packed::panels;
  if (hasPairs && product.pairs) {
    return isPacked ? tileOf<Pairs, true>(product, fromRow, toRow, fromColumn, toColumn)
                    : tileOf<Pairs, false>(product, fromRow, toRow, fromColumn, toColumn);
  }
  return isPacked ? tileOf<Singles, true>(product, fromRow, toRow, fromColumn, toColumn)
                  : tileOf<Singles, false>(product, fromRow, toRow, fromColumn, toColumn);
}

}  // namespace
