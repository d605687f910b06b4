// CwCrossEntropy and CwCrossEntropyGrad, which puts the gradient in the logits' place. Their plain twin is in src/training/cross-entropy.ts.
#include "cross-entropy.h"

#include "call.h"
#include "parallel.h"

namespace counterweight {
namespace {

CrossEntropy problemOf(Call& call, const Dims& dims) {
  CrossEntropy problem;
  if (dims.size() != 2) call.fail("logits are [targets, vocabulary]");
  if (!call.ok()) return problem;
  problem.vocabulary = dims[1];
  problem.logits = call.array(0, dims);
  problem.ids = call.integers(1, {dims[0]});
  for (int64_t row = 0; call.ok() && row < dims[0]; row++) {
    if (problem.ids[row] < 0 || problem.ids[row] >= dims[1]) call.fail("an id is not in the vocabulary");
  }
  return problem;
}

void losses(Call& call) {
  const Dims dims = call.inputShape(0);
  CrossEntropy problem = problemOf(call, dims);
  if (!call.ok()) return;
  float* out = call.outputFloats(0, {dims[0]});
  problem.logSums = call.outputFloats(1, {dims[0]});
  if (!call.ok()) return;
  parallelRows(dims[0], dims[1],
               [&](int64_t from, int64_t to) { crossEntropyVectors().losses(problem, out, from, to); });
}

void gradient(Call& call) {
  const Dims dims = call.inputShape(0);
  CrossEntropy problem = problemOf(call, dims);
  if (!call.ok()) return;
  problem.logSums = call.floats(2, {dims[0]});
  const float* weights = call.floats(3, {dims[0]});
  if (!call.ok()) return;
  parallelRows(dims[0], dims[1],
               [&](int64_t from, int64_t to) { crossEntropyVectors().gradient(problem, weights, from, to); });
}

}  // namespace

bool registerCrossEntropy(Registry& registry) {
  return registerOperation<losses>({"CwCrossEntropy",
                                    {"T: {float, bfloat16}"},
                                    {"logits: T", "ids: int32"},
                                    {"losses: float", "log_sums: float"}},
                                   registry) &&
         registerOperation<gradient>({"CwCrossEntropyGrad",
                                      {"T: {float, bfloat16}"},
                                      {"logits: T", "ids: int32", "log_sums: float", "weights: float"},
                                      {}},
                                     registry);
}

}  // namespace counterweight
