// Tiles for kernels of attention, see vectors.h for what being compiled for every instruction set asks of them.
//
// A tile has `lanes` positions side by side, one a lane: a "column" [d] of a tile is one vector a feature. So sums over
// features or over the other side's positions are vertical, whatever the head size is. Two products do everything:
//
//     dots        out[n]  = Σ_c tile[c] · rows[n][c]
//     accumulate  tile[c] += Σ_n weights[n] · rows[n][c]
#pragma once
#include "vectors.h"

namespace {

#if defined(__AVX512F__)
constexpr int dotRows = 8;
#else
constexpr int dotRows = 4;
#endif
constexpr int featureBlock = 8;

INLINE Integers laneNumbers() {
  Integers numbers;
  for (int lane = 0; lane < lanes; lane++) numbers[lane] = lane;
  return numbers;
}

template <int Rows, int D>
INLINE void dotsOf(Vector* out, const Vector* tile, const float* rows, int64_t size) {
  const int64_t d = D > 0 ? D : size;
  Vector sums[Rows] = {};
  for (int64_t c = 0; c < d; c++) {
    const Vector feature = tile[c];
#pragma GCC unroll 8
    for (int n = 0; n < Rows; n++) sums[n] += feature * rows[n * d + c];
  }
#pragma GCC unroll 8
  for (int n = 0; n < Rows; n++) out[n] = sums[n];
}

template <int D>
INLINE void dots(Vector* out, const Vector* tile, const float* rows, int64_t count, int64_t size) {
  const int64_t d = D > 0 ? D : size;
  int64_t n = 0;
  for (; n + dotRows <= count; n += dotRows) dotsOf<dotRows, D>(out + n, tile, rows + n * d, d);
  for (; n < count; n++) dotsOf<1, D>(out + n, tile, rows + n * d, d);
}

template <int Features>
INLINE void accumulateOf(Vector* tile, const Vector* weights, const float* rows, int64_t count, int64_t d) {
  Vector sums[Features];
#pragma GCC unroll 8
  for (int c = 0; c < Features; c++) sums[c] = tile[c];
  for (int64_t n = 0; n < count; n++) {
    const Vector weight = weights[n];
#pragma GCC unroll 8
    for (int c = 0; c < Features; c++) sums[c] += weight * rows[n * d + c];
  }
#pragma GCC unroll 8
  for (int c = 0; c < Features; c++) tile[c] = sums[c];
}

template <int D>
INLINE void accumulate(Vector* tile, const Vector* weights, const float* rows, int64_t count, int64_t size) {
  const int64_t d = D > 0 ? D : size;
  int64_t c = 0;
  for (; c + featureBlock <= d; c += featureBlock) {
    accumulateOf<featureBlock>(tile + c, weights, rows + c, count, d);
  }
  for (; c < d; c++) accumulateOf<1>(tile + c, weights, rows + c, count, d);
}

// rows [count, d] → tile [d]; lanes without a row are 0.
INLINE void loadTile(Vector* tile, const float* rows, int64_t count, int64_t d) {
  float* out = (float*)tile;
  for (int64_t c = 0; c < d; c++) {
    for (int64_t lane = 0; lane < lanes; lane++) out[c * lanes + lane] = lane < count ? rows[lane * d + c] : 0.f;
  }
}

INLINE void storeTile(const Vector* tile, float* rows, int64_t count, int64_t d) {
  const float* in = (const float*)tile;
  for (int64_t lane = 0; lane < count; lane++) {
    for (int64_t c = 0; c < d; c++) rows[lane * d + c] = in[c * lanes + lane];
  }
}

INLINE void transpose(Vector* out, const Vector* in) {
  for (int row = 0; row < lanes; row++) {
    for (int lane = 0; lane < lanes; lane++) ((float*)out)[lane * lanes + row] = in[row][lane];
  }
}

}  // namespace
