// Products of few rows with an operand in blocks: a block's levels are summed up as they are, and its scale comes in once. A
// minimum comes in before: apart, it and the levels would cancel each other out.
#pragma once
#include "product-thin.h"

namespace {

constexpr int blockParts = blockValues / lanes;

// Sums of products with M rows of the left operand, those beyond the last one zeros. One column after the other, since their
// blocks lie together: memory is read in one stream.
template <class Block, int M>
INLINE void dotsOfColumn(const ThinProduct& product, int64_t column, Vector* sums) {
  const Block* blocks = (const Block*)product.right + column * product.rightStride / blockValues;
  const int64_t count = (product.inner + blockValues - 1) / blockValues;
  const float* left = product.left;
  for (int64_t k = 0; k < count; k++, left += blockValues) {
    const Block& block = blocks[k];
    const Vector scale = broadcast(floatOfHalf(block.scale)), minimum = broadcast(minimumOf(block));
    Vector inBlock[M] = {};
#pragma GCC unroll 8
    for (int part = 0; part < blockParts; part++) {
      const Vector levels = levelsOf(block, part * lanes);
      const Vector values = hasMinimum<Block> ? Singles::multiplyAdd(minimum, levels, scale) : levels;
#pragma GCC unroll 8
      for (int i = 0; i < M; i++) {
        inBlock[i] = Singles::multiplyAdd(inBlock[i], values, load(left + i * product.leftStride + part * lanes));
      }
    }
#pragma GCC unroll 8
    for (int i = 0; i < M; i++) {
      sums[i] = hasMinimum<Block> ? sums[i] + inBlock[i] : Singles::multiplyAdd(sums[i], inBlock[i], scale);
    }
  }
}

template <class Block, int M>
__attribute__((noinline)) void dotsOfBlockRows(const ThinProduct& product, int64_t from, int64_t to) {
  constexpr int N = lanes / M > 1 ? lanes / M : 1;
  for (int64_t column = from; column < to; column += N) {
    const int64_t columns = smaller(N, to - column);
    Vector sums[N * M] = {};
    for (int64_t j = 0; j < columns; j++) dotsOfColumn<Block, M>(product, column + j, sums + j * M);
    float totals[(M * N + lanes - 1) / lanes * lanes];
    for (int i = 0; i < M * N; i += lanes) totalsOf(sums + i, M * N - i, totals + i);
    for (int64_t j = 0; j < columns; j++) {
      for (int64_t i = 0; i < product.rows; i++) finishOne(product.sums, i, column + j, totals[j * M + i]);
    }
  }
}

template <class Block>
void dotsOfBlocksOf(const ThinProduct& product, int64_t from, int64_t to) {
  if (product.rows == 1) return dotsOfBlockRows<Block, 1>(product, from, to);
  if (product.rows == 2) return dotsOfBlockRows<Block, 2>(product, from, to);
  if (product.rows <= 4) return dotsOfBlockRows<Block, 4>(product, from, to);
  dotsOfBlockRows<Block, 8>(product, from, to);
}

// Adds J rows of blocks, each times its value of the left operand, to the sums of M rows.
template <class Block, int M, int J>
INLINE void addBlocks(const ThinProduct& product, int64_t k, int64_t from, int64_t to, float* scratch, int64_t size) {
  const Block* rows = (const Block*)product.right + k * product.rightStride / blockValues;
  const int64_t stride = product.rightStride / blockValues;
  for (int64_t at = from / blockValues; at * blockValues < to; at++, scratch += blockValues) {
    Vector scales[J], minima[J];
    float factors[J][M];
#pragma GCC unroll 4
    for (int j = 0; j < J; j++) {
      const Block& block = rows[j * stride + at];
      __builtin_prefetch(&block + J * stride, 0, 2);
      const float scale = floatOfHalf(block.scale);
      scales[j] = broadcast(scale), minima[j] = broadcast(minimumOf(block));
#pragma GCC unroll 8
      for (int i = 0; i < M; i++) {
        factors[j][i] = product.left[i * product.leftStride + k + j] * (hasMinimum<Block> ? 1 : scale);
      }
    }
#pragma GCC unroll 8
    for (int part = 0; part < blockParts; part++) {
      Vector sums[M];
#pragma GCC unroll 8
      for (int i = 0; i < M; i++) sums[i] = load(scratch + i * size + part * lanes);
#pragma GCC unroll 4
      for (int j = 0; j < J; j++) {
        const Vector levels = levelsOf(rows[j * stride + at], part * lanes);
        const Vector values = hasMinimum<Block> ? Singles::multiplyAdd(minima[j], levels, scales[j]) : levels;
#pragma GCC unroll 8
        for (int i = 0; i < M; i++) sums[i] = Singles::multiplyAdd(sums[i], values, broadcast(factors[j][i]));
      }
#pragma GCC unroll 8
      for (int i = 0; i < M; i++) store(scratch + i * size + part * lanes, sums[i]);
    }
  }
}

template <class Block, int M>
__attribute__((noinline)) void additionsOfBlockRows(const ThinProduct& product, int64_t from, int64_t to, float* scratch) {
  const int64_t size = (to - from + blockValues - 1) / blockValues * blockValues;
  memset(scratch, 0, (size_t)(M * size) * sizeof(float));
  int64_t k = 0;
  for (; k + 4 <= product.inner; k += 4) addBlocks<Block, M, 4>(product, k, from, to, scratch, size);
  for (; k < product.inner; k++) addBlocks<Block, M, 1>(product, k, from, to, scratch, size);
  finishAdditions(product, from, to, scratch, size);
}

template <class Block>
INLINE void additionsOfBlocks(const ThinProduct& product, int64_t from, int64_t to, float* scratch) {
  if (product.rows == 1) return additionsOfBlockRows<Block, 1>(product, from, to, scratch);
  if (product.rows <= 4) return additionsOfBlockRows<Block, 4>(product, from, to, scratch);
  additionsOfBlockRows<Block, 8>(product, from, to, scratch);
}

void additions(const ThinProduct& product, int64_t from, int64_t to, float* scratch) {
  switch (product.stored) {
    case Stored::float32: return additionsOf<float>(product, from, to, scratch);
    case Stored::bfloat16: return additionsOf<Bfloat16>(product, from, to, scratch);
    case Stored::q8_0: return additionsOfBlocks<BlockQ8_0>(product, from, to, scratch);
    case Stored::q4_0: return additionsOfBlocks<BlockQ4_0>(product, from, to, scratch);
    default: return additionsOfBlocks<BlockQ4_1>(product, from, to, scratch);
  }
}

void dotsOfBlocks(const ThinProduct& product, int64_t from, int64_t to) {
  switch (product.stored) {
    case Stored::q8_0: return dotsOfBlocksOf<BlockQ8_0>(product, from, to);
    case Stored::q4_0: return dotsOfBlocksOf<BlockQ4_0>(product, from, to);
    default: return dotsOfBlocksOf<BlockQ4_1>(product, from, to);
  }
}

}  // namespace
