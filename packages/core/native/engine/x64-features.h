// What an x64 processor can do, and the system lets it. Asked of the processor itself: not every C++ runtime has something
// behind __builtin_cpu_supports.
#pragma once
#if defined(__x86_64__)
#include <cpuid.h>

namespace counterweight {

struct X64Features {
  bool avx2 = false, fma = false, avx512f = false, avx512bw = false, avx512bf16 = false, amxBf16 = false;
};

inline X64Features x64Features() {
  X64Features features;
  unsigned a, b, c, d;
  if (!__get_cpuid(1, &a, &b, &c, &d)) return features;
  constexpr unsigned hasFma = 1u << 12, savesState = 1u << 27, hasAvx = 1u << 28;
  if (!(c & savesState) || !(c & hasAvx)) return features;
  const bool fma = c & hasFma;
  unsigned saved, unused;
  asm volatile("xgetbv" : "=a"(saved), "=d"(unused) : "c"(0));
  const auto keeps = [saved](unsigned registers) { return (saved & registers) == registers; };
  if (!keeps(0x06)) return features;  // 256 bits of a register, for every thread
#if defined(__APPLE__)
  const bool keepsWide = true;  // from a thread's first use on
#else
  const bool keepsWide = keeps(0xe6);  // 512
#endif
  if (!__get_cpuid_count(7, 0, &a, &b, &c, &d)) return features;
  const unsigned subleaves = a;
  features.fma = fma;
  features.avx2 = b & (1u << 5);
  features.avx512f = keepsWide && (b & (1u << 16));
  features.avx512bw = keepsWide && (b & (1u << 30));
  constexpr unsigned hasAmx = 1u << 22 | 1u << 24;  // tiles, and products of bfloat16
  features.amxBf16 = keeps(0x60000) && (d & hasAmx) == hasAmx;
  if (subleaves >= 1 && __get_cpuid_count(7, 1, &a, &b, &c, &d)) features.avx512bf16 = keepsWide && (a & (1u << 5));
  return features;
}

}  // namespace counterweight
#endif
