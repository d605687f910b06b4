// The gradients of attention, tile by tile: the probabilities are made again from the log-sum-exp of the scores.
//
//     dV = Pᵀ · dO    dS = P ⊙ (dO · Vᵀ − Σ dO ⊙ O)    dQ = scale · dS · K    dK = scale · dSᵀ · Q
#pragma once
#include "attention-scores.h"

namespace {

// Places in the scratch of a thread, in floats.
struct BackwardScratch {
  int64_t queries, dMixed, dQueries, queryPairs, dMixedPairs, logSumExp, sums;  // for every head of every tile
  int64_t keys, keyPairs, values, rows;                                        // for a block of keys
  int64_t dKeys, dValues;                                                      // for all keys of the part
  int64_t size;
};

template <class A>
BackwardScratch backwardScratchOf(const AttentionShape& shape, const AttentionPart& part) {
  const int64_t d = shape.headSize;
  const int64_t vectors = tilesOf(shape) * groupOf(shape) * lanes;
  const int64_t row = A::perWord * wideOf(d);  // enough for rows and for pairs
  const int64_t all = part.wantsKeys ? (part.keysTo - part.keysFrom) * wideOf(d) : 0;
  BackwardScratch at = {};
  at.dMixed = at.queries + vectors * wordsOf<A>(d);
  at.dQueries = at.dMixed + vectors * wordsOf<A>(d);
  at.queryPairs = at.dQueries + vectors * d;
  at.dMixedPairs = at.queryPairs + vectors / A::perWord * wideOf(d);
  at.logSumExp = at.dMixedPairs + vectors / A::perWord * wideOf(d);
  at.sums = at.logSumExp + vectors;
  at.keys = at.sums + vectors;
  at.keyPairs = at.keys + keyBlock * row;
  at.values = at.keyPairs + keyBlock * row;
  at.rows = at.values + keyBlock * row;
  at.dKeys = at.rows + (mostVectors * lanes + keyBlock) * row;
  at.dValues = at.dKeys + all;
  at.size = at.dValues + all;
  return at;
}

// What N heads of a tile are to the keys; panels [words][N], pairs of N · lanes positions.
struct QueryTile {
  const Vector* queries;
  const Vector* dMixed;
  const float* queryPairs;
  const float* dMixedPairs;
  const Vector* logSumExp;
  const Vector* sums;
  Vector* dQueries;
};

struct KeyRows {
  const float* keys;
  const float* keyPairs;
  const float* values;
  Vector* dKeys;
  Vector* dValues;
};

// out [rows][wide] += left · right, over the positions in the words of `left`.
template <class A>
INLINE void addWide(Vector* out, const float* left, int64_t leftStride, const float* right, int64_t rows,
                    int64_t depth, int64_t d) {
  const int64_t stride = wideOf(d) / lanes;
  forGroups(stride, [&](auto count, int64_t first) {
    product<A, decltype(count)::value, By::rows>(out + first, stride, left, leftStride, (const Vector*)right + first,
                                                 stride, rows, depth, true);
  });
}

template <class A, int N>
__attribute__((noinline)) void giveBack(const Attention& problem, const AttentionPart& part, const Sight& sight,
                                        Stretch stretch, int64_t block, const KeyRows& rows, const QueryTile& tile) {
  const int64_t d = problem.shape.headSize;
  const int64_t words = wordsOf<A>(d), rowWords = rowWordsOf<A>(d), wide = wideOf(d);
  const int64_t n = stretch.to - stretch.from;
  const Scoring scoring = scoringOf(problem.shape);
  Vector weights[(keyBlock + 1) * N], dScores[(keyBlock + 1) * N], held[keyBlock * N];
  const int64_t from = stretch.from * rowWords;
  product<A, N, By::rows>(weights, N, rows.keys + from, rowWords, tile.queries, N, n, words, false);
  product<A, N, By::rows>(dScores, N, rows.values + from, rowWords, tile.dMixed, N, n, words, false);
  for (int64_t i = 0; i < n; i++) {
    const Integers seen = stretch.whole ? ~Integers{} : seenBy(sight, block + stretch.from + i);
    for (int v = 0; v < N; v++) {
      const Vector score = scoreOf(weights[i * N + v], scoring);
      const Vector weight = powerOfTwo(score - tile.logSumExp[v]);
      Vector dScore = weight * (dScores[i * N + v] - tile.sums[v]);
      if (scoring.capped) dScore *= slopeOf(score, scoring);
      weights[i * N + v] = stretch.whole ? weight : seen ? weight : Vector{};
      dScores[i * N + v] = stretch.whole ? dScore : seen ? dScore : Vector{};
    }
  }
  if (n % 2 == 1) {
    for (int v = 0; v < N; v++) weights[n * N + v] = dScores[n * N + v] = Vector{};
  }
  const int64_t keys = roundUp(n, A::perWord), positions = N * lanes / A::perWord;
  const int64_t to = stretch.from * (wide / lanes);
  if (part.wantsKeys) {
    const float* left = asOperands<A, N>(weights, keys, (float*)held);
    addWide<A>(rows.dValues + to, left, positions, tile.dMixedPairs, n, positions, d);
  }
  const float* left = asOperands<A, N>(dScores, keys, (float*)held);
  if (part.wantsKeys) addWide<A>(rows.dKeys + to, left, positions, tile.queryPairs, n, positions, d);
  if (part.wantsQueries) {
    const float* right = rows.keyPairs + stretch.from / A::perWord * wide;
    product<A, N, By::columns>(tile.dQueries, N, right, wide, dScores, N, d, wordsOf<A>(n), true);
  }
}

// Queries and gradients of a tile's heads, in the shapes that products read.
template <class A, typename T>
void loadTile(const Attention& problem, const AttentionPart& part, const Sight& sight, int64_t tile,
                 const BackwardScratch& at, float* scratch) {
  const AttentionShape& shape = problem.shape;
  const int64_t d = shape.headSize, group = groupOf(shape), length = shape.length;
  const int64_t words = wordsOf<A>(d), rowWords = rowWordsOf<A>(d);
  const int64_t stride = columnsOf(shape), outStride = shape.heads * d;
  const int64_t token = part.row * length + sight.first, count = sight.end - sight.first;
  const auto load = [&](float* panel, float* pairs, const T* from, int64_t fromStride, Angles angles, int64_t first,
                        int N) {
    float* rows = A::perWord == 1 ? pairs : scratch + at.rows;
    for (int v = 0; v < N; v++) {
      float* headRows = rows + v * lanes * rowWords;
      loadRows<A>(headRows, from + (part.head * group + first + v) * d, fromStride, count, lanes, d, angles);
      fillPanel((Vector*)panel + v, N, headRows, rowWords, words);
    }
    pairsOf<A>(pairs, rows, N * lanes, d);
  };
  forGroups(group, [&](auto heads, int64_t first) {
    constexpr int N = decltype(heads)::value;
    const int64_t i = (tile * group + first) * lanes, pairs = i / A::perWord * wideOf(d);
    const T* dMixed = (const T*)problem.dMixed.data + token * outStride;
    const T* mixed = (const T*)problem.mixed.data + token * outStride;
    load(scratch + at.queries + i * words, scratch + at.queryPairs + pairs,
         (const T*)problem.qkv.data + token * stride, stride, anglesOf(problem, token), first, N);
    load(scratch + at.dMixed + i * words, scratch + at.dMixedPairs + pairs, dMixed, outStride, Angles{}, first, N);
    for (int v = 0; v < N; v++) {
      const int64_t head = part.head * group + first + v;
      float* sums = scratch + at.sums + i + v * lanes;
      for (int64_t lane = 0; lane < lanes; lane++) {
        const int64_t column = lane * outStride + head * d;
        fetch(mixed + column + rowsAhead * outStride, d);
        sums[lane] = lane < count ? dot(dMixed + column, mixed + column, d) : 0.f;
      }
      const float* logSumExp = problem.logSumExp + (part.row * shape.heads + head) * length + sight.first;
      store(scratch + at.logSumExp + i + v * lanes, loadFirst(logSumExp, count));
    }
  });
  memset((void*)(scratch + at.dQueries + tile * group * lanes * d), 0, group * lanes * d * sizeof(float));
}

template <class A, typename T>
void storeTile(const Attention& problem, const AttentionPart& part, const Sight& sight, const float* dQueries,
                  float* rows) {
  const AttentionShape& shape = problem.shape;
  const int64_t d = shape.headSize, group = groupOf(shape);
  const int64_t stride = columnsOf(shape);
  const int64_t token = part.row * shape.length + sight.first;
  forGroups(group, [&](auto heads, int64_t first) {
    constexpr int N = decltype(heads)::value;
    for (int v = 0; v < N; v++) {
      emptyPanel(rows, (const Vector*)(dQueries + first * lanes * d) + v, N, d);
      storeRows((T*)problem.dQkv.data + token * stride + (part.head * group + first + v) * d, stride, rows,
                sight.end - sight.first, d, anglesOf(problem, token), shape.scale);
    }
  });
}

// The queries of some tiles against all keys of the part.
template <class A, typename T>
void giveBackTiles(const Attention& problem, const AttentionPart& part, const Sight* sights, int64_t tiles,
                   const BackwardScratch& at, float* scratch) {
  const AttentionShape& shape = problem.shape;
  const int64_t d = shape.headSize, group = groupOf(shape), wide = wideOf(d);
  const int64_t stride = columnsOf(shape);
  const T* keys = (const T*)problem.qkv.data + part.row * shape.length * stride + (shape.heads + part.head) * d;
  KeyRows rows = {scratch + at.keys, nullptr, scratch + at.values, nullptr, nullptr};
  for (int64_t block = part.keysFrom; block < part.keysTo; block += keyBlock) {
    const int64_t end = smaller(block + keyBlock, part.keysTo), count = end - block;
    bool loaded = false;
    for (int64_t tile = 0; tile < tiles; tile++) {
      const Stretch stretch = stretchOf(sights[tile], block, end);
      if (stretch.from >= stretch.to) continue;
      if (!loaded) {
        loadRows<A>(scratch + at.keys, keys + block * stride, stride, count, roundUp(count, 2), d,
                    anglesOf(problem, part.row * shape.length + block));
        loadRows<A>(scratch + at.values, keys + shape.keyValueHeads * d + block * stride, stride, count, count, d,
                    Angles{});
        rows.keyPairs = pairsOf<A>(scratch + at.keyPairs, scratch + at.keys, roundUp(count, 2), d);
        rows.dKeys = (Vector*)(scratch + at.dKeys + (block - part.keysFrom) * wide);
        rows.dValues = (Vector*)(scratch + at.dValues + (block - part.keysFrom) * wide);
        loaded = true;
      }
      forGroups(group, [&](auto heads, int64_t first) {
        const int64_t i = (tile * group + first) * lanes, pairs = i / A::perWord * wide;
        const QueryTile state = {(const Vector*)(scratch + at.queries + i * wordsOf<A>(d)),
                                 (const Vector*)(scratch + at.dMixed + i * wordsOf<A>(d)),
                                 scratch + at.queryPairs + pairs,
                                 scratch + at.dMixedPairs + pairs,
                                 (const Vector*)(scratch + at.logSumExp + i),
                                 (const Vector*)(scratch + at.sums + i),
                                 (Vector*)(scratch + at.dQueries + i * d)};
        giveBack<A, decltype(heads)::value>(problem, part, sights[tile], stretch, block, rows, state);
      });
    }
  }
}

INLINE bool seesAny(const Sight& sight, const AttentionPart& part) {
  const Stretch all = stretchOf(sight, part.keysFrom, part.keysTo);
  return all.from < all.to;
}

template <class A, typename T>
void backwardOf(const Attention& problem, const AttentionPart& part, float* scratch) {
  const AttentionShape& shape = problem.shape;
  const int64_t d = shape.headSize, keys = part.keysTo - part.keysFrom;
  const int64_t stride = columnsOf(shape);
  const BackwardScratch at = backwardScratchOf<A>(shape, part);
  if (part.wantsKeys) memset((void*)(scratch + at.dKeys), 0, 2 * keys * wideOf(d) * sizeof(float));
  for (int64_t from = part.queriesFrom; from < part.queriesTo;) {
    Sight sights[mostTiles];
    int64_t tiles = 0;
    for (; tiles < tilesOf(shape) && from < part.queriesTo; from += lanes) {
      const Sight sight = sightOf(problem, part.row, from);
      if (!seesAny(sight, part)) continue;
      loadTile<A, T>(problem, part, sight, tiles, at, scratch);
      sights[tiles++] = sight;
    }
    giveBackTiles<A, T>(problem, part, sights, tiles, at, scratch);
    for (int64_t tile = 0; part.wantsQueries && tile < tiles; tile++) {
      const float* dQueries = scratch + at.dQueries + tile * groupOf(shape) * lanes * d;
      storeTile<A, T>(problem, part, sights[tile], dQueries, scratch + at.rows);
    }
  }
  if (!part.wantsKeys) return;
  const int64_t token = part.row * shape.length + part.keysFrom;
  T* out = (T*)problem.dQkv.data + token * stride + (shape.heads + part.head) * d;
  storeRows(out, stride, scratch + at.dKeys, keys, d, anglesOf(problem, token), shape.scale);
  storeRows(out + shape.keyValueHeads * d, stride, scratch + at.dValues, keys, d, Angles{}, 1.f);
}

}  // namespace
