#include "low-rank.h"
#include "vectors.h"

#if defined(__AVX512BF16__) && defined(__AVX512BW__)
#include <immintrin.h>
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
INLINE uint16_t rounded(float x) {
  Bfloat16 out;
  storeFirst(&out, broadcast(x), 1);
  return out.bits;
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

// [columns / lanes][rows (or pairs of rows)][lanes], filled up with zeros.
void pack(const Panel& panel, bool isBfloat16, float* packed) {
  const auto at = [&](int64_t row, int64_t column) {
    const bool inside = row < panel.rows && column < panel.columns;
    return inside ? panel.values[row * panel.rowStride + column * panel.columnStride] * panel.scale : 0.f;
  };
  for (int64_t first = 0; first < panel.columns; first += lanes) {
    const int64_t step = pairsOf(isBfloat16) ? 2 : 1;
    for (int64_t row = 0; row < panel.rows; row += step) {
      for (int64_t lane = 0; lane < lanes; lane++) {
#ifdef CW_PAIRS
        if (isBfloat16) {
          const uint32_t low = rounded(at(row, first + lane)), high = rounded(at(row + 1, first + lane));
          const uint32_t pair = low | high << 16;
          memcpy(packed++, &pair, sizeof(pair));
          continue;
        }
#endif
        *packed++ = at(row, first + lane);
      }
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

constexpr int64_t columnBlock = 2 * lanes;

// Two vectors of columns side by side; `columnOf` says which column a lane of either holds.
template <int Ranks, typename ColumnOf>
INLINE void writeSums(const OuterProduct& problem, int64_t rank, int64_t from, int64_t count, const Vector* sums,
                      ColumnOf columnOf) {
  for (int i = 0; i < Ranks; i++) {
    for (int half = 0; half < 2; half++) {
      for (int lane = 0; lane < lanes; lane++) {
        const int64_t column = columnOf(half, lane);
        if (column >= count) continue;
        problem.sum[(rank + i) * problem.rankStride + (from + column) * problem.columnStride] =
            sums[2 * i + half][lane] * problem.scale;
      }
    }
  }
}

template <typename T, int Ranks>
INLINE void outerOfFloats(const OuterProduct& problem, int64_t rank, int64_t from, int64_t count) {
  Vector sums[2 * Ranks] = {};
  const T* x = (const T*)problem.x + from;
  const float* down = problem.down + rank * problem.rows;
  for (int64_t row = 0; row < problem.rows; row++, x += problem.xStride) {
    const bool whole = count == columnBlock;
    const Vector first = whole ? load(x) : loadFirst(x, smaller(count, lanes));
    const Vector second = whole ? load(x + lanes) : count > lanes ? loadFirst(x + lanes, count - lanes) : Vector{};
#pragma GCC unroll 8
    for (int i = 0; i < Ranks; i++) {
      const float value = down[i * problem.rows + row];
      sums[2 * i] += first * value;
      sums[2 * i + 1] += second * value;
    }
  }
  writeSums<Ranks>(problem, rank, from, count, sums, [](int half, int lane) { return half * lanes + lane; });
}

#ifdef CW_PAIRS
INLINE __m512i loadColumns(const Bfloat16* x, __mmask32 mask) { return _mm512_maskz_loadu_epi16(mask, x); }

template <int Ranks>
INLINE void outerOfPairs(const OuterProduct& problem, int64_t rank, int64_t from, int64_t count) {
  Vector sums[2 * Ranks] = {};
  const Bfloat16* x = (const Bfloat16*)problem.x + from;
  const int64_t pairs = (problem.rows + 1) / 2;
  const float* down = problem.down + rank * pairs;
  const __mmask32 mask = count >= 32 ? 0xffffffffu : (1u << count) - 1;
  for (int64_t p = 0; p < pairs; p++, x += 2 * problem.xStride) {
    const __m512i even = loadColumns(x, mask);
    const __m512i odd = 2 * p + 1 < problem.rows ? loadColumns(x + problem.xStride, mask) : _mm512_setzero_si512();
    const __m512i first = _mm512_unpacklo_epi16(even, odd);
    const __m512i second = _mm512_unpackhi_epi16(even, odd);
#pragma GCC unroll 8
    for (int i = 0; i < Ranks; i++) {
      uint32_t pair;
      memcpy(&pair, down + i * pairs + p, sizeof(pair));
      sums[2 * i] = multiplyPairs(sums[2 * i], first, pair);
      sums[2 * i + 1] = multiplyPairs(sums[2 * i + 1], second, pair);
    }
  }
  // Unpacking goes by quarters of a register: four columns of eight to either half.
  writeSums<Ranks>(problem, rank, from, count, sums,
                   [](int half, int lane) { return lane / 4 * 8 + half * 4 + lane % 4; });
}
#endif

template <int Ranks>
INLINE void outerRanks(const OuterProduct& problem, int64_t rank, int64_t from, int64_t count) {
  if (!problem.isBfloat16) return outerOfFloats<float, Ranks>(problem, rank, from, count);
#ifdef CW_PAIRS
  outerOfPairs<Ranks>(problem, rank, from, count);
#else
  outerOfFloats<Bfloat16, Ranks>(problem, rank, from, count);
#endif
}

void outer(const OuterProduct& problem, int64_t from, int64_t to) {
  for (int64_t column = from; column < to; column += columnBlock) {
    const int64_t count = smaller(columnBlock, to - column);
    int64_t rank = 0;
    for (; rank + 8 <= problem.ranks; rank += 8) outerRanks<8>(problem, rank, column, count);
    for (; rank < problem.ranks; rank++) outerRanks<1>(problem, rank, column, count);
  }
}

}  // namespace

namespace counterweight {
const LowRankVectors CW_TABLE(lowRankVectors) = {packedSize, pack,        thinScratch, thin,
                                                 packDown,   columnBlock, outer};
}
