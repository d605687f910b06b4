// AdamW over flat vectors, in place, as src/training/adamw.ts describes it.
#pragma once
#include "array.h"

namespace counterweight {

struct AdamW {
  float* parameters = nullptr;
  float* mean = nullptr;
  float* variance = nullptr;
  const float* gradient = nullptr;
  float clip = 1;             // what the gradient is multiplied with
  float beta1 = 0, rest1 = 0;  // β₁, 1 − β₁
  float beta2 = 0, rest2 = 0;
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
