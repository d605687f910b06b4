// CwCrossEntropy and CwCrossEntropyGrad (losses and gradient together). Plain twin: src/training/vocabulary-loss.ts.
#include "cross-entropy.h"

#include "kernels.h"
#include "parallel.h"

namespace counterweight {
namespace {

void compute(Call& call, bool withGradient) {
  const Dims dims = call.inputShape(0);
  if (dims.size() != 2) call.fail("logits are [targets, vocabulary]");
  if (!call.ok()) return;
  CrossEntropy problem;
  problem.vocabulary = dims[1];
  problem.logits = call.array(0, dims);
  problem.ids = call.integers(1, {dims[0]});
  if (withGradient) problem.weights = call.floats(2, {dims[0]});
  problem.losses = call.outputFloats(0, {dims[0]});
  if (withGradient) problem.dLogits = call.output(1, dims, problem.logits.isBfloat16);
  if (!call.ok()) return;
  for (int64_t row = 0; row < dims[0]; row++) {
    if (problem.ids[row] < 0 || problem.ids[row] >= dims[1]) return call.fail("an id is not in the vocabulary");
  }
  parallelRows(dims[0], dims[1], [&](int64_t from, int64_t to) { crossEntropyVectors().rows(problem, from, to); });
}

void losses(Call& call) { compute(call, false); }
void lossesAndGradient(Call& call) { compute(call, true); }

}  // namespace

bool registerCrossEntropy(TF_Status* status) {
  return registerOperation<losses>(
             {"CwCrossEntropy", {"T: {float, bfloat16}"}, {"logits: T", "ids: int32"}, {"losses: float"}}, status) &&
         registerOperation<lossesAndGradient>({"CwCrossEntropyGrad",
                                               {"T: {float, bfloat16}"},
                                               {"logits: T", "ids: int32", "weights: float"},
                                               {"losses: float", "d_logits: T"}},
                                              status);
}

}  // namespace counterweight
