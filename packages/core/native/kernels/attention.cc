// CwAttention and CwAttentionGrad: causal attention whose probabilities are never stored. Its plain twin is
// src/model/plain-attention.ts; shapes are in attention.h.
#include "attention.h"

#include <atomic>
#include <cstdlib>
#include <string>

#include "kernels.h"
#include "parallel.h"

namespace counterweight {
namespace {

// The widest instructions of this processor; COUNTERWEIGHT_KERNELS=avx2 or =baseline keeps to narrower ones, for tests.
const AttentionTiles& tilesForThisProcessor() {
#if defined(__x86_64__)
  const char* variable = std::getenv("COUNTERWEIGHT_KERNELS");
  const std::string limit = variable ? variable : "";
  __builtin_cpu_init();
  if (limit != "baseline") {
    if (limit != "avx2" && __builtin_cpu_supports("avx512f")) return attentionTilesAvx512;
    if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")) return attentionTilesAvx2;
  }
#endif
  return attentionTilesBaseline;
}

const AttentionTiles& tiles() {
  static const AttentionTiles& chosen = tilesForThisProcessor();
  return chosen;
}

AttentionShape shapeOf(Call& call) {
  const auto queries = call.inputShape(0);
  const auto keys = call.inputShape(1);
  if (queries.size() != 3 || keys.size() != 3 || (keys[1] > 0 && queries[1] % keys[1] != 0)) {
    call.fail("queries are [rows, group · length, head size], keys [rows, length, head size]");
    return {};
  }
  return {keys[0], keys[1] > 0 ? queries[1] / keys[1] : 0, keys[1], keys[2]};
}

void attention(void*, TF_OpKernelContext* context) {
  Call call(context);
  const AttentionShape shape = shapeOf(call);
  const std::vector<int64_t> queryDims = {shape.rows, shape.group * shape.length, shape.headSize};
  const std::vector<int64_t> keyDims = {shape.rows, shape.length, shape.headSize};
  AttentionForward problem = {shape, call.input(0, queryDims), call.input(1, keyDims), call.input(2, keyDims)};
  if (!call.ok()) return;
  problem.mixed = call.output(0, queryDims);
  problem.logSumExp = call.output(1, {shape.rows, shape.group * shape.length});
  if (!call.ok()) return;

  const int64_t block = tiles().queryBlock;
  const int64_t blocks = (shape.length + block - 1) / block;
  std::atomic<bool> enough{true};
  // One head of one row a call, unless there are too few of them to share among the processors.
  const int64_t heads = shape.rows * shape.group;
  const int64_t parts = heads >= 64 ? 1 : blocks;
  parallelFor(heads * parts, [&](int64_t index) {
    float* scratch = threadScratch(tiles().forwardScratch(shape));
    if (!scratch) return enough.store(false);
    const int64_t head = index / parts;
    // The last blocks see the most keys: they come first.
    for (int64_t i = blocks - 1 - index % parts; i >= 0; i -= parts) {
      tiles().forward(problem, head / shape.group, head % shape.group, i * block, scratch);
    }
  });
  if (!enough) call.failForMemory();
}

void attentionGradient(void*, TF_OpKernelContext* context) {
  Call call(context);
  const AttentionShape shape = shapeOf(call);
  const std::vector<int64_t> queryDims = {shape.rows, shape.group * shape.length, shape.headSize};
  const std::vector<int64_t> keyDims = {shape.rows, shape.length, shape.headSize};
  AttentionBackward problem = {shape,
                               call.input(0, queryDims),
                               call.input(1, keyDims),
                               call.input(2, keyDims),
                               call.input(3, queryDims),
                               call.input(4, {shape.rows, shape.group * shape.length}),
                               call.input(5, queryDims)};
  if (!call.ok()) return;
  problem.dQueries = call.output(0, queryDims);
  problem.dKeys = call.output(1, keyDims);
  problem.dValues = call.output(2, keyDims);
  if (!call.ok()) return;

  std::atomic<bool> enough{true};
  // The heads of a group add up in the gradients of their key and value head, so a row stays on one thread.
  parallelFor(shape.rows, [&](int64_t row) {
    float* scratch = threadScratch(tiles().backwardScratch(shape));
    if (!scratch) return enough.store(false);
    tiles().backward(problem, row, scratch);
  });
  if (!enough) call.failForMemory();
}

}  // namespace

bool registerAttention(TF_Status* status) {
  return registerOperation({"CwAttention",
                            {"queries: float", "keys: float", "values: float"},
                            {"mixed: float", "log_sum_exp: float"},
                            attention},
                           status) &&
         registerOperation({"CwAttentionGrad",
                            {"queries: float", "keys: float", "values: float", "mixed: float", "log_sum_exp: float",
                             "d_mixed: float"},
                            {"d_queries: float", "d_keys: float", "d_values: float"},
                            attentionGradient},
                           status);
}

}  // namespace counterweight
