#include "instruction-sets.h"

#include <cstdlib>
#include <string>

#include "x64-features.h"
#if defined(__x86_64__) && defined(__linux__)
#include <sys/syscall.h>
#include <unistd.h>
#endif

namespace counterweight {
namespace {

#if defined(__x86_64__)
// The registers of AMX are 8 KiB a thread: Linux keeps them for a process that has asked.
bool mayUseTiles() {
#if defined(__linux__)
  constexpr long askPermission = 0x1023, tileData = 18;
  return syscall(SYS_arch_prctl, askPermission, tileData) == 0;
#else
  return false;
#endif
}
#endif

InstructionSet choose() {
#if defined(__x86_64__)
  const char* variable = std::getenv("COUNTERWEIGHT_KERNELS");
  const std::string limit = variable ? variable : "";
  const X64Features has = x64Features();
  if (limit == "baseline") return InstructionSet::baseline;
  if (limit != "avx2" && has.avx512f) {
    if (!has.avx512bf16 || !has.avx512bw || limit == "avx512") return InstructionSet::avx512;
    return has.amxBf16 && limit != "bfloat16" && mayUseTiles() ? InstructionSet::amx : InstructionSet::bfloat16;
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
    case InstructionSet::amx: return "amx";
    case InstructionSet::bfloat16: return "bfloat16";
    case InstructionSet::avx512: return "avx512";
    case InstructionSet::avx2: return "avx2";
    default: return "baseline";
  }
}

}  // namespace counterweight
