// The weighted cross-entropy over the vocabulary, as src/training/cross-entropy.ts describes it: sums in float,
// logits and their gradient of one type.
#pragma once
#include "array.h"

namespace counterweight {

struct CrossEntropy {
  int64_t vocabulary = 0;
  Array logits;                      // [targets, vocabulary]
  const int32_t* ids = nullptr;      // [targets]
  float* logSums = nullptr;          // [targets], log Σ exp: made with the losses, read for the gradient
};

struct CrossEntropyVectors {
  // losses [targets], nats
  void (*losses)(const CrossEntropy&, float* losses, int64_t from, int64_t to);
  // weights [targets]; the gradient comes to lie where the logits were
  void (*gradient)(const CrossEntropy&, const float* weights, int64_t from, int64_t to);
};

CW_DECLARE_TABLES(CrossEntropyVectors, crossEntropyVectors)

}  // namespace counterweight
