#include "rms-norm.h"
#include "vectors.h"

namespace {

using counterweight::Array;
using counterweight::RmsNorm;

template <typename Y>
void forwardOf(const RmsNorm& norm, Y* y, int64_t from, int64_t to) {
  for (int64_t row = from; row < to; row++) {
    const float* x = norm.x + row * norm.size;
    Vector squares = {};
    forVectors(norm.size, [&](auto get, auto) INLINE_BODY {
      const Vector value = get(x);
      squares += value * value;
    });
    const float inverse = 1.f / __builtin_sqrtf(sumOf(squares) / (float)norm.size + norm.epsilon);
    norm.inverse[row] = inverse;
    Y* out = y + row * norm.size;
    forVectors(norm.size, [&](auto get, auto put) INLINE_BODY { put(out, get(x) * inverse * get(norm.weight)); });
  }
}

// With n = x · inverse and dn = dy · weight: dx = inverse · (dn − n · mean(dn · n)).
template <typename Y>
void backwardOf(const RmsNorm& norm, const Y* dy, float* dx, int64_t from, int64_t to) {
  for (int64_t row = from; row < to; row++) {
    const float* x = norm.x + row * norm.size;
    const Y* in = dy + row * norm.size;
    float* out = dx + row * norm.size;
    const float inverse = norm.inverse[row];
    Vector along = {};
    forVectors(norm.size, [&](auto get, auto) INLINE_BODY { along += get(in) * get(norm.weight) * get(x); });
    const float mean = sumOf(along) * inverse / (float)norm.size;
    forVectors(norm.size, [&](auto get, auto put) INLINE_BODY {
      put(out, (get(in) * get(norm.weight) - get(x) * (inverse * mean)) * inverse);
    });
  }
}

template <typename Y>
void weightGradientOf(const RmsNorm& norm, const Y* dy, float* dWeight, int64_t from, int64_t to) {
  for (int64_t row = from; row < to; row++) {
    const float* x = norm.x + row * norm.size;
    const Y* in = dy + row * norm.size;
    const float inverse = norm.inverse[row];
    forVectors(norm.size,
               [&](auto get, auto put) INLINE_BODY { put(dWeight, get(dWeight) + get(in) * get(x) * inverse); });
  }
}

void forward(const RmsNorm& norm, Array y, int64_t from, int64_t to) {
  if (y.isBfloat16) forwardOf(norm, (Bfloat16*)y.data, from, to);
  else forwardOf(norm, (float*)y.data, from, to);
}

void backward(const RmsNorm& norm, Array dy, float* dx, int64_t from, int64_t to) {
  if (dy.isBfloat16) backwardOf(norm, (const Bfloat16*)dy.data, dx, from, to);
  else backwardOf(norm, (const float*)dy.data, dx, from, to);
}

void weightGradient(const RmsNorm& norm, Array dy, float* dWeight, int64_t from, int64_t to) {
  if (dy.isBfloat16) weightGradientOf(norm, (const Bfloat16*)dy.data, dWeight, from, to);
  else weightGradientOf(norm, (const float*)dy.data, dWeight, from, to);
}

}  // namespace

namespace counterweight {
const RmsNormVectors CW_TABLE(rmsNormVectors) = {forward, backward, weightGradient};
}
