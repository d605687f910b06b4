#include "instruction-sets.h"

#include <cstdlib>
#include <string>

#include "x64-features.h"

namespace counterweight {
namespace {

InstructionSet choose() {
#if defined(__x86_64__)
  const char* variable = std::getenv("COUNTERWEIGHT_KERNELS");
  const std::string limit = variable ? variable : "";
  const X64Features has = x64Features();
  if (limit == "baseline") return InstructionSet::baseline;
  if (limit != "avx2" && has.avx512f) {
    const bool products = has.avx512bf16 && has.avx512bw;
    return products && limit != "avx512" ? InstructionSet::bfloat16 : InstructionSet::avx512;
  }
  if (has.avx2 && has.fma) return InstructionSet::avx2;
#endif
  return InstructionSet::baseline;
}

}  // namespace

InstructionSet instructionSet() {
  static const InstructionSet chosen = choose();
  return chosen;
}

const char* nameOf(InstructionSet set) {
  switch (set) {
    case InstructionSet::bfloat16: return "bfloat16";
    case InstructionSet::avx512: return "avx512";
    case InstructionSet::avx2: return "avx2";
    default: return "baseline";
  }
}

}  // namespace counterweight
