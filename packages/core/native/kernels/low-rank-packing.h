// How the small matrices of adapters lie for products with them: panels of as many columns as there are lanes.
#pragma once
#include "low-rank.h"
#include "vectors.h"

#if defined(__AVX512BF16__) && defined(__AVX512BW__)
#define CW_PAIRS 1
#endif

namespace {

using counterweight::Panel;

// Where the processor multiplies pairs of bfloat16, an inner dimension goes two by two: a packed matrix has pairs of
// rows side by side in 32 bits. Everywhere else it is floats.
#ifdef CW_PAIRS
INLINE Vector multiplyPairs(Vector sum, __m512i pairs, uint32_t pair) {
  return (Vector)_mm512_dpbf16_ps((__m512)sum, (__m512bh)pairs, (__m512bh)_mm512_set1_epi32((int)pair));
}
#endif

constexpr bool pairsOf([[maybe_unused]] bool isBfloat16) {
#ifdef CW_PAIRS
  return isBfloat16;
#else
  return false;
#endif
}

int64_t packedSize(int64_t rows, int64_t columns, bool isBfloat16) {
  const int64_t panels = (columns + lanes - 1) / lanes;
  return panels * lanes * (pairsOf(isBfloat16) ? (rows + 1) / 2 : rows);
}

// A row of a panel, from `first` on: 0 beyond its end.
INLINE Vector panelRow(const Panel& panel, int64_t row, int64_t first) {
  if (row >= panel.rows) return Vector{};
  const float* values = panel.values + row * panel.rowStride + first * panel.columnStride;
  const int64_t count = smaller(lanes, panel.columns - first);
  if (panel.columnStride == 1) return loadFirst(values, count) * panel.scale;
  float buffer[lanes] = {};
  for (int64_t lane = 0; lane < count; lane++) buffer[lane] = values[lane * panel.columnStride];
  return load(buffer) * panel.scale;
}

// [columns / lanes][rows (or pairs of rows)][lanes], filled up with zeros.
void pack(const Panel& panel, bool isBfloat16, float* packed) {
  const int64_t step = pairsOf(isBfloat16) ? 2 : 1;
  for (int64_t first = 0; first < panel.columns; first += lanes) {
    for (int64_t row = 0; row < panel.rows; row += step, packed += lanes) {
      const Vector even = panelRow(panel, row, first);
#ifdef CW_PAIRS
      if (isBfloat16) {
        const Vector odd = panelRow(panel, row + 1, first);
        const __m512i low = _mm512_cvtepu16_epi32((__m256i)_mm512_cvtneps_pbh((__m512)even));
        const __m512i high = _mm512_cvtepu16_epi32((__m256i)_mm512_cvtneps_pbh((__m512)odd));
        _mm512_storeu_si512(packed, _mm512_or_si512(low, _mm512_slli_epi32(high, 16)));
        continue;
      }
#endif
      store(packed, even);
    }
  }
}

// How many floats apart ranks are: pairs of rows make up whole squares (low-rank-squares.h).
INLINE int64_t downStride(int64_t rows, bool isBfloat16) {
  return pairsOf(isBfloat16) ? (rows + 2 * lanes - 1) / (2 * lanes) * lanes : rows;
}

int64_t downSize(int64_t rows, int64_t ranks, bool isBfloat16) { return ranks * downStride(rows, isBfloat16); }

// [ranks][rows (or pairs of rows)].
void packDown(const void* down, int64_t stride, int64_t rows, int64_t ranks, bool isBfloat16, float* packed) {
  for (int64_t rank = 0; rank < ranks; rank++) {
#ifdef CW_PAIRS
    if (isBfloat16) {
      const Bfloat16* values = (const Bfloat16*)down + rank;
      float* to = packed + rank * downStride(rows, true);
      for (int64_t row = 0; row < rows; row += 2) {
        const uint32_t high = row + 1 < rows ? values[(row + 1) * stride].bits : 0;
        const uint32_t pair = values[row * stride].bits | high << 16;
        memcpy(to++, &pair, sizeof(pair));
      }
      continue;
    }
#endif
    for (int64_t row = 0; row < rows; row++) {
      *packed++ = isBfloat16 ? valueOf(((const Bfloat16*)down)[row * stride + rank])
                             : ((const float*)down)[row * stride + rank];
    }
  }
}

}  // namespace
