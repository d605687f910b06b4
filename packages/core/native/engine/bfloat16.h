// The upper half of a float, as TensorFlow stores DT_BFLOAT16.
#pragma once
#include <cstdint>

namespace counterweight {
struct Bfloat16 {
  uint16_t bits;
};
}  // namespace counterweight
