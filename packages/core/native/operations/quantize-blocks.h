// One block of values to and from how it is stored (engine/stored.h).
#pragma once
#include <cstdint>

#include "stored.h"

namespace counterweight {

// Of 32 values the first `count`; the rest are zeros, and do not decide the scale.
void quantizeBlock(Stored stored, const float* values, int64_t count, void* block);
void dequantizeBlock(Stored stored, const void* block, float* values);

}  // namespace counterweight
