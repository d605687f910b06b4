// How rows of heads get into the shapes that products read, and back. In memory a head of a token is a row of `headSize`
// values in either type; in scratch there are
//
//     rows    [positions][rowWords]           as in memory, rotated, a row filled up with zeros to whole vectors
//     pairs   [positions / perWord][wide]     a word holds a feature of as many positions; rows, where that is one
//     a panel [words][N heads] of vectors     positions in the lanes
//
// `N` is the number of heads that share the keys of a product.
#pragma once
#include "attention.h"
#include "tiles.h"

namespace {

using counterweight::Array;
using counterweight::Attention;
using counterweight::AttentionPart;
using counterweight::AttentionShape;

// Query heads that share a key-value head.
INLINE int64_t groupOf(const AttentionShape& shape) { return shape.heads / shape.keyValueHeads; }

// Tiles of queries that share the keys that are loaded: as many as pay for it.
constexpr int64_t mostTiles = 12;
INLINE int64_t tilesOf(const AttentionShape& shape) {
  return groupOf(shape) >= mostTiles ? 1 : mostTiles / groupOf(shape);
}

// Columns of what comes in.
INLINE int64_t columnsOf(const AttentionShape& shape) {
  return (shape.heads + 2 * shape.keyValueHeads) * shape.headSize;
}

INLINE int64_t roundUp(int64_t x, int64_t to) { return (x + to - 1) / to * to; }

template <class A>
INLINE int64_t wordsOf(int64_t values) {
  return (values + A::perWord - 1) / A::perWord;
}

template <class A>
INLINE int64_t rowWordsOf(int64_t headSize) {
  return roundUp(wordsOf<A>(headSize), lanes);
}

INLINE int64_t wideOf(int64_t headSize) { return roundUp(headSize, lanes); }

// The angles of tokens, one row each, for the first half of the features that are rotated; the other half has the same.
struct Angles {
  const float* cos = nullptr;
  const float* sin = nullptr;
  int64_t size = 0;
};

INLINE Angles anglesOf(const Attention& problem, int64_t token) {
  const int64_t size = problem.shape.rotarySize;
  return {problem.cos + token * size, problem.sin + token * size, size};
}

// A row turned by its angles, or back: y = x ⊙ cos + [−x₂, x₁] ⊙ sin (Su et al. 2021, arXiv 2104.09864).
template <typename From, typename To>
INLINE void turnRow(To* to, const From* from, int64_t d, const float* cos, const float* sin, int64_t size, bool back,
                    float factor) {
  const int64_t half = size / 2;
  const float direction = back ? -factor : factor;
  forVectors(half, [&](auto get, auto put) INLINE_BODY {
    const Vector first = get(from), second = get(from + half);
    const Vector c = get(cos) * factor, s = get(sin) * direction;
    put(to, first * c - second * s);
    put(to + half, second * c + first * s);
  });
  forVectors(d - size, [&](auto get, auto put) INLINE_BODY { put(to + size, get(from + size) * factor); });
}

// Rows of one head lie far apart in memory, where the processor does not look ahead by itself.
constexpr int64_t rowsAhead = 6;

template <typename T>
INLINE void fetch(const T* row, int64_t d) {
  for (int64_t c = 0; c < d; c += 64 / (int64_t)sizeof(T)) __builtin_prefetch(row + c);
}

// `count` rows from memory into `total` rows of scratch; those beyond are zero.
template <class A, typename T>
__attribute__((noinline)) void loadRows(float* rows, const T* from, int64_t stride, int64_t count, int64_t total,
                                        int64_t d, Angles angles) {
  typedef typename A::Element Element;
  const int64_t rowWords = rowWordsOf<A>(d);
  const int64_t rest = rowWords * A::perWord - d;
  for (int64_t i = 0; i < count; i++) {
    Element* row = (Element*)(rows + i * rowWords);
    const int64_t at = i * angles.size;
    fetch(from + (i + rowsAhead) * stride, d);
    turnRow(row, from + i * stride, d, angles.cos + at, angles.sin + at, angles.size, false, 1.f);
    if (rest > 0) memset((void*)(row + d), 0, rest * sizeof(Element));
  }
  if (total > count) memset((void*)(rows + count * rowWords), 0, (total - count) * rowWords * sizeof(float));
}

// Back into memory, multiplied and turned back; `rows` [count][wide] of f32.
template <typename T>
__attribute__((noinline)) void storeRows(T* to, int64_t stride, const float* rows, int64_t count, int64_t d,
                                         Angles angles, float factor) {
  for (int64_t i = 0; i < count; i++) {
    const int64_t at = i * angles.size;
    turnRow(to + i * stride, rows + i * wideOf(d), d, angles.cos + at, angles.sin + at, angles.size, true, factor);
  }
}

template <typename T>
INLINE float dot(const T* a, const T* b, int64_t size) {
  Vector sum = {};
  forVectors(size, [&](auto get, auto) INLINE_BODY { sum += get(a) * get(b); });
  return sumOf(sum);
}

// rows [lanes][rowWords] → panel [words], its vectors `stride` apart.
INLINE void fillPanel(Vector* panel, int64_t stride, const float* rows, int64_t rowWords, int64_t words) {
  Vector square[lanes];
  for (int64_t first = 0; first < words; first += lanes) {
    for (int64_t i = 0; i < lanes; i++) square[i] = load(rows + i * rowWords + first);
    transpose(square);
    for (int64_t i = 0; i < smaller(lanes, words - first); i++) panel[(first + i) * stride] = square[i];
  }
}

// panel [d] → rows [lanes][wide]
INLINE void emptyPanel(float* rows, const Vector* panel, int64_t stride, int64_t d) {
  Vector square[lanes];
  const int64_t wide = wideOf(d);
  for (int64_t first = 0; first < d; first += lanes) {
    for (int64_t i = 0; i < lanes; i++) square[i] = first + i < d ? panel[(first + i) * stride] : Vector{};
    transpose(square);
    for (int64_t i = 0; i < lanes; i++) store(rows + i * wide + first, square[i]);
  }
}

// What a product over positions reads: [count / perWord][wide]. `count` is even.
template <class A>
INLINE const float* pairsOf(float* pairs, const float* rows, int64_t count, int64_t d) {
  if constexpr (A::perWord == 1) {
    return rows;
  } else {
    const int64_t wide = wideOf(d);
    const int64_t rowWords = rowWordsOf<A>(d);
    for (int64_t i = 0; i < count; i += 2) {
      const Bfloat16* first = (const Bfloat16*)(rows + i * rowWords);
      const Bfloat16* second = (const Bfloat16*)(rows + (i + 1) * rowWords);
      for (int64_t c = 0; c < d; c += lanes) {
        const Words low = (Words)load(first + c) >> 16, high = (Words)load(second + c);
        store(pairs + i / 2 * wide + c, (Vector)(low | high));
      }
    }
    return pairs;
  }
}

}  // namespace
