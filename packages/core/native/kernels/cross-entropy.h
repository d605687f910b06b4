// The weighted cross-entropy over the vocabulary, as src/training/vocabulary-loss.ts describes it: sums in float,
// logits and their gradient of one type.
#pragma once
#include "array.h"

namespace counterweight {

struct CrossEntropy {
  int64_t vocabulary = 0;
  Array logits;                      // [targets, vocabulary]
  const int32_t* ids = nullptr;      // [targets]
  float* losses = nullptr;           // [targets], nats
  const float* weights = nullptr;    // [targets], only for the gradient
  Array dLogits;                     // shaped like the logits; without data where only losses are wanted
};

struct CrossEntropyVectors {
  void (*rows)(const CrossEntropy&, int64_t from, int64_t to);
};

CW_DECLARE_TABLES(CrossEntropyVectors, crossEntropyVectors)

}  // namespace counterweight
