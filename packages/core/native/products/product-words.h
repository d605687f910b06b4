// Words, and how operands are packed into panels of them; see product-tables.h.
#pragma once
#include "product-tables.h"
#include "stored.h"
#include "vectors.h"

#if defined(__AVX512BF16__) && defined(__AVX512BW__)
#define CW_PAIRS
#endif

namespace {

using counterweight::Side;
using counterweight::Stored;

// Products of floats, whatever type they came as.
struct Singles {
  static inline INLINE_BODY Vector multiplyAdd(Vector sum, Vector a, Vector b) {
#if defined(__wasm_relaxed_simd__)
    return (Vector)__builtin_wasm_relaxed_madd_f32x4(a, b, sum);
#else
    return sum + a * b;
#endif
  }
};

#if defined(CW_PAIRS)
// Products of pairs of bfloat16, with sums in f32.
struct Pairs {
  static inline INLINE_BODY Vector multiplyAdd(Vector sum, Vector a, Vector b) {
    return (Vector)_mm512_dpbf16_ps((__m512)sum, (__m512bh)a, (__m512bh)b);
  }
};
constexpr bool hasPairs = true;
#else
typedef Singles Pairs;  // never chosen
constexpr bool hasPairs = false;
#endif

// A word in all lanes. Not by way of arithmetic, which may take a pair for a denormal and for 0.
INLINE Vector spread(const void* word) {
#if defined(__AVX512F__)
  float value;
  memcpy(&value, word, sizeof(value));
  return (Vector)_mm512_set1_ps(value);
#else
  int32_t bits;
  memcpy(&bits, word, sizeof(bits));
  return (Vector)(Integers{} + bits);
#endif
}

INLINE Vector pairsOf(Vector even, Vector odd) { return (Vector)(((Words)even >> 16) | (Words)odd); }

#if defined(__clang__)
template <class T, T... lane>
struct Lanes {
  template <int step>
  static INLINE_BODY Vector upper(Vector a, Vector b) {
    return __builtin_shufflevector(a, b, ((lane & step) ? lane + lanes - step : lane)...);
  }
  template <int step>
  static INLINE_BODY Vector lower(Vector a, Vector b) {
    return __builtin_shufflevector(a, b, ((lane & step) ? lane + lanes : lane + step)...);
  }
};
typedef __make_integer_seq<Lanes, int, lanes> AllLanes;
#else
struct AllLanes {
  static INLINE_BODY Integers numbers() {
    Integers numbers = {};
    for (int lane = 0; lane < lanes; lane++) numbers[lane] = lane;
    return numbers;
  }
  template <int step>
  static INLINE_BODY Vector upper(Vector a, Vector b) {
    return __builtin_shuffle(a, b, (numbers() & step) != 0 ? numbers() + (lanes - step) : numbers());
  }
  template <int step>
  static INLINE_BODY Vector lower(Vector a, Vector b) {
    return __builtin_shuffle(a, b, (numbers() & step) != 0 ? numbers() + lanes : numbers() + step);
  }
};
#endif

// square[row] lane column → square[column] lane row: halves change places, then quarters, and so on.
template <int step = 1>
INLINE void transposeWords(Vector* square) {
#pragma GCC unroll 16
  for (int row = 0; row < lanes; row++) {
    if (row & step) continue;
    const Vector a = square[row], b = square[row + step];
    square[row] = AllLanes::upper<step>(a, b);
    square[row + step] = AllLanes::lower<step>(a, b);
  }
  if constexpr (step * 2 < lanes) transposeWords<step * 2>(square);
}

// How words are made of an operand's values: `along` the inner dimension, and `across` it, for every lane. `inner` and
// `count` say how many values there are; the rest is 0.
//
// A `Place` is where a value lies: `at` a number of values from the beginning of the data.
template <typename T>
struct SingleWords {
  typedef T Value;
  typedef const T* Place;
  static constexpr int perWord = 1;
  static constexpr bool inBlocks = false;
  static INLINE_BODY Place at(const void* data, int64_t index) { return (const T*)data + index; }
  static INLINE_BODY Vector along(const T* from, int64_t inner) {
    return inner >= lanes ? load(from) : loadFirst(from, inner);
  }
  static INLINE_BODY Vector across(const T* from, int64_t, int64_t, int64_t count) {
    return count >= lanes ? load(from) : loadFirst(from, count);
  }
};

struct PairWords {
  typedef Bfloat16 Value;
  typedef const Bfloat16* Place;
  static constexpr int perWord = 2;
  static constexpr bool inBlocks = false;
  static INLINE_BODY Place at(const void* data, int64_t index) { return (const Bfloat16*)data + index; }
  static INLINE_BODY Vector along(const Bfloat16* from, int64_t inner) {
    Vector words = {};
    if (inner >= 2 * lanes) memcpy(&words, from, sizeof(words));
    else memcpy(&words, from, (size_t)inner * 2);
    return words;
  }
  static INLINE_BODY Vector across(const Bfloat16* from, int64_t stride, int64_t inner, int64_t count) {
    const Vector even = SingleWords<Bfloat16>::across(from, 0, 0, count);
    return pairsOf(even, inner > 1 ? SingleWords<Bfloat16>::across(from + stride, 0, 0, count) : Vector{});
  }
};

INLINE int64_t wordsOf(int64_t inner, bool pairs) { return pairs ? (inner + 1) / 2 : inner; }

template <class W>
INLINE void packAlong(const Side& side, typename W::Place from, int64_t count, float* panel) {
  for (int64_t k = 0; k < side.inner; k += lanes * W::perWord) {
    Vector square[lanes];
#pragma GCC unroll 16
    for (int lane = 0; lane < lanes; lane++) {
      square[lane] = lane < count ? W::along(from + lane * side.laneStride + k, side.inner - k) : Vector{};
    }
    transposeWords(square);
    const int64_t rest = (side.inner - k + W::perWord - 1) / W::perWord;
#pragma GCC unroll 16
    for (int word = 0; word < lanes; word++) {
      if (word < rest) store(panel + word * lanes, square[word]);
    }
    panel += lanes * lanes;
  }
}

// Several panels at a time, so that what lies together is read together.
template <class W>
INLINE void packAcross(const Side& side, typename W::Place from, int64_t count, float* panel, int64_t size) {
  for (int64_t k = 0; k < side.inner; k += W::perWord, from = from + W::perWord * side.innerStride, panel += lanes) {
    for (int64_t lane = 0; lane < count; lane += lanes) {
      store(panel + lane / lanes * size, W::across(from + lane, side.innerStride, side.inner - k, count - lane));
    }
  }
}

template <class W>
INLINE void packAny(const Side& side, const typename W::Value* from, int64_t count, float* panel) {
  for (int64_t k = 0; k < side.inner; k += W::perWord, panel += lanes) {
    typename W::Value values[W::perWord][lanes] = {};
    for (int i = 0; i < W::perWord && k + i < side.inner; i++) {
      for (int64_t lane = 0; lane < count; lane++) values[i][lane] = from[lane * side.laneStride + (k + i) * side.innerStride];
    }
    store(panel, W::across(values[0], lanes, W::perWord, lanes));
  }
}

template <class W>
void packWords(const Side& side, int64_t fromPanel, int64_t toPanel, float* panels) {
  const int64_t size = wordsOf(side.inner, W::perWord == 2) * lanes;
  const bool isAcross = side.laneStride == 1 && side.innerStride != 1;
  const int64_t step = isAcross ? 4 : 1;
  for (int64_t panel = fromPanel; panel < toPanel; panel += step) {
    const typename W::Place from = W::at(side.data, side.first + panel * lanes * side.laneStride);
    const int64_t count = smaller(side.count - panel * lanes, smaller(step, toPanel - panel) * lanes);
    float* to = panels + panel * size;
    if (isAcross) packAcross<W>(side, from, count, to, size);
    else if (W::inBlocks || side.innerStride == 1) packAlong<W>(side, from, count, to);
    else if constexpr (!W::inBlocks) packAny<W>(side, from, count, to);
  }
}

// Of an operand in blocks: product-quantized.h.
void packBlocks(const Side& side, int64_t fromPanel, int64_t toPanel, float* panels);

void pack(const Side& side, int64_t fromPanel, int64_t toPanel, float* panels) {
  if (isInBlocks(side.stored)) return packBlocks(side, fromPanel, toPanel, panels);
  if (hasPairs && side.pairs) return packWords<PairWords>(side, fromPanel, toPanel, panels);
  if (side.stored == Stored::bfloat16) return packWords<SingleWords<Bfloat16>>(side, fromPanel, toPanel, panels);
  packWords<SingleWords<float>>(side, fromPanel, toPanel, panels);
}

}  // namespace
