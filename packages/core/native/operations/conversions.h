// Values of one type made into another: the four types of tensors, to and from.
#pragma once
#include <cstdint>

#include "instruction-sets.h"

namespace counterweight {

struct ConversionVectors {
  // By the numbers of types (engine/call.h), from and to. To bfloat16 to the nearest, ties to even; from float to int32
  // towards 0, as JavaScript's `| 0` does it: what does not fit wraps around, NaN is 0. All but 0 is true.
  void (*convert[4][4])(int64_t count, const void* from, void* to);
};

CW_DECLARE_TABLES(ConversionVectors, conversionVectors)

}  // namespace counterweight
