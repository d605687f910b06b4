#include <math.h>

#include "cross-entropy.h"
#include "vectors.h"

namespace {

using counterweight::CrossEntropy;

template <typename T>
void rowsOf(const CrossEntropy& problem, int64_t from, int64_t to) {
  const int64_t size = problem.vocabulary;
  for (int64_t row = from; row < to; row++) {
    const T* logits = (const T*)problem.logits.data + row * size;
    const int64_t whole = size / lanes * lanes;
    Vector most = broadcast(-INFINITY);
    for (int64_t i = 0; i < whole; i += lanes) {
      const Vector x = load(logits + i);
      most = x > most ? x : most;
    }
    float base = largestOf(most);
    for (int64_t i = whole; i < size; i++) base = fmaxf(base, valueOf(logits[i]));
    Vector sums = {};
    for (int64_t i = 0; i < whole; i += lanes) sums += exponential(load(logits + i) - base);
    float sum = sumOf(sums);
    for (int64_t i = whole; i < size; i++) sum += exponential(broadcast(valueOf(logits[i]) - base))[0];
    const float logSum = base + logf(sum);
    const int32_t id = problem.ids[row];
    problem.losses[row] = logSum - valueOf(logits[id]);
    if (!problem.dLogits.data) continue;
    const float weight = problem.weights[row];
    T* dLogits = (T*)problem.dLogits.data + row * size;
    forVectors(size, [&](auto get, auto put) INLINE_BODY { put(dLogits, exponential(get(logits) - logSum) * weight); });
    // 1 is taken off before rounding, not after.
    const float probability = exponential(broadcast(valueOf(logits[id]) - logSum))[0];
    storeFirst(dLogits + id, broadcast((probability - 1.f) * weight), 1);
  }
}

void rows(const CrossEntropy& problem, int64_t from, int64_t to) {
  if (problem.logits.isBfloat16) rowsOf<Bfloat16>(problem, from, to);
  else rowsOf<float>(problem, from, to);
}

}  // namespace

namespace counterweight {
const CrossEntropyVectors CW_TABLE(crossEntropyVectors) = {rows};
}
