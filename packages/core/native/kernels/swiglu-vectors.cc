#include "swiglu.h"
#include "vectors.h"

namespace {

using counterweight::Array;

INLINE Vector sigmoid(Vector x) {
  const Vector negative = -x;
  const Vector power = negative > 88.f ? broadcast(__builtin_inff()) : exponential(negative);
  return 1.f / (1.f + power);
}

template <typename T>
void forwardOf(int64_t size, const T* gateUp, T* y, int64_t from, int64_t to) {
  for (int64_t row = from; row < to; row++) {
    const T* gates = gateUp + row * 2 * size;
    const T* ups = gates + size;
    T* out = y + row * size;
    forVectors(size, [&](auto get, auto put) INLINE_BODY {
      const Vector gate = get(gates);
      put(out, gate * sigmoid(gate) * get(ups));
    });
  }
}

// d silu(g)/dg = σ(g) + silu(g) · (1 − σ(g)); the activation is computed again: cheaper than keeping it.
template <typename T>
void backwardOf(int64_t size, const T* gateUp, const T* dy, T* dGateUp, int64_t from, int64_t to) {
  for (int64_t row = from; row < to; row++) {
    const T* gates = gateUp + row * 2 * size;
    const T* ups = gates + size;
    const T* in = dy + row * size;
    T* dGates = dGateUp + row * 2 * size;
    T* dUps = dGates + size;
    forVectors(size, [&](auto get, auto put) INLINE_BODY {
      const Vector gate = get(gates);
      const Vector gradient = get(in);
      const Vector sigma = sigmoid(gate);
      const Vector silu = gate * sigma;
      const Vector slope = sigma + (silu - silu * sigma);
      put(dGates, gradient * get(ups) * slope);
      put(dUps, gradient * silu);
    });
  }
}

void forward(int64_t size, Array gateUp, Array y, int64_t from, int64_t to) {
  if (y.isBfloat16) forwardOf(size, (const Bfloat16*)gateUp.data, (Bfloat16*)y.data, from, to);
  else forwardOf(size, (const float*)gateUp.data, (float*)y.data, from, to);
}

void backward(int64_t size, Array gateUp, Array dy, Array dGateUp, int64_t from, int64_t to) {
  if (dy.isBfloat16) {
    backwardOf(size, (const Bfloat16*)gateUp.data, (const Bfloat16*)dy.data, (Bfloat16*)dGateUp.data, from, to);
  } else {
    backwardOf(size, (const float*)gateUp.data, (const float*)dy.data, (float*)dGateUp.data, from, to);
  }
}

}  // namespace

namespace counterweight {
const SwigluVectors CW_TABLE(swigluVectors) = {forward, backward};
}
