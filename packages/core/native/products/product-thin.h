// Products of few rows, which read the right operand once and as it lies; see product-tables.h.
#pragma once
#include "product-blocks.h"
#include "product-quantized.h"

namespace {

using counterweight::ThinProduct;

constexpr int thinRows = 8;
constexpr int thinSums = blockRows * blockVectors;

// totals[i] is the sum of all lanes of vectors[i]. Up to as many vectors as there are lanes.
INLINE void totalsOf(const Vector* vectors, int count, float* totals) {
  Vector square[lanes];
#pragma GCC unroll 16
  for (int i = 0; i < lanes; i++) square[i] = i < count ? vectors[i] : Vector{};
  transposeWords(square);
#pragma GCC unroll 4
  for (int half = lanes / 2; half > 0; half /= 2) {
#pragma GCC unroll 8
    for (int i = 0; i < half; i++) square[i] += square[i + half];
  }
  store(totals, square[0]);
}

INLINE void finishOne(const Sums& sums, int64_t row, int64_t column, float sum) {
  if (sums.start) {
    const int64_t at = row * sums.startRowStride + column * sums.startColumnStride;
    sum += sums.startIsBfloat16 ? valueOf(((const Bfloat16*)sums.start)[at]) : ((const float*)sums.start)[at];
  }
  const int64_t to = row * sums.outRowStride + column * sums.outColumnStride;
  if (sums.outIsBfloat16) storeFirst((Bfloat16*)sums.out + to, broadcast(sum), 1);
  else ((float*)sums.out)[to] = sum;
}

template <class A, class W, int M, int N>
INLINE void dotsOf(const ThinProduct& product, int64_t column) {
  typedef typename W::Value T;
  const T* right = W::at(product.right, column * product.rightStride);
  Vector sums[M][N] = {};
  const float* left = product.left;
  const auto add = [&](auto read) INLINE_BODY {
    Vector values[N];
#pragma GCC unroll 8
    for (int j = 0; j < N; j++) values[j] = read(right + j * product.rightStride);
#pragma GCC unroll 8
    for (int i = 0; i < M; i++) {
      const Vector words = load(left + i * product.leftStride);
#pragma GCC unroll 8
      for (int j = 0; j < N; j++) sums[i][j] = A::multiplyAdd(sums[i][j], values[j], words);
    }
    right += lanes * W::perWord;
    left += lanes;
  };
  int64_t k = 0;
  for (; k + lanes * W::perWord <= product.inner; k += lanes * W::perWord) {
    add([](const T* from) INLINE_BODY { return W::along(from, lanes * W::perWord); });
  }
  const int64_t rest = product.inner - k;
  if (rest) add([rest](const T* from) INLINE_BODY { return W::along(from, rest); });
  float totals[(M * N + lanes - 1) / lanes * lanes];
#pragma GCC unroll 8
  for (int i = 0; i < M * N; i += lanes) totalsOf(sums[0] + i, M * N - i, totals + i);
  for (int i = 0; i < M; i++) {
    for (int j = 0; j < N; j++) finishOne(product.sums, i, column + j, totals[i * N + j]);
  }
}

template <class A, class W, int M>
__attribute__((noinline)) void dotsOfRows(const ThinProduct& product, int64_t from, int64_t to) {
  constexpr int most = thinSums / M > 8 ? 8 : thinSums / M < 1 ? 1 : thinSums / M;
  constexpr int N = M == 1 ? 4 : most;
  int64_t column = from;
  for (; column + N <= to; column += N) dotsOf<A, W, M, N>(product, column);
  for (; column < to; column++) dotsOf<A, W, M, 1>(product, column);
}

template <class A, class W>
INLINE void dotsOfWords(const ThinProduct& product, int64_t from, int64_t to) {
  switch (product.rows) {
    case 1: return dotsOfRows<A, W, 1>(product, from, to);
    case 2: return dotsOfRows<A, W, 2>(product, from, to);
    case 3: return dotsOfRows<A, W, 3>(product, from, to);
    case 4: return dotsOfRows<A, W, 4>(product, from, to);
    case 5: return dotsOfRows<A, W, 5>(product, from, to);
    case 6: return dotsOfRows<A, W, 6>(product, from, to);
    case 7: return dotsOfRows<A, W, 7>(product, from, to);
    default: return dotsOfRows<A, W, 8>(product, from, to);
  }
}

// Of an operand in blocks: product-thin-quantized.h.
void dotsOfBlocks(const ThinProduct& product, int64_t from, int64_t to);

void dots(const ThinProduct& product, int64_t from, int64_t to) {
  if (isInBlocks(product.stored)) return dotsOfBlocks(product, from, to);
  if (hasPairs && product.pairs) return dotsOfWords<Pairs, PairWords>(product, from, to);
  if (product.stored == Stored::bfloat16) return dotsOfWords<Singles, SingleWords<Bfloat16>>(product, from, to);
  dotsOfWords<Singles, SingleWords<float>>(product, from, to);
}

// Adds J rows of the right operand, each times its value of the left one, to the sums of M rows.
template <typename T, int M, int J>
INLINE void addRows(const ThinProduct& product, int64_t k, int64_t from, int64_t to, float* scratch, int64_t size) {
  const T* right = (const T*)product.right + k * product.rightStride;
  const auto add = [&](int64_t column, auto read) INLINE_BODY {
    Vector values[J];
#pragma GCC unroll 8
    for (int j = 0; j < J; j++) {
      const T* at = right + j * product.rightStride + column;
      values[j] = read(at);
      // The rows that come next: a processor by itself sees too short a piece of each of them.
      if (J > 1) __builtin_prefetch(at + J * product.rightStride, 0, 2);
    }
#pragma GCC unroll 8
    for (int i = 0; i < M; i++) {
      float* at = scratch + i * size + (column - from);
      Vector sum = load(at);
#pragma GCC unroll 8
      for (int j = 0; j < J; j++) {
        sum = Singles::multiplyAdd(sum, values[j], spread(product.left + i * product.leftStride + k + j));
      }
      store(at, sum);
    }
  };
  int64_t column = from;
  for (; column + lanes <= to; column += lanes) add(column, [](const T* at) INLINE_BODY { return load(at); });
  const int64_t rest = to - column;
  if (rest) add(column, [rest](const T* at) INLINE_BODY { return loadFirst(at, rest); });
}

// Sums of columns, `size` from row to row. Of blocks the rows are longer than the columns are many.
INLINE void finishAdditions(const ThinProduct& product, int64_t from, int64_t to, const float* scratch, int64_t size) {
  const int vectors = (int)((to - from + lanes - 1) / lanes);
  for (int i = 0; i < product.rows; i++) {
    const float* row = scratch + i * size;
    if (product.sums.outColumnStride == 1 && product.sums.startColumnStride == 1) {
      finish(product.sums, i, from, (const Vector*)row, 1, vectors, to);
    } else {
      for (int64_t column = from; column < to; column++) finishOne(product.sums, i, column, row[column - from]);
    }
  }
}

template <typename T, int M>
__attribute__((noinline)) void additionsOfRows(const ThinProduct& product, int64_t from, int64_t to, float* scratch) {
  const int64_t size = (to - from + lanes - 1) / lanes * lanes;
  memset(scratch, 0, (size_t)(M * size) * sizeof(float));
  int64_t k = 0;
  for (; k + 8 <= product.inner; k += 8) addRows<T, M, 8>(product, k, from, to, scratch, size);
  for (; k < product.inner; k++) addRows<T, M, 1>(product, k, from, to, scratch, size);
  finishAdditions(product, from, to, scratch, size);
}

template <typename T>
INLINE void additionsOf(const ThinProduct& product, int64_t from, int64_t to, float* scratch) {
  switch (product.rows) {
    case 1: return additionsOfRows<T, 1>(product, from, to, scratch);
    case 2: return additionsOfRows<T, 2>(product, from, to, scratch);
    case 3: return additionsOfRows<T, 3>(product, from, to, scratch);
    case 4: return additionsOfRows<T, 4>(product, from, to, scratch);
    case 5: return additionsOfRows<T, 5>(product, from, to, scratch);
    case 6: return additionsOfRows<T, 6>(product, from, to, scratch);
    case 7: return additionsOfRows<T, 7>(product, from, to, scratch);
    default: return additionsOfRows<T, 8>(product, from, to, scratch);
  }
}

}  // namespace
