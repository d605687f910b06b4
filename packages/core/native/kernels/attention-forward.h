// Attention forward, tile by tile, with a softmax that goes along with the keys (Dao et al. 2022, arXiv 2205.14135).
#pragma once
#include "attention-scores.h"

namespace {

// Places in the scratch of a thread, in floats; for a tile and a head of it there are panels of so many vectors.
struct ForwardScratch {
  int64_t queries, mixed, largest, sum, keys, values, rows, size;
};

template <class A>
ForwardScratch forwardScratchOf(const AttentionShape& shape) {
  const int64_t d = shape.headSize;
  const int64_t vectors = tilesOf(shape) * groupOf(shape) * lanes;
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

// The part of a problem that a call of `forward` has to do.
struct QueryBlock {
  int64_t row;
  int64_t head;
  int64_t tiles;
  Sight sights[mostTiles];
};

template <class A, typename T>
void loadQueries(const Attention& problem, const QueryBlock& block, const ForwardScratch& at, float* scratch) {
  const AttentionShape& shape = problem.shape;
  const int64_t d = shape.headSize, group = groupOf(shape), stride = columnsOf(shape), words = wordsOf<A>(d);
  Vector* queries = (Vector*)(scratch + at.queries);
  for (int64_t tile = 0; tile < block.tiles; tile++) {
    const Sight& sight = block.sights[tile];
    const int64_t token = block.row * shape.length + sight.first;
    forGroups(group, [&](auto count, int64_t first) {
      constexpr int N = decltype(count)::value;
      for (int v = 0; v < N; v++) {
        const T* from = (const T*)problem.qkv.data + token * stride + (block.head * group + first + v) * d;
        loadRows<A>(scratch + at.rows, from, stride, sight.end - sight.first, lanes, d, anglesOf(problem, token));
        fillPanel(queries + (tile * group + first) * words + v, N, scratch + at.rows, rowWordsOf<A>(d), words);
      }
    });
  }
  const int64_t heads = block.tiles * group;
  memset((void*)(scratch + at.mixed), 0, heads * d * sizeof(Vector));
  memset((void*)(scratch + at.sum), 0, heads * sizeof(Vector));
  for (int64_t i = 0; i < heads; i++) store(scratch + at.largest + i * lanes, broadcast(-3e38f));
}

// All tiles against the keys from `first` on, of which one sees something.
template <class A, typename T>
void takeInKeys(const Attention& problem, const QueryBlock& block, int64_t first, const ForwardScratch& at,
                float* scratch) {
  const AttentionShape& shape = problem.shape;
  const int64_t d = shape.headSize, group = groupOf(shape), stride = columnsOf(shape);
  const int64_t end = smaller(first + keyBlock, block.sights[block.tiles - 1].end), token = block.row * shape.length + first;
  const T* keys = (const T*)problem.qkv.data + token * stride + (shape.heads + block.head) * d;
  const float* values = nullptr;
  for (int64_t tile = 0; tile < block.tiles; tile++) {
    const Stretch stretch = stretchOf(block.sights[tile], first, end);
    if (stretch.from >= stretch.to) continue;
    if (!values) {
      const int64_t count = end - first, even = roundUp(count, 2);
      loadRows<A>(scratch + at.keys, keys, stride, count, count, d, anglesOf(problem, token));
      loadRows<A>(scratch + at.rows, keys + shape.keyValueHeads * d, stride, count, even, d, Angles{});
      values = pairsOf<A>(scratch + at.values, scratch + at.rows, even, d);
    }
    forGroups(group, [&](auto count, int64_t head) {
      const int64_t i = (tile * group + head) * lanes;
      takeIn<A, decltype(count)::value>(problem, block.sights[tile], stretch, first, scratch + at.keys, values,
                                        (const Vector*)(scratch + at.queries + i * wordsOf<A>(d)),
                                        (Vector*)(scratch + at.mixed + i * d), (Vector*)(scratch + at.largest + i),
                                        (Vector*)(scratch + at.sum + i));
    });
  }
}

template <class A, typename T>
void storeMixed(const Attention& problem, const QueryBlock& block, const ForwardScratch& at, float* scratch) {
  const AttentionShape& shape = problem.shape;
  const int64_t d = shape.headSize, group = groupOf(shape), stride = shape.heads * d;
  for (int64_t tile = 0; tile < block.tiles; tile++) {
    const Sight& sight = block.sights[tile];
    const int64_t count = sight.end - sight.first;
    forGroups(group, [&](auto heads, int64_t first) {
      constexpr int N = decltype(heads)::value;
      for (int v = 0; v < N; v++) {
        const int64_t i = (tile * group + first) * lanes, head = block.head * group + first + v;
        const Vector sum = load(scratch + at.sum + i + v * lanes), largest = load(scratch + at.largest + i + v * lanes);
        Vector* panel = (Vector*)(scratch + at.mixed + i * d) + v;
        for (int64_t c = 0; c < d; c++) panel[c * N] *= 1.f / sum;
        emptyPanel(scratch + at.rows, panel, N, d);
        T* to = (T*)problem.mixed.data + (block.row * shape.length + sight.first) * stride + head * d;
        storeRows(to, stride, scratch + at.rows, count, d, Angles{}, 1.f);
        float* logSumExp = problem.logSumExp + (block.row * shape.heads + head) * shape.length + sight.first;
        storeFirst(logSumExp, largest + logarithm(sum), count);
      }
    });
  }
}

template <class A, typename T>
void forwardOf(const Attention& problem, int64_t row, int64_t head, int64_t from, float* scratch) {
  const AttentionShape& shape = problem.shape;
  const ForwardScratch at = forwardScratchOf<A>(shape);
  QueryBlock block = {row, head, 0, {}};
  int64_t earliest = from;
  for (; block.tiles < tilesOf(shape) && from < shape.length; from += lanes) {
    const Sight sight = block.sights[block.tiles++] = sightOf(problem, row, from);
    earliest = sight.prefix > 0 ? 0 : smaller(earliest, sight.earliest);
  }
  loadQueries<A, T>(problem, block, at, scratch);
  for (int64_t key = earliest / keyBlock * keyBlock; key < smaller(from, shape.length); key += keyBlock) {
    takeInKeys<A, T>(problem, block, key, at, scratch);
  }
  storeMixed<A, T>(problem, block, at, scratch);
}

}  // namespace
