// Tables (engine/instruction-sets.h) of arithmetic that has nothing of the processor's instructions for bfloat16: there is none
// of its own for that set, whose files are empty.
#pragma once
#include "instruction-sets.h"

#if defined(__x86_64__)
#define CW_DECLARE_FLOAT_TABLES(Type, name)                                             \
  extern const Type name##Baseline, name##Avx2, name##Avx512;                          \
  static inline const Type& name() {                                                   \
    switch (instructionSet()) {                                                        \
      case InstructionSet::bfloat16:                                                   \
      case InstructionSet::avx512: return name##Avx512;                                \
      case InstructionSet::avx2: return name##Avx2;                                    \
      default: return name##Baseline;                                                  \
    }                                                                                  \
  }
#else
#define CW_DECLARE_FLOAT_TABLES(Type, name) CW_DECLARE_TABLES(Type, name)
#endif
