#include <math.h>

#include "cross-entropy.h"
#include "vectors.h"

namespace {

using counterweight::CrossEntropy;

template <typename T>
void lossesOf(const CrossEntropy& problem, float* losses, int64_t from, int64_t to) {
  const int64_t size = problem.vocabulary;
  const int64_t whole = size / lanes * lanes;
  for (int64_t row = from; row < to; row++) {
    const T* logits = (const T*)problem.logits.data + row * size;
    Vector most = broadcast(-INFINITY);
    for (int64_t i = 0; i < whole; i += lanes) {
      const Vector x = load(logits + i);
      most = x > most ? x : most;
    }
    float largest = largestOf(most);
    for (int64_t i = whole; i < size; i++) largest = fmaxf(largest, valueOf(logits[i]));
    Vector sums = {};
    for (int64_t i = 0; i < whole; i += lanes) sums += exponential(load(logits + i) - largest);
    float sum = sumOf(sums);
    for (int64_t i = whole; i < size; i++) sum += exponential(broadcast(valueOf(logits[i]) - largest))[0];
    problem.logSums[row] = largest + logf(sum);
    losses[row] = problem.logSums[row] - valueOf(logits[problem.ids[row]]);
  }
}

template <typename T>
void gradientOf(const CrossEntropy& problem, const float* weights, T* dLogits, int64_t from, int64_t to) {
  const int64_t size = problem.vocabulary;
  for (int64_t row = from; row < to; row++) {
    const T* logits = (const T*)problem.logits.data + row * size;
    T* out = dLogits + row * size;
    const float logSum = problem.logSums[row];
    const float weight = weights[row];
    forVectors(size, [&](auto get, auto put) INLINE_BODY { put(out, exponential(get(logits) - logSum) * weight); });
    // 1 is taken off before rounding, not after.
    const int32_t id = problem.ids[row];
    const float probability = exponential(broadcast(valueOf(logits[id]) - logSum))[0];
    storeFirst(out + id, broadcast((probability - 1.f) * weight), 1);
  }
}

void losses(const CrossEntropy& problem, float* out, int64_t from, int64_t to) {
  if (problem.logits.isBfloat16) lossesOf<Bfloat16>(problem, out, from, to);
  else lossesOf<float>(problem, out, from, to);
}

void gradient(const CrossEntropy& problem, const float* weights, void* dLogits, int64_t from, int64_t to) {
  if (problem.logits.isBfloat16) gradientOf(problem, weights, (Bfloat16*)dLogits, from, to);
  else gradientOf(problem, weights, (float*)dLogits, from, to);
}

}  // namespace

namespace counterweight {
const CrossEntropyVectors CW_TABLE(crossEntropyVectors) = {losses, gradient};
}
