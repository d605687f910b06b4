// CwSwiglu and CwSwigluGrad. Their plain twin is in src/model/swiglu.ts.
#include "swiglu.h"

#include "call.h"
#include "parallel.h"

namespace counterweight {
namespace {

Dims halvedLast(Call& call) {
  Dims dims = call.inputShape(0);
  if (dims.size() != 2 || dims[1] % 2 != 0) call.fail("gate and up are [rows, 2 · features]");
  if (!call.ok()) return {};
  dims[1] /= 2;
  return dims;
}

void forward(Call& call) {
  const Dims dims = halvedLast(call);
  if (!call.ok()) return;
  const Array gateUp = call.array(0, {dims[0], 2 * dims[1]});
  const Array y = call.output(0, dims, gateUp.isBfloat16);
  if (!call.ok()) return;
  parallelRows(dims[0], 2 * dims[1],
               [&](int64_t from, int64_t to) { swigluVectors().forward(dims[1], gateUp, y, from, to); });
}

void backward(Call& call) {
  const Dims dims = halvedLast(call);
  if (!call.ok()) return;
  const Array gateUp = call.array(0, {dims[0], 2 * dims[1]});
  const Array dy = call.array(1, dims);
  const Array dGateUp = call.output(0, {dims[0], 2 * dims[1]}, gateUp.isBfloat16);
  if (!call.ok()) return;
  parallelRows(dims[0], 2 * dims[1],
               [&](int64_t from, int64_t to) { swigluVectors().backward(dims[1], gateUp, dy, dGateUp, from, to); });
}

}  // namespace

bool registerSwiglu(Registry& registry) {
  return registerOperation<forward>({"CwSwiglu", {"T: {float, bfloat16}"}, {"gate_up: T"}, {"y: T"}}, registry) &&
         registerOperation<backward>(
             {"CwSwigluGrad", {"T: {float, bfloat16}"}, {"gate_up: T", "dy: T"}, {"d_gate_up: T"}}, registry);
}

}  // namespace counterweight
