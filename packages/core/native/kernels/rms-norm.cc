// CwRmsNorm, its gradient by the input and by the weight. Their plain twin is in src/model/rms-norm.ts.
#include "rms-norm.h"

#include <algorithm>
#include <vector>

#include "call.h"
#include "parallel.h"

namespace counterweight {
namespace {

// Rows added up by one thread before the parts are: fixed, so that the sum does not depend on the machine.
constexpr int64_t rowsOfPart = 64;

RmsNorm normOf(Call& call, const Dims& dims) {
  if (dims.size() != 2) call.fail("a norm's input is [rows, features]");
  if (!call.ok()) return {};
  return {dims[1], 0, call.floats(0, dims), call.floats(1, {dims[1]}), nullptr};
}

void forward(Call& call) {
  const Dims dims = call.inputShape(0);
  RmsNorm norm = normOf(call, dims);
  if (!call.ok()) return;
  norm.epsilon = static_cast<float>(call.attribute("epsilon"));
  const Array y = call.output(0, dims, call.attribute("to_bfloat16") != 0);
  norm.inverse = call.outputFloats(1, {dims[0]});
  if (!call.ok()) return;
  parallelRows(dims[0], dims[1], [&](int64_t from, int64_t to) { rmsNormVectors().forward(norm, y, from, to); });
}

void backward(Call& call) {
  const Dims dims = call.inputShape(0);
  RmsNorm norm = normOf(call, dims);
  if (!call.ok()) return;
  norm.inverse = call.floats(2, {dims[0]});
  const Array dy = call.array(3, dims);
  float* dx = call.outputFloats(0, dims);
  if (!call.ok()) return;
  parallelRows(dims[0], dims[1], [&](int64_t from, int64_t to) { rmsNormVectors().backward(norm, dy, dx, from, to); });
}

void weightGradient(Call& call) {
  const Dims dims = call.inputShape(0);
  RmsNorm norm = normOf(call, dims);
  if (!call.ok()) return;
  norm.inverse = call.floats(2, {dims[0]});
  const Array dy = call.array(3, dims);
  float* dWeight = call.outputFloats(0, {dims[1]});
  if (!call.ok()) return;
  const int64_t size = dims[1];
  const int64_t count = (dims[0] + rowsOfPart - 1) / rowsOfPart;
  std::vector<float> parts(static_cast<size_t>(count * size), 0.f);
  parallelFor(count, [&](int64_t part) {
    const int64_t from = part * rowsOfPart;
    const int64_t to = std::min(dims[0], from + rowsOfPart);
    rmsNormVectors().weightGradient(norm, dy, parts.data() + part * size, from, to);
  });
  for (int64_t i = 0; i < size; i++) {
    double sum = 0;
    for (int64_t part = 0; part < count; part++) sum += parts[static_cast<size_t>(part * size + i)];
    dWeight[i] = static_cast<float>(sum);
  }
}

}  // namespace

bool registerRmsNorm(Registry& registry) {
  return registerOperation<forward>({"CwRmsNorm",
                                     {"epsilon: float", "to_bfloat16: int", "Y: {float, bfloat16}"},
                                     {"x: float", "weight: float"},
                                     {"y: Y", "inverse: float"}},
                                    registry) &&
         registerOperation<backward>({"CwRmsNormGrad",
                                      {"Y: {float, bfloat16}"},
                                      {"x: float", "weight: float", "inverse: float", "dy: Y"},
                                      {"dx: float"}},
                                     registry) &&
         registerOperation<weightGradient>({"CwRmsNormWeightGrad",
                                            {"Y: {float, bfloat16}"},
                                            {"x: float", "weight: float", "inverse: float", "dy: Y"},
                                            {"d_weight: float"}},
                                           registry);
}

}  // namespace counterweight
