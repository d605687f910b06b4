// Root mean square normalisation, as src/model/rms-norm.ts describes it: x is float, what comes out is of either type.
#pragma once
#include "array.h"

namespace counterweight {

struct RmsNorm {
  int64_t size = 0;               // features of a row
  float epsilon = 0;
  const float* x = nullptr;       // [rows, size]
  const float* weight = nullptr;  // [size]
  float* inverse = nullptr;       // [rows], 1 / √(mean(x²) + ε): made on the way there, read on the way back
};

struct RmsNormVectors {
  void (*forward)(const RmsNorm&, Array y, int64_t from, int64_t to);
  void (*backward)(const RmsNorm&, Array dy, float* dx, int64_t from, int64_t to);
  // dWeight [size] += Σ dy · x · inverse over the rows.
  void (*weightGradient)(const RmsNorm&, Array dy, float* dWeight, int64_t from, int64_t to);
};

CW_DECLARE_TABLES(RmsNormVectors, rmsNormVectors)

}  // namespace counterweight
