// AdamW over flat vectors, in place, as src/training/adamw.ts describes it.
#pragma once
#include "array.h"

namespace counterweight {

struct AdamW {
  float* parameters = nullptr;
  float* mean = nullptr;
  float* variance = nullptr;
  float* gradient = nullptr;  // zero afterwards, for the next step to add to
  float clip = 1;             // what the gradient is multiplied with
  float beta1 = 0;
  float beta2 = 0;
  float epsilon = 0;
  float rate = 0;             // learning rate / (1 − β₁ᵗ)
  float varianceScale = 0;    // 1 / √(1 − β₂ᵗ)
  float decay = 1;            // what the parameters are multiplied with
};

struct AdamWVectors {
  void (*update)(const AdamW&, int64_t from, int64_t to);
  double (*squares)(const float* values, int64_t from, int64_t to);
  void (*add)(float* sum, const float* values, int64_t from, int64_t to);
};

CW_DECLARE_TABLES(AdamWVectors, adamWVectors)

}  // namespace counterweight
