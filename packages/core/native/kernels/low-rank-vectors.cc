#include "low-rank.h"
#include "vectors.h"

#if defined(__AVX512BF16__) && defined(__AVX512BW__)
#define CW_PAIRS 1
#endif

namespace {

using counterweight::OuterProduct;
using counterweight::Panel;
using counterweight::ThinProduct;

constexpr int tileRows = 8;

// Where the processor multiplies pairs of bfloat16, an inner dimension goes two by two: a packed matrix has pairs of
// rows side by side in 32 bits. Everywhere else it is floats.
#ifdef CW_PAIRS
INLINE Vector multiplyPairs(Vector sum, __m512i pairs, uint32_t pair) {
  return (Vector)_mm512_dpbf16_ps((__m512)sum, (__m512bh)pairs, (__m512bh)_mm512_set1_epi32((int)pair));
}
#endif

constexpr bool pairsOf(bool isBfloat16) {
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

int64_t thinScratch(int64_t inner) { return tileRows * inner; }

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
  int64_t row = from;
  for (; row + tileRows <= to; row += tileRows) thinRows<tileRows>(problem, row, scratch);
  for (; row < to; row++) thinRows<1>(problem, row, scratch);
}

// [ranks][rows (or pairs of rows)].
void packDown(const void* down, int64_t stride, int64_t rows, int64_t ranks, bool isBfloat16, float* packed) {
  for (int64_t rank = 0; rank < ranks; rank++) {
#ifdef CW_PAIRS
    if (isBfloat16) {
      const Bfloat16* values = (const Bfloat16*)down + rank;
      for (int64_t row = 0; row < rows; row += 2) {
        const uint32_t high = row + 1 < rows ? values[(row + 1) * stride].bits : 0;
        const uint32_t pair = values[row * stride].bits | high << 16;
        memcpy(packed++, &pair, sizeof(pair));
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

// Two vectors of columns side by side.
constexpr int64_t tileColumns = 2 * lanes;
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
  const int64_t pairs = (problem.rows + 1) / 2;
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

void outer(const OuterProduct& problem, int64_t from, int64_t to, float* scratch) {
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

namespace counterweight {
const LowRankVectors CW_TABLE(lowRankVectors) = {packedSize, pack,        thinScratch,  thin,
                                                 packDown,   columnBlock, outerScratch, outer};
}
