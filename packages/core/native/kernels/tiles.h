// Products of small matrices for kernels of attention; see vectors.h for what being compiled for every instruction set
// asks of them. A product broadcasts the words of its left side over vectors of its right side:
//
//     out[i][v] = Σ_k left(i, k) · right[k][v]        i < rows, k < depth, v < N vectors
//
// A word is a float, or where the processor multiplies them, two bfloat16 that are next to each other along k.
#pragma once
#include "vectors.h"

namespace {

#if defined(__AVX512BF16__) && defined(__AVX512BW__)
#define CW_PAIRS
#endif

#if defined(__AVX512F__)
constexpr int mostVectors = 4;
constexpr int blockSums = 24;  // sums that the registers hold beside what they multiply
#else
constexpr int mostVectors = 2;
constexpr int blockSums = 8;
#endif

// A number that templates can be made of.
template <int N>
struct Count {
  static constexpr int value = N;
};

// Products of floats, whatever type they came as.
struct Singles {
  typedef float Element;
  static constexpr int perWord = 1;
  static inline INLINE_BODY Vector multiplyAdd(Vector sum, Vector right, float left) { return sum + right * left; }
};

#if defined(CW_PAIRS)
// Products of pairs of bfloat16, with sums in f32.
struct Pairs {
  typedef Bfloat16 Element;
  static constexpr int perWord = 2;
  static inline INLINE_BODY Vector multiplyAdd(Vector sum, Vector right, float left) {
    // Not `broadcast`, which computes: a small bfloat16 beside a zero is a denormal, and 0 to threads that flush these.
    return (Vector)_mm512_dpbf16_ps((__m512)sum, (__m512bh)right, (__m512bh)_mm512_set1_ps(left));
  }
};
#endif

// The left side lies by rows, left(i, k) = left[i · stride + k], or by columns, left[k · stride + i].
enum class By { rows, columns };

template <class A, int M, int N, By by>
INLINE void productOf(Vector* out, int64_t outStride, const float* left, int64_t leftStride, const Vector* right,
                      int64_t rightStride, int64_t depth, bool add) {
  Vector sums[M][N];
#pragma GCC unroll 8
  for (int i = 0; i < M; i++) {
#pragma GCC unroll 4
    for (int v = 0; v < N; v++) sums[i][v] = add ? out[i * outStride + v] : Vector{};
  }
  for (int64_t k = 0; k < depth; k++) {
#pragma GCC unroll 8
    for (int i = 0; i < M; i++) {
      const float word = by == By::columns ? left[k * leftStride + i] : left[i * leftStride + k];
#pragma GCC unroll 4
      for (int v = 0; v < N; v++) sums[i][v] = A::multiplyAdd(sums[i][v], right[k * rightStride + v], word);
    }
  }
#pragma GCC unroll 8
  for (int i = 0; i < M; i++) {
#pragma GCC unroll 4
    for (int v = 0; v < N; v++) out[i * outStride + v] = sums[i][v];
  }
}

// `add`: out += instead of out =.
template <class A, int N, By by>
__attribute__((noinline)) void product(Vector* out, int64_t outStride, const float* left, int64_t leftStride,
                                       const Vector* right, int64_t rightStride, int64_t rows, int64_t depth,
                                       bool add) {
  constexpr int block = N * 8 <= blockSums ? 8 : 4;
  const int64_t step = by == By::columns ? 1 : leftStride;
  int64_t i = 0;
  const auto take = [&](auto count) INLINE_BODY {
    constexpr int M = decltype(count)::value;
    productOf<A, M, N, by>(out + i * outStride, outStride, left + i * step, leftStride, right, rightStride, depth, add);
    i += M;
  };
  while (i + block <= rows) take(Count<block>{});
  if (i + 4 <= rows) take(Count<4>{});
  if (i + 2 <= rows) take(Count<2>{});
  if (i < rows) take(Count<1>{});
}

// body(Count<N>, first) over `count` vectors or heads, as many at a time as a product takes, of about equal size.
template <class Body>
INLINE void forGroups(int64_t count, Body body) {
  for (int64_t first = 0; first < count;) {
    const int64_t rest = count - first;
    const int64_t n = rest <= mostVectors ? rest : rest < 2 * mostVectors ? (rest + 1) / 2 : mostVectors;
    if (n == 1) body(Count<1>{}, first);
    if (n == 2) body(Count<2>{}, first);
    if constexpr (mostVectors > 2) {
      if (n == 3) body(Count<3>{}, first);
      if (n == 4) body(Count<4>{}, first);
    }
    first += n;
  }
}

INLINE Integers laneNumbers() {
  Integers numbers = {};
  for (int lane = 0; lane < lanes; lane++) numbers[lane] = lane;
  return numbers;
}

// square[row] lane column → square[column] lane row: halves change places, then quarters, and so on.
INLINE void transpose(Vector* square) {
#if defined(__clang__)
  float* values = (float*)square;
  for (int row = 0; row < lanes; row++) {
    for (int lane = 0; lane < row; lane++) {
      const float other = values[lane * lanes + row];
      values[lane * lanes + row] = values[row * lanes + lane];
      values[row * lanes + lane] = other;
    }
  }
#else
  const Integers numbers = laneNumbers();
#pragma GCC unroll 4
  for (int step = 1; step < lanes; step *= 2) {
    const Integers odd = (numbers & step) != 0;
    const Integers upper = odd ? numbers + (lanes - step) : numbers;
    const Integers lower = odd ? numbers + lanes : numbers + step;
#pragma GCC unroll 16
    for (int row = 0; row < lanes; row++) {
      if (row & step) continue;
      const Vector a = square[row], b = square[row + step];
      square[row] = __builtin_shuffle(a, b, upper);
      square[row + step] = __builtin_shuffle(a, b, lower);
    }
  }
#endif
}

}  // namespace
