// The upper half of a float.
#pragma once
#include <cstdint>

namespace counterweight {
struct Bfloat16 {
  uint16_t bits;
};
}  // namespace counterweight
