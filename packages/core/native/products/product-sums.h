// Where the sums of a block of products end, and what they start with.
#pragma once
#include "product-tables.h"
#include "vectors.h"

namespace {

using counterweight::Sums;

INLINE Vector startAt(const Sums& sums, int64_t row, int64_t column, int64_t count) {
  if (!sums.start) return Vector{};
  const int64_t at = row * sums.startRowStride + column;
  if (sums.startIsBfloat16) return loadFirst((const Bfloat16*)sums.start + at, count);
  return loadFirst((const float*)sums.start + at, count);
}

// Sums of any type that end anywhere.
__attribute__((noinline)) void finish(const Sums& sums, int64_t row, int64_t column, const Vector* block, int rows,
                                      int vectors, int64_t columns) {
  for (int i = 0; i < rows; i++) {
    for (int v = 0; v < vectors; v++, block++) {
      const int64_t at = column + v * lanes;
      const int64_t count = smaller(lanes, columns - at);
      const Vector sum = *block + startAt(sums, row + i, at, count);
      const int64_t to = (row + i) * sums.outRowStride + at;
      if (sums.outIsBfloat16) storeFirst((Bfloat16*)sums.out + to, sum, count);
      else storeFirst((float*)sums.out + to, sum, count);
    }
  }
}

// Sums that start and end with values of one type, in whole vectors.
template <typename T, int M, int N>
INLINE void finishWhole(const Sums& sums, int64_t row, int64_t column, const Vector (&block)[M][N]) {
  T* out = (T*)sums.out + row * sums.outRowStride + column;
  const T* start = (const T*)sums.start + row * sums.startRowStride + column;
#pragma GCC unroll 8
  for (int i = 0; i < M; i++) {
#pragma GCC unroll 4
    for (int v = 0; v < N; v++) {
      const Vector sum = sums.start ? block[i][v] + load(start + i * sums.startRowStride + v * lanes) : block[i][v];
      store(out + i * sums.outRowStride + v * lanes, sum);
    }
  }
}

}  // namespace
