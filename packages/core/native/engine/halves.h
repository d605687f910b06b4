// IEEE halves (binary16), as scales of blocks are stored. Compiled for every instruction set: see vectors.h.
#pragma once
#include <stdint.h>
#include <string.h>

namespace counterweight {

// Exact, subnormal ones too; not for infinities. A half's bits, moved to a float's place, are 2¹¹² times too small.
static inline float floatOfHalf(uint16_t half) {
  const uint32_t bits = (static_cast<uint32_t>(half & 0x8000) << 16) | (static_cast<uint32_t>(half & 0x7fff) << 13);
  float value;
  memcpy(&value, &bits, sizeof(value));
  return value * 5192296858534827628530496329220096.f;
}

// The nearest, ties to even. Not for what is beyond 65504.
static inline uint16_t halfOf(float value) {
  uint32_t bits;
  memcpy(&bits, &value, sizeof(bits));
  const uint32_t sign = bits >> 16 & 0x8000;
  const int32_t exponent = static_cast<int32_t>(bits >> 23 & 0xff) - 112;
  if (exponent < -10) return static_cast<uint16_t>(sign);
  const uint32_t fraction = (bits & 0x7fffff) | 0x800000;
  // A subnormal half has its point in one place.
  const int shift = exponent > 0 ? 13 : 14 - exponent;
  const uint32_t kept = fraction >> shift, rest = fraction & ((uint32_t{1} << shift) - 1), middle = uint32_t{1} << (shift - 1);
  const uint32_t rounded = kept + (rest > middle || (rest == middle && (kept & 1)) ? 1 : 0);
  // The leading bit counts as one in the exponent.
  return static_cast<uint16_t>(sign | (exponent > 0 ? (static_cast<uint32_t>(exponent - 1) << 10) + rounded : rounded));
}

}  // namespace counterweight
