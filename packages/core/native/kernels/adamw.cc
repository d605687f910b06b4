// CwAdamW, CwNorm, CwSquares and CwAddTo: the optimizer's passes over flat vectors. The first and the last change a tensor
// in place, which tfjs's own operations never do: whoever calls them owns the tensor. Plain twins:
// src/training/optimizer/adamw.ts, clip.ts, and src/model/parameters/gradient-sum.ts.
#include "adamw.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <vector>

#include "call.h"
#include "parallel.h"

namespace counterweight {
namespace {

// Values that one call of a table's function takes: fixed, so that a sum does not depend on the machine.
constexpr int64_t stretch = 1 << 15;

void forStretches(int64_t size, const std::function<void(int64_t index, int64_t from, int64_t to)>& work) {
  const int64_t count = (size + stretch - 1) / stretch;
  parallelFor(count, [&](int64_t i) { work(i, i * stretch, std::min(size, (i + 1) * stretch)); });
}

std::vector<double> squaresOf(const float* values, int64_t size) {
  std::vector<double> parts(static_cast<size_t>((size + stretch - 1) / stretch), 0.);
  forStretches(size, [&](int64_t index, int64_t from, int64_t to) {
    parts[static_cast<size_t>(index)] = adamWVectors().squares(values, from, to);
  });
  return parts;
}

void norm(Call& call) {
  const Dims dims = call.inputShape(0);
  if (dims.size() != 1) call.fail("a norm is of a flat vector");
  if (!call.ok()) return;
  const float* values = call.floats(0, dims);
  float* result = call.outputFloats(0, {});
  if (!call.ok()) return;
  double sum = 0;
  for (const double part : squaresOf(values, dims[0])) sum += part;
  *result = static_cast<float>(std::sqrt(sum));
}

// What a norm is made of, where a vector lies in several processes: the sum of every stretch, in 64 bits, as two words.
void squares(Call& call) {
  const Dims dims = call.inputShape(0);
  if (dims.size() != 1) call.fail("squares are of a flat vector");
  if (!call.ok()) return;
  const float* values = call.floats(0, dims);
  const Tensor words = call.make({(dims[0] + stretch - 1) / stretch, 2}, Type::int32);
  if (!call.ok()) return;
  const std::vector<double> parts = squaresOf(values, dims[0]);
  if (!parts.empty()) std::memcpy(words.data, parts.data(), parts.size() * sizeof(double));
}

void addTo(Call& call) {
  const Dims dims = call.inputShape(0);
  const Dims pieceDims = call.inputShape(1);
  if (!call.ok()) return;
  int64_t size = 1;
  for (const int64_t dim : pieceDims) size *= dim;
  const int64_t offset = static_cast<int64_t>(call.attribute("offset"));
  if (dims.size() != 1 || offset < 0 || offset + size > dims[0]) return call.fail("a piece lies beyond the vector");
  float* sum = call.floats(0, dims);
  const float* piece = call.floats(1, pieceDims);
  if (!call.ok()) return;
  const bool overwrite = call.attribute("overwrite") != 0;
  forStretches(size, [&](int64_t, int64_t from, int64_t to) {
    if (overwrite) std::copy(piece + from, piece + to, sum + offset + from);
    else adamWVectors().add(sum + offset, piece, from, to);
  });
}

// settings: learning rate / (1 − β₁ᵗ), 1 / √(1 − β₂ᵗ), decay factor, largest norm, β₁, 1 − β₁, β₂, 1 − β₂, ε.
void update(Call& call) {
  const Dims dims = call.inputShape(0);
  if (dims.size() != 1) call.fail("parameters are a flat vector");
  if (!call.ok()) return;
  AdamW step;
  step.parameters = call.floats(0, dims);
  step.mean = call.floats(1, dims);
  step.variance = call.floats(2, dims);
  step.gradient = call.floats(3, dims);
  const float* gradientNorm = call.floats(4, {});
  const float* settings = call.floats(5, {9});
  if (!call.ok()) return;
  step.rate = settings[0];
  step.varianceScale = settings[1];
  const float decay = settings[2];
  step.clip = std::min(1.f, settings[3] / (*gradientNorm + 1e-6f));
  if (std::isnan(*gradientNorm)) step.clip = *gradientNorm;
  step.beta1 = settings[4];
  step.rest1 = settings[5];
  step.beta2 = settings[6];
  step.rest2 = settings[7];
  step.epsilon = settings[8];
  const int64_t decayed = static_cast<int64_t>(call.attribute("decayed"));
  forStretches(dims[0], [&](int64_t, int64_t from, int64_t to) {
    AdamW part = step;
    const int64_t border = std::min(std::max(from, decayed), to);
    part.decay = decay;
    adamWVectors().update(part, from, border);
    part.decay = 1;
    adamWVectors().update(part, border, to);
  });
}

}  // namespace

bool registerAdamW(Registry& registry) {
  return registerOperation<norm>({"CwNorm", {}, {"values: float"}, {"norm: float"}}, registry) &&
         registerOperation<squares>({"CwSquares", {}, {"values: float"}, {"words: int32"}}, registry) &&
         registerOperation<addTo>({"CwAddTo", {"offset: int", "overwrite: int"}, {"sum: float", "piece: float"}, {}}, registry) &&
         registerOperation<update>({"CwAdamW",
                                    {"decayed: int"},
                                    {"parameters: float", "mean: float", "variance: float", "gradient: float",
                                     "norm: float", "settings: float"},
                                    {}},
                                   registry);
}

}  // namespace counterweight
