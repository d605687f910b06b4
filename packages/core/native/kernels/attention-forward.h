// Attention forward, tile by tile, with a softmax that goes along with the keys (Dao et al. 2022, arXiv 2205.14135).
#pragma once
#include "attention-scores.h"

namespace {

// Tiles of queries that share the keys that are loaded: as many as pay for it.
INLINE int64_t forwardTiles(const AttentionShape& shape) {
  const int64_t group = shape.heads / shape.keyValueHeads;
  return group >= 8 ? 1 : 8 / group;
}

// Places in the scratch of a thread, in floats; for a tile and a head of it there are panels of so many vectors.
struct ForwardScratch {
  int64_t queries, mixed, largest, sum, keys, values, rows, size;
};

template <class A>
ForwardScratch forwardScratchOf(const AttentionShape& shape) {
  const int64_t d = shape.headSize;
  const int64_t vectors = forwardTiles(shape) * (shape.heads / shape.keyValueHeads) * lanes;
  const int64_t row = A::perWord * wideOf(d);  // enough for rows and for pairs
  ForwardScratch at = {};
  at.mixed = at.queries + vectors * wordsOf<A>(d);
  at.largest = at.mixed + vectors * d;
  at.sum = at.largest + vectors;
  at.keys = at.sum + vectors;
  at.values = at.keys + keyBlock * row;
  at.rows = at.values + keyBlock * row;
  at.size = at.rows + keyBlock * row;
  return at;
}

// N heads of a tile take in a stretch of keys. Panels are [words][N] and [d][N].
template <class A, int N>
__attribute__((noinline)) void takeIn(const Attention& problem, const Sight& sight, Stretch stretch, int64_t block,
                                      const float* keys, const float* values, const Vector* queries, Vector* mixed,
                                      Vector* largest, Vector* sum) {
  const int64_t d = problem.shape.headSize;
  const int64_t rowWords = rowWordsOf<A>(d);
  const int64_t n = stretch.to - stretch.from;
  const Scoring scoring = scoringOf(problem.shape);
  Vector weights[(keyBlock + 1) * N];
  product<A, N, By::rows>(weights, N, keys + stretch.from * rowWords, rowWords, queries, N, n, wordsOf<A>(d), false);
  Vector next[N], base[N];
  for (int v = 0; v < N; v++) next[v] = largest[v];
  for (int64_t i = 0; i < n; i++) {
    const Integers seen = stretch.whole ? ~Integers{} : seenBy(sight, block + stretch.from + i);
    for (int v = 0; v < N; v++) {
      Vector score = scoreOf(weights[i * N + v], scoring);
      if (!stretch.whole) score = seen ? score : broadcast(-__builtin_inff());
      weights[i * N + v] = score;
      next[v] = score > next[v] ? score : next[v];
    }
  }
  for (int v = 0; v < N; v++) {
    base[v] = powerOfTwo(largest[v] - next[v]);
    largest[v] = next[v];
    sum[v] *= base[v];
  }
  for (int64_t c = 0; c < d; c++) {
    for (int v = 0; v < N; v++) mixed[c * N + v] *= base[v];
  }
  for (int64_t i = 0; i < n; i++) {
    for (int v = 0; v < N; v++) {
      const Vector weight = powerOfTwo(weights[i * N + v] - next[v]);
      weights[i * N + v] = weight;
      sum[v] += weight;
    }
  }
  if (n % 2 == 1) {
    for (int v = 0; v < N; v++) weights[n * N + v] = Vector{};
  }
  asOperands<A, N>(weights, n + n % 2, nullptr);
  const float* from = values + stretch.from / A::perWord * wideOf(d);
  product<A, N, By::columns>(mixed, N, from, wideOf(d), weights, N, d, wordsOf<A>(n), true);
}

template <class A, typename T>
void forwardOf(const Attention& problem, int64_t row, int64_t head, int64_t from, float* scratch) {
  const AttentionShape& shape = problem.shape;
  const int64_t d = shape.headSize, length = shape.length, group = shape.heads / shape.keyValueHeads;
  const int64_t words = wordsOf<A>(d), rowWords = rowWordsOf<A>(d);
  const int64_t stride = (shape.heads + 2 * shape.keyValueHeads) * d;
  const int64_t tiles = smaller(forwardTiles(shape), (length - from + lanes - 1) / lanes);
  const ForwardScratch at = forwardScratchOf<A>(shape);
  Vector* queries = (Vector*)(scratch + at.queries);
  Vector* mixed = (Vector*)(scratch + at.mixed);
  Vector* largest = (Vector*)(scratch + at.largest);
  Vector* sum = (Vector*)(scratch + at.sum);
  float* rows = scratch + at.rows;
  const T* qkv = (const T*)problem.qkv.data + row * length * stride;
  const T* keyRows = qkv + (shape.heads + head) * d;
  const T* valueRows = keyRows + shape.keyValueHeads * d;

  Sight sights[8];
  int64_t earliest = length;
  for (int64_t tile = 0; tile < tiles; tile++) {
    const Sight sight = sights[tile] = sightOf(problem, row, from + tile * lanes);
    earliest = sight.prefix > 0 ? 0 : smaller(earliest, sight.earliest);
    forGroups(group, [&](auto count, int64_t first) {
      constexpr int N = decltype(count)::value;
      for (int v = 0; v < N; v++) {
        const int64_t column = (head * group + first + v) * d;
        loadRows<A>(rows, qkv + sight.first * stride + column, stride, sight.end - sight.first, lanes, d,
                    anglesOf(problem, row * length + sight.first));
        fillPanel(queries + (tile * group + first) * words + v, N, rows, rowWords, words);
      }
    });
  }
  for (int64_t i = 0; i < tiles * group; i++) {
    largest[i] = broadcast(-3e38f);
    sum[i] = Vector{};
  }
  for (int64_t i = 0; i < tiles * group * d; i++) mixed[i] = Vector{};

  const int64_t end = sights[tiles - 1].end;
  for (int64_t block = earliest / keyBlock * keyBlock; block < end; block += keyBlock) {
    const int64_t blockEnd = smaller(block + keyBlock, end);
    bool loaded = false;
    const float* values = nullptr;
    for (int64_t tile = 0; tile < tiles; tile++) {
      const Stretch stretch = stretchOf(sights[tile], block, blockEnd);
      if (stretch.from >= stretch.to) continue;
      if (!loaded) {
        const int64_t count = blockEnd - block;
        loadRows<A>(scratch + at.keys, keyRows + block * stride, stride, count, count, d,
                    anglesOf(problem, row * length + block));
        loadRows<A>(rows, valueRows + block * stride, stride, count, roundUp(count, 2), d, Angles{});
        values = pairsOf<A>(scratch + at.values, rows, roundUp(count, 2), d);
        loaded = true;
      }
      forGroups(group, [&](auto count, int64_t first) {
        constexpr int N = decltype(count)::value;
        const int64_t i = tile * group + first;
        takeIn<A, N>(problem, sights[tile], stretch, block, scratch + at.keys, values, queries + i * words,
                     mixed + i * d, largest + i, sum + i);
      });
    }
  }

  for (int64_t tile = 0; tile < tiles; tile++) {
    const Sight& sight = sights[tile];
    forGroups(group, [&](auto count, int64_t first) {
      constexpr int N = decltype(count)::value;
      for (int v = 0; v < N; v++) {
        const int64_t i = tile * group + first;
        const Vector inverse = 1.f / sum[i + v];
        Vector* panel = mixed + i * d + v;
        for (int64_t c = 0; c < d; c++) panel[c * N] *= inverse;
        emptyPanel(rows, panel, N, d);
        const int64_t column = (head * group + first + v) * d, token = row * length + sight.first;
        storeRows((T*)problem.mixed.data + token * shape.heads * d + column, shape.heads * d, rows,
                  sight.end - sight.first, d, Angles{}, 1.f);
        float* logSumExp = problem.logSumExp + (row * shape.heads + head * group + first + v) * length + sight.first;
        storeFirst(logSumExp, largest[i + v] + logarithm(sum[i + v]), sight.end - sight.first);
      }
    });
  }
}

}  // namespace
