// Rows times a packed matrix: x A on the way down, base + (x A) B on the way up.
#pragma once
#include "low-rank-packing.h"
#include "low-rank-squares.h"

namespace {

using counterweight::ThinProduct;

constexpr int tileRows = 8;

int64_t thinScratch(int64_t inner) { return tileRows * inner; }

template <typename T, int Rows>
INLINE void thinOfFloats(const ThinProduct& problem, int64_t row, const float* left, int64_t leftStride) {
  const float* right = problem.right;
  for (int64_t column = 0; column < problem.columns; column += lanes) {
    Vector sums[Rows];
#pragma GCC unroll 8
    for (int i = 0; i < Rows; i++) sums[i] = baseAt<T>(problem, row + i, column);
    for (int64_t k = 0; k < problem.inner; k++, right += lanes) {
      const Vector values = load(right);
#pragma GCC unroll 8
      for (int i = 0; i < Rows; i++) sums[i] += values * left[i * leftStride + k];
    }
#pragma GCC unroll 8
    for (int i = 0; i < Rows; i++) writeAt<T>(problem, row + i, column, sums[i]);
  }
}

#ifdef CW_PAIRS
template <int Rows>
INLINE void thinOfPairs(const ThinProduct& problem, int64_t row) {
  const float* right = problem.right;
  const Bfloat16* left = (const Bfloat16*)problem.left + row * problem.leftStride;
  for (int64_t column = 0; column < problem.columns; column += lanes) {
    Vector sums[Rows];
#pragma GCC unroll 8
    for (int i = 0; i < Rows; i++) sums[i] = baseAt<Bfloat16>(problem, row + i, column);
    int64_t k = 0;
    for (; k + 2 <= problem.inner; k += 2, right += lanes) {
      const __m512i pairs = _mm512_loadu_si512(right);
#pragma GCC unroll 8
      for (int i = 0; i < Rows; i++) {
        uint32_t pair;
        memcpy(&pair, left + i * problem.leftStride + k, sizeof(pair));
        sums[i] = multiplyPairs(sums[i], pairs, pair);
      }
    }
    if (k < problem.inner) {
      const __m512i pairs = _mm512_loadu_si512(right);
      right += lanes;
#pragma GCC unroll 8
      for (int i = 0; i < Rows; i++) sums[i] = multiplyPairs(sums[i], pairs, left[i * problem.leftStride + k].bits);
    }
#pragma GCC unroll 8
    for (int i = 0; i < Rows; i++) writeAt<Bfloat16>(problem, row + i, column, sums[i]);
  }
}
#endif

template <int Rows>
INLINE void thinRows(const ThinProduct& problem, int64_t row, float* scratch) {
  if (!problem.isBfloat16) {
    const float* left = (const float*)problem.left + row * problem.leftStride;
    return thinOfFloats<float, Rows>(problem, row, left, problem.leftStride);
  }
#ifdef CW_PAIRS
  (void)scratch;
  thinOfPairs<Rows>(problem, row);
#else
  const Bfloat16* left = (const Bfloat16*)problem.left + row * problem.leftStride;
  for (int i = 0; i < Rows; i++) {
    float* widened = scratch + i * problem.inner;
    const Bfloat16* from = left + i * problem.leftStride;
    forVectors(problem.inner, [&](auto get, auto put) INLINE_BODY { put(widened, get(from)); });
  }
  thinOfFloats<Bfloat16, Rows>(problem, row, scratch, problem.inner);
#endif
}

void thin(const ThinProduct& problem, int64_t from, int64_t to, float* scratch) {
  if (problem.inSquares) return thinOfSquares(problem, from, to);
  int64_t row = from;
  for (; row + tileRows <= to; row += tileRows) thinRows<tileRows>(problem, row, scratch);
  for (; row < to; row++) thinRows<1>(problem, row, scratch);
}

}  // namespace
