// CwAttention and CwAttentionGrad: causal attention, with its rotation, whose probabilities are never stored. Its plain
// twin is src/model/plain-attention.ts; shapes are in attention.h.
#include "attention.h"

#include <algorithm>
#include <atomic>

#include "call.h"
#include "parallel.h"

namespace counterweight {
namespace {

Dims qkvDims(const AttentionShape& shape) {
  return {shape.rows * shape.length, (shape.heads + 2 * shape.keyValueHeads) * shape.headSize};
}
Dims mixedDims(const AttentionShape& shape) { return {shape.rows * shape.length, shape.heads * shape.headSize}; }
Dims logSumExpDims(const AttentionShape& shape) { return {shape.rows, shape.heads, shape.length}; }

AttentionShape shapeOf(Call& call) {
  const Dims qkv = call.inputShape(0), cos = call.inputShape(1);
  AttentionShape shape;
  shape.rows = static_cast<int64_t>(call.attribute("rows"));
  shape.heads = static_cast<int64_t>(call.attribute("heads"));
  shape.keyValueHeads = static_cast<int64_t>(call.attribute("key_value_heads"));
  shape.scale = static_cast<float>(call.attribute("scale"));
  shape.softcap = static_cast<float>(call.attribute("softcap"));
  if (!call.ok()) return {};
  const int64_t columns = shape.heads + 2 * shape.keyValueHeads;
  if (shape.heads < 1 || shape.keyValueHeads < 1 || shape.heads % shape.keyValueHeads != 0 || qkv.size() != 2 ||
      qkv[1] % columns != 0 || (shape.rows > 0 ? qkv[0] % shape.rows : qkv[0]) != 0) {
    call.fail("attention's input is [rows · length, (heads + 2 · key-value heads) · head size]");
    return {};
  }
  shape.length = shape.rows > 0 ? qkv[0] / shape.rows : 0;
  shape.headSize = qkv[1] / columns;
  shape.rotarySize = cos.size() == 3 ? cos[2] : 0;
  if (shape.rotarySize > shape.headSize || shape.rotarySize % 2 != 0) call.fail("more is rotated than a head has");
  return shape;
}

// What both directions read: the tokens, their angles and what they see. Empty where there is none.
Attention problemOf(Call& call) {
  Attention problem;
  const AttentionShape& shape = problem.shape = shapeOf(call);
  if (!call.ok()) return problem;
  const int64_t tokens = shape.rows * shape.length;
  problem.qkv = call.array(0, qkvDims(shape));
  if (shape.rotarySize > 0) {
    problem.cos = call.floats(1, {tokens, 1, shape.rotarySize});
    problem.sin = call.floats(2, {tokens, 1, shape.rotarySize});
  }
  if (call.inputShape(3) != Dims{0}) {
    problem.starts = call.integers(3, {tokens});
    problem.prefixes = call.integers(4, {shape.rows});
  }
  return problem;
}

void forward(Call& call) {
  Attention problem = problemOf(call);
  if (!call.ok()) return;
  const AttentionShape& shape = problem.shape;
  problem.mixed = call.output(0, mixedDims(shape), problem.qkv.isBfloat16);
  problem.logSumExp = call.outputFloats(1, logSumExpDims(shape));
  if (!call.ok()) return;

  const AttentionTiles& tiles = attentionTiles();
  const int64_t block = tiles.queryBlock(shape);
  const int64_t blocks = (shape.length + block - 1) / block;
  const int64_t heads = shape.rows * shape.keyValueHeads;
  std::atomic<bool> enough{true};
  parallelFor(heads * blocks, [&](int64_t index) {
    float* scratch = threadScratch(tiles.forwardScratch(problem));
    if (!scratch) return enough.store(false);
    const int64_t head = index % heads;
    // The last queries see the most keys: they come first.
    const int64_t from = (blocks - 1 - index / heads) * block;
    tiles.forward(problem, head / shape.keyValueHeads, head % shape.keyValueHeads, from, scratch);
  });
  if (!enough) call.failForMemory();
}

// All gradients of a head come from the same probabilities: it is one part where there are heads enough for all
// processors. Else the gradients of its queries and those of its keys and values are parts of their own, which makes 7
// products of 5, and each of these is cut; so no two parts ever write to one place, nor wait for each other.
std::vector<AttentionPart> partsOf(const AttentionShape& shape) {
  constexpr int64_t stretch = 128;  // a multiple of the tiles and key blocks of every instruction set
  const int64_t heads = shape.rows * shape.keyValueHeads, length = shape.length;
  const int64_t processors = threads();
  const int64_t rounds = (heads + processors - 1) / processors;
  const bool whole = 5 * rounds * processors <= 7 * heads || length <= stretch;
  const int64_t size = whole ? std::max<int64_t>(1, length) : stretch;
  std::vector<AttentionPart> parts;
  // What has most to do comes first: the earliest keys, the latest queries.
  for (int64_t at = 0; at < length; at += size) {
    const int64_t end = std::min(length, at + size), other = (length - 1 - at) / size * size;
    for (int64_t head = 0; head < heads; head++) {
      const AttentionPart all = {head / shape.keyValueHeads, head % shape.keyValueHeads, 0, length, at, end, whole, true};
      parts.push_back(all);
      if (whole) continue;
      parts.push_back({all.row, all.head, other, std::min(length, other + size), 0, length, true, false});
    }
  }
  return parts;
}

void backward(Call& call) {
  Attention problem = problemOf(call);
  if (!call.ok()) return;
  const AttentionShape& shape = problem.shape;
  problem.mixed = call.array(5, mixedDims(shape));
  problem.logSumExp = call.floats(6, logSumExpDims(shape));
  problem.dMixed = call.array(7, mixedDims(shape));
  problem.dQkv = call.output(0, qkvDims(shape), problem.qkv.isBfloat16);
  if (!call.ok()) return;

  const AttentionTiles& tiles = attentionTiles();
  const std::vector<AttentionPart> parts = partsOf(shape);
  std::atomic<bool> enough{true};
  parallelFor(static_cast<int64_t>(parts.size()), [&](int64_t index) {
    const AttentionPart& part = parts[static_cast<size_t>(index)];
    float* scratch = threadScratch(tiles.backwardScratch(problem, part));
    if (!scratch) return enough.store(false);
    tiles.backward(problem, part, scratch);
  });
  if (!enough) call.failForMemory();
}

}  // namespace

bool registerAttention(Registry& registry) {
  return registerOperation<forward>({"CwAttention",
                                     {"rows: int", "heads: int", "key_value_heads: int", "scale: float",
                                      "softcap: float", "T: {float, bfloat16}"},
                                     {"qkv: T", "cos: float", "sin: float", "starts: int32", "prefixes: int32"},
                                     {"mixed: T", "log_sum_exp: float"}},
                                    registry) &&
         registerOperation<backward>({"CwAttentionGrad",
                                      {"rows: int", "heads: int", "key_value_heads: int", "scale: float",
                                       "softcap: float", "T: {float, bfloat16}"},
                                      {"qkv: T", "cos: float", "sin: float", "starts: int32", "prefixes: int32",
                                       "mixed: T", "log_sum_exp: float", "d_mixed: T"},
                                      {"d_qkv: T"}},
                                     registry);
}

}  // namespace counterweight
