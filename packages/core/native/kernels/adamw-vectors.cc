#include "adamw.h"
#include "vectors.h"

namespace {

using counterweight::AdamW;

void update(const AdamW& step, int64_t from, int64_t to) {
  float* __restrict parameters = step.parameters;
  float* __restrict mean = step.mean;
  float* __restrict variance = step.variance;
  const float* __restrict gradient = step.gradient;
  const AdamW constant = step;
  for (int64_t i = from; i < to; i++) {
    const float g = gradient[i] * constant.clip;
    const float m = mean[i] * constant.beta1 + g * constant.rest1;
    const float v = variance[i] * constant.beta2 + g * g * constant.rest2;
    const float scale = __builtin_sqrtf(v) * constant.varianceScale + constant.epsilon;
    parameters[i] = parameters[i] * constant.decay - m * constant.rate / scale;
    mean[i] = m;
    variance[i] = v;
  }
}

double squares(const float* values, int64_t from, int64_t to) {
  Vector sum = {};
  const int64_t size = to - from;
  forVectors(size, [&](auto get, auto) INLINE_BODY {
    const Vector x = get(values + from);
    sum += x * x;
  });
  return sumOf(sum);
}

void add(float* sum, const float* values, int64_t from, int64_t to) {
  for (int64_t i = from; i < to; i++) sum[i] += values[i];
}

}  // namespace

namespace counterweight {
const AdamWVectors CW_TABLE(adamWVectors) = {update, squares, add};
}
