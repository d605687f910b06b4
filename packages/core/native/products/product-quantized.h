// Words of an operand in blocks (engine/stored.h): widened a vector at a time on their way into panels.
#pragma once
#if defined(__AVX2__)
#include <immintrin.h>
#endif

#include "halves.h"
#include "product-words.h"

namespace {

using counterweight::BlockQ4_0;
using counterweight::BlockQ4_1;
using counterweight::BlockQ8_0;
using counterweight::blockValues;
using counterweight::floatOfHalf;

// Bytes as integers. (Of so short vectors g++ makes single values where it is not told.)
INLINE Integers widened(const int8_t* from) {
#if defined(__AVX512F__)
  return (Integers)_mm512_cvtepi8_epi32(_mm_loadu_si128((const __m128i*)from));
#elif defined(__AVX2__)
  return (Integers)_mm256_cvtepi8_epi32(_mm_loadl_epi64((const __m128i*)from));
#else
  typedef int8_t Bytes __attribute__((vector_size(lanes)));
  Bytes bytes;
  memcpy(&bytes, from, sizeof(bytes));
  return __builtin_convertvector(bytes, Integers);
#endif
}

// Levels of a vector's values from the `at`-th on: of q8_0 and q4_0 times the scale they are the values.
INLINE Vector levelsOf(const BlockQ8_0& block, int64_t at) {
  return __builtin_convertvector(widened(block.levels + at), Vector);
}
#if defined(__AVX512F__)
// A table of sixteen values takes the lowest four bits of each index, and no more.
INLINE Vector levelsIn(const Vector table, const uint8_t* levels, int64_t at) {
  const __m512i pairs = _mm512_cvtepu8_epi32(_mm_loadu_si128((const __m128i*)levels));
  return (Vector)_mm512_permutexvar_ps(at < 16 ? pairs : _mm512_srli_epi32(pairs, 4), (__m512)table);
}
INLINE Vector levelsOf(const BlockQ4_0& block, int64_t at) {
  return levelsIn(Vector{-8, -7, -6, -5, -4, -3, -2, -1, 0, 1, 2, 3, 4, 5, 6, 7}, block.levels, at);
}
INLINE Vector levelsOf(const BlockQ4_1& block, int64_t at) {
  return levelsIn(Vector{0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15}, block.levels, at);
}
#else
INLINE Integers widened(const uint8_t* from) { return widened((const int8_t*)from) & 255; }
INLINE Integers halfBytes(const uint8_t* levels, int64_t at) {
  const Integers pairs = widened(levels + at % 16);
  return at < 16 ? pairs & 15 : pairs >> 4;
}
INLINE Vector levelsOf(const BlockQ4_0& block, int64_t at) {
  return __builtin_convertvector(halfBytes(block.levels, at) - 8, Vector);
}
INLINE Vector levelsOf(const BlockQ4_1& block, int64_t at) {
  return __builtin_convertvector(halfBytes(block.levels, at), Vector);
}
#endif

INLINE float minimumOf(const BlockQ8_0&) { return 0; }
INLINE float minimumOf(const BlockQ4_0&) { return 0; }
INLINE float minimumOf(const BlockQ4_1& block) { return floatOfHalf(block.minimum); }

template <class Block>
constexpr bool hasMinimum = false;
template <>
constexpr bool hasMinimum<BlockQ4_1> = true;

template <class Block>
struct BlockPlace {
  const Block* blocks;
  int64_t index;
  INLINE_BODY BlockPlace operator+(int64_t values) const { return {blocks, index + values}; }
  INLINE_BODY const Block& block() const { return blocks[index >> 5]; }
};

// As SingleWords are. Vectors begin at a multiple of their length, so that each lies in one block; what a row's last block has
// beyond its end is read too, as values that nobody uses.
template <class Block>
struct BlockWords {
  typedef BlockPlace<Block> Place;
  static constexpr int perWord = 1;
  static constexpr bool inBlocks = true;
  static INLINE_BODY Place at(const void* data, int64_t index) { return {(const Block*)data, index}; }
  static INLINE_BODY Vector read(Place from) {
    const Block& block = from.block();
    const Vector scaled = levelsOf(block, from.index & (blockValues - 1)) * floatOfHalf(block.scale);
    return hasMinimum<Block> ? scaled + minimumOf(block) : scaled;
  }
  static INLINE_BODY Vector along(Place from, int64_t) { return read(from); }
  static INLINE_BODY Vector across(Place from, int64_t, int64_t, int64_t) { return read(from); }
};

#if defined(CW_PAIRS)
// Rounded to bfloat16, as what they are multiplied with is.
template <class Block>
struct BlockPairWords : BlockWords<Block> {
  typedef BlockPlace<Block> Place;
  static constexpr int perWord = 2;
  static INLINE_BODY Vector along(Place from, int64_t) {
    const Vector low = BlockWords<Block>::read(from), high = BlockWords<Block>::read(from + lanes);
    return (Vector)_mm512_cvtne2ps_pbh((__m512)high, (__m512)low);
  }
  static INLINE_BODY Vector across(Place from, int64_t stride, int64_t inner, int64_t) {
    const Halves even = halvesOf(BlockWords<Block>::read(from));
    const Halves odd = inner > 1 ? halvesOf(BlockWords<Block>::read(from + stride)) : Halves{};
    return (Vector)(__builtin_convertvector(even, Words) | __builtin_convertvector(odd, Words) << 16);
  }
};
#else
template <class Block>
using BlockPairWords = BlockWords<Block>;  // never chosen
#endif

template <class Block>
void packBlocksOf(const Side& side, int64_t fromPanel, int64_t toPanel, float* panels) {
  if (hasPairs && side.pairs) return packWords<BlockPairWords<Block>>(side, fromPanel, toPanel, panels);
  packWords<BlockWords<Block>>(side, fromPanel, toPanel, panels);
}

void packBlocks(const Side& side, int64_t fromPanel, int64_t toPanel, float* panels) {
  switch (side.stored) {
    case Stored::q8_0: return packBlocksOf<BlockQ8_0>(side, fromPanel, toPanel, panels);
    case Stored::q4_0: return packBlocksOf<BlockQ4_0>(side, fromPanel, toPanel, panels);
    default: return packBlocksOf<BlockQ4_1>(side, fromPanel, toPanel, panels);
  }
}

}  // namespace
