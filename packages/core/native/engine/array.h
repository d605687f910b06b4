// What the two halves of a kernel share: its call, and the arithmetic for every instruction set.
#pragma once
#include <cstdint>

#include "bfloat16.h"
#include "instruction-sets.h"

namespace counterweight {

// Values of one of the two types that kernels compute on.
struct Array {
  bool isBfloat16 = false;
  void* data = nullptr;
};

}  // namespace counterweight
