// The arithmetic of attention, tile by tile (Dao et al. 2022, arXiv 2205.14135). This file is compiled once for every
// instruction set, see instruction-sets.h.
#include <math.h>
#include <string.h>

#include "attention.h"
#include "tiles.h"

namespace {

using counterweight::AttentionBackward;
using counterweight::AttentionForward;
using counterweight::AttentionShape;

// Keys whose scores a query tile holds at a time.
constexpr int keyBlock = 32;

template <int D>
void forwardOf(const AttentionForward& problem, int64_t row, int64_t head, int64_t from, float* scratch) {
  const AttentionShape& shape = problem.shape;
  const int64_t d = D > 0 ? D : shape.headSize;
  const int64_t count = smaller(lanes, shape.length - from);
  const int64_t at = (row * shape.group + head) * shape.length + from;
  const float* keys = problem.keys + row * shape.length * d;
  const float* values = problem.values + row * shape.length * d;
  Vector* queries = (Vector*)scratch;
  Vector* mixed = queries + d;
  Vector weights[keyBlock];
  loadTile(queries, problem.queries + at * d, count, d);
  for (int64_t c = 0; c < d; c++) mixed[c] = Vector{};

  const Integers numbers = laneNumbers();
  const Vector lowest = broadcast(-INFINITY);
  Vector largest = lowest;
  Vector sum = {};
  const int64_t seen = from + count;
  for (int64_t first = 0; first < seen; first += keyBlock) {
    const int64_t n = smaller(keyBlock, seen - first);
    dots<D>(weights, queries, keys + first * d, n, d);
    for (int64_t key = from + 1 > first ? from + 1 : first; key < first + n; key++) {
      weights[key - first] = numbers + (int32_t)from >= (int32_t)key ? weights[key - first] : lowest;
    }
    Vector next = largest;
    for (int64_t i = 0; i < n; i++) next = weights[i] > next ? weights[i] : next;
    // Where every score is −∞ so far, −∞ − −∞ would spoil the ones to come.
    const Vector base = next == lowest ? Vector{} : next;
    const Vector rescale = exponential(largest - base);
    largest = next;
    sum *= rescale;
    for (int64_t c = 0; c < d; c++) mixed[c] *= rescale;
    for (int64_t i = 0; i < n; i++) {
      weights[i] = exponential(weights[i] - base);
      sum += weights[i];
    }
    accumulate<D>(mixed, weights, values + first * d, n, d);
  }
  const Vector inverse = 1.f / sum;
  for (int64_t c = 0; c < d; c++) mixed[c] *= inverse;
  storeTile(mixed, problem.mixed + at * d, count, d);
  for (int64_t lane = 0; lane < count; lane++) problem.logSumExp[at + lane] = largest[lane] + logf(sum[lane]);
}

// Keys lie in the lanes here. dS = P ⊙ (dP − Σ dMixed ⊙ mixed), where dP = dMixed · valuesᵀ; the gradient of the queries
// wants queries in the lanes, so a tile of dS is turned round for it.
template <int D>
void backwardOf(const AttentionBackward& problem, int64_t row, float* scratch) {
  const AttentionShape& shape = problem.shape;
  const int64_t d = D > 0 ? D : shape.headSize;
  const int64_t length = shape.length;
  const int64_t tiles = (length + lanes - 1) / lanes;
  const float* keyRows = problem.keys + row * length * d;
  const float* valueRows = problem.values + row * length * d;
  Vector* keys = (Vector*)scratch;
  Vector* values = keys + d;
  Vector* dKeys = values + d;
  Vector* dValues = dKeys + d;
  Vector* dQueries = dValues + d;  // [group, tiles, d]
  float* sums = (float*)(dQueries + shape.group * tiles * d);  // [group, length]
  memset((void*)dQueries, 0, sizeof(Vector) * shape.group * tiles * d);
  for (int64_t i = 0; i < shape.group * length; i++) {
    const int64_t at = (row * shape.group * length + i) * d;
    float sum = 0;
    for (int64_t c = 0; c < d; c++) sum += problem.dMixed[at + c] * problem.mixed[at + c];
    sums[i] = sum;
  }

  const Integers numbers = laneNumbers();
  for (int64_t from = 0; from < length; from += lanes) {
    const int64_t keyCount = smaller(lanes, length - from);
    loadTile(keys, keyRows + from * d, keyCount, d);
    loadTile(values, valueRows + from * d, keyCount, d);
    for (int64_t c = 0; c < 2 * d; c++) dKeys[c] = Vector{};
    for (int64_t head = 0; head < shape.group; head++) {
      for (int64_t query = from; query < length; query += lanes) {
        const int64_t count = smaller(lanes, length - query);
        const int64_t at = (row * shape.group + head) * length + query;
        const float* queryRows = problem.queries + at * d;
        const float* dMixedRows = problem.dMixed + at * d;
        Vector weights[lanes], dScores[lanes], turned[lanes];
        dots<D>(weights, keys, queryRows, count, d);
        dots<D>(dScores, values, dMixedRows, count, d);
        for (int64_t i = 0; i < count; i++) {
          Vector weight = exponential(weights[i] - problem.logSumExp[at + i]);
          if (query == from) weight = numbers <= (int32_t)i ? weight : Vector{};
          weights[i] = weight;
          dScores[i] = weight * (dScores[i] - sums[head * length + query + i]);
        }
        for (int64_t i = count; i < lanes; i++) dScores[i] = Vector{};
        accumulate<D>(dValues, weights, dMixedRows, count, d);
        accumulate<D>(dKeys, dScores, queryRows, count, d);
        transpose(turned, dScores);
        accumulate<D>(dQueries + (head * tiles + query / lanes) * d, turned, keyRows + from * d, keyCount, d);
      }
    }
    storeTile(dKeys, problem.dKeys + (row * length + from) * d, keyCount, d);
    storeTile(dValues, problem.dValues + (row * length + from) * d, keyCount, d);
  }
  for (int64_t head = 0; head < shape.group; head++) {
    for (int64_t query = 0; query < length; query += lanes) {
      float* rows = problem.dQueries + ((row * shape.group + head) * length + query) * d;
      storeTile(dQueries + (head * tiles + query / lanes) * d, rows, smaller(lanes, length - query), d);
    }
  }
}

void forward(const AttentionForward& problem, int64_t row, int64_t head, int64_t from, float* scratch) {
  switch (problem.shape.headSize) {
    case 8: return forwardOf<8>(problem, row, head, from, scratch);
    case 16: return forwardOf<16>(problem, row, head, from, scratch);
    case 32: return forwardOf<32>(problem, row, head, from, scratch);
    case 64: return forwardOf<64>(problem, row, head, from, scratch);
    case 128: return forwardOf<128>(problem, row, head, from, scratch);
    default: return forwardOf<0>(problem, row, head, from, scratch);
  }
}

void backward(const AttentionBackward& problem, int64_t row, float* scratch) {
  switch (problem.shape.headSize) {
    case 8: return backwardOf<8>(problem, row, scratch);
    case 16: return backwardOf<16>(problem, row, scratch);
    case 32: return backwardOf<32>(problem, row, scratch);
    case 64: return backwardOf<64>(problem, row, scratch);
    case 128: return backwardOf<128>(problem, row, scratch);
    default: return backwardOf<0>(problem, row, scratch);
  }
}

int64_t forwardScratch(const AttentionShape& shape) { return 2 * shape.headSize * lanes; }

int64_t backwardScratch(const AttentionShape& shape) {
  const int64_t tiles = (shape.length + lanes - 1) / lanes;
  return (4 + shape.group * tiles) * shape.headSize * lanes + shape.group * shape.length;
}

}  // namespace

namespace counterweight {
const AttentionTiles CW_TABLE(attentionTiles) = {lanes, forwardScratch, backwardScratch, forward, backward};
}
