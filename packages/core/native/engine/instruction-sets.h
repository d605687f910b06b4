// A kernel's arithmetic is a table of functions in a file that is compiled once for every instruction set; the
// processor that runs it decides which table is used.
//
//     CW_DECLARE_TABLES(SwigluVectors, swigluVectors)                     in the kernel's header: swigluVectors() chooses
//     const SwigluVectors CW_TABLE(swigluVectors) = {forward, backward};  in the file that is compiled for every set
#pragma once

namespace counterweight {

// Bfloat16: AVX-512 with products of bfloat16. Amx: the same, with products of whole tiles of it (engine/squares.h).
enum class InstructionSet { baseline, avx2, avx512, bfloat16, amx };

// The widest of this processor; COUNTERWEIGHT_KERNELS=baseline, =avx2, =avx512 or =bfloat16 keeps to a narrower one, for tests.
InstructionSet instructionSet();

const char* nameOf(InstructionSet set);

}  // namespace counterweight

#define CW_JOIN_(a, b) a##b
#define CW_JOIN(a, b) CW_JOIN_(a, b)
#define CW_TABLE(name) CW_JOIN(name, CW_SET)

#if defined(__x86_64__)
#define CW_DECLARE_TABLES(Type, name)                                                                          \
  extern const Type name##Baseline, name##Avx2, name##Avx512, name##Bfloat16;                                 \
  static inline const Type& name() {                                                                          \
    switch (instructionSet()) {                                                                               \
      case InstructionSet::amx:                                                                               \
      case InstructionSet::bfloat16: return name##Bfloat16;                                                   \
      case InstructionSet::avx512: return name##Avx512;                                                       \
      case InstructionSet::avx2: return name##Avx2;                                                           \
      default: return name##Baseline;                                                                         \
    }                                                                                                         \
  }
#else
#define CW_DECLARE_TABLES(Type, name)       \
  extern const Type name##Baseline;         \
  static inline const Type& name() { return name##Baseline; }
#endif
