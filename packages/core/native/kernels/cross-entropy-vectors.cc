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
void gradientOf(const CrossEntropy& problem, const float* weights, int64_t from, int64_t to) {
  const int64_t size = problem.vocabulary;
  for (int64_t row = from; row < to; row++) {
    T* logits = (T*)problem.logits.data + row * size;
    const float logSum = problem.logSums[row];
    const float weight = weights[row];
    T* target = logits + problem.ids[row];
    const float probability = exponential(broadcast(valueOf(*target) - logSum))[0];
    forVectors(size, [&](auto get, auto put) INLINE_BODY {
      put(logits, exponential(get(logits) - logSum) * weight);
    });
    // 1 is taken off before rounding, not after.
    storeFirst(target, broadcast((probability - 1.f) * weight), 1);
  }
}

void losses(const CrossEntropy& problem, float* out, int64_t from, int64_t to) {
  if (problem.logits.isBfloat16) lossesOf<Bfloat16>(problem, out, from, to);
  else lossesOf<float>(problem, out, from, to);
}

void gradient(const CrossEntropy& problem, const float* weights, int64_t from, int64_t to) {
  if (problem.logits.isBfloat16) gradientOf<Bfloat16>(problem, weights, from, to);
  else gradientOf<float>(problem, weights, from, to);
}

}  // namespace

namespace counterweight {
const CrossEntropyVectors CW_TABLE(crossEntropyVectors) = {losses, gradient};
}
