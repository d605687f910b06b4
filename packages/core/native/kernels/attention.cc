// CwAttention and CwAttentionGrad: causal attention whose probabilities are never stored. Its plain twin is
// src/model/plain-attention.ts; shapes are in attention.h.
#include "attention.h"

#include <atomic>

#include "kernels.h"
#include "parallel.h"

namespace counterweight {
namespace {

AttentionShape shapeOf(Call& call) {
  const auto queries = call.inputShape(0);
  const auto keys = call.inputShape(1);
  if (queries.size() != 3 || keys.size() != 3 || (keys[1] > 0 && queries[1] % keys[1] != 0)) {
    call.fail("queries are [rows, group · length, head size], keys [rows, length, head size]");
    return {};
  }
  return {keys[0], keys[1] > 0 ? queries[1] / keys[1] : 0, keys[1], keys[2]};
}

void attention(Call& call) {
  const AttentionShape shape = shapeOf(call);
  const std::vector<int64_t> queryDims = {shape.rows, shape.group * shape.length, shape.headSize};
  const std::vector<int64_t> keyDims = {shape.rows, shape.length, shape.headSize};
  AttentionForward problem = {shape, call.floats(0, queryDims), call.floats(1, keyDims), call.floats(2, keyDims)};
  if (!call.ok()) return;
  problem.mixed = call.outputFloats(0, queryDims);
  problem.logSumExp = call.outputFloats(1, {shape.rows, shape.group * shape.length});
  if (!call.ok()) return;

  const int64_t block = attentionTiles().queryBlock;
  const int64_t blocks = (shape.length + block - 1) / block;
  std::atomic<bool> enough{true};
  // One head of one row a call, unless there are too few of them to share among the processors.
  const int64_t heads = shape.rows * shape.group;
  const int64_t parts = heads >= 64 ? 1 : blocks;
  parallelFor(heads * parts, [&](int64_t index) {
    float* scratch = threadScratch(attentionTiles().forwardScratch(shape));
    if (!scratch) return enough.store(false);
    const int64_t head = index / parts;
    // The last blocks see the most keys: they come first.
    for (int64_t i = blocks - 1 - index % parts; i >= 0; i -= parts) {
      attentionTiles().forward(problem, head / shape.group, head % shape.group, i * block, scratch);
    }
  });
  if (!enough) call.failForMemory();
}

void attentionGradient(Call& call) {
  const AttentionShape shape = shapeOf(call);
  const std::vector<int64_t> queryDims = {shape.rows, shape.group * shape.length, shape.headSize};
  const std::vector<int64_t> keyDims = {shape.rows, shape.length, shape.headSize};
  AttentionBackward problem = {shape,
                               call.floats(0, queryDims),
                               call.floats(1, keyDims),
                               call.floats(2, keyDims),
                               call.floats(3, queryDims),
                               call.floats(4, {shape.rows, shape.group * shape.length}),
                               call.floats(5, queryDims)};
  if (!call.ok()) return;
  problem.dQueries = call.outputFloats(0, queryDims);
  problem.dKeys = call.outputFloats(1, keyDims);
  problem.dValues = call.outputFloats(2, keyDims);
  if (!call.ok()) return;

  std::atomic<bool> enough{true};
  // The heads of a group add up in the gradients of their key and value head, so a row stays on one thread.
  parallelFor(shape.rows, [&](int64_t row) {
    float* scratch = threadScratch(attentionTiles().backwardScratch(shape));
    if (!scratch) return enough.store(false);
    attentionTiles().backward(problem, row, scratch);
  });
  if (!enough) call.failForMemory();
}

}  // namespace

bool registerAttention(TF_Status* status) {
  return registerOperation<attention>({"CwAttention",
                                       {},
                                       {"queries: float", "keys: float", "values: float"},
                                       {"mixed: float", "log_sum_exp: float"}},
                                      status) &&
         registerOperation<attentionGradient>({"CwAttentionGrad",
                                               {},
                                               {"queries: float", "keys: float", "values: float", "mixed: float",
                                                "log_sum_exp: float", "d_mixed: float"},
                                               {"d_queries: float", "d_keys: float", "d_values: float"}},
                                              status);
}

}  // namespace counterweight
