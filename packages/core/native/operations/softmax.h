// Softmax and its logarithm of rows. Both arrays are of one type.
#pragma once
#include "array.h"

namespace counterweight {

struct SoftmaxVectors {
  // e^(x − max) / Σ e^(x − max) of rows from … to of [rows, size], or its logarithm. `scratch` holds a row in f32.
  void (*softmax)(int64_t size, Array x, Array y, float* scratch, int64_t from, int64_t to);
  void (*logSoftmax)(int64_t size, Array x, Array y, float* scratch, int64_t from, int64_t to);
};

CW_DECLARE_TABLES(SoftmaxVectors, softmaxVectors)

}  // namespace counterweight
