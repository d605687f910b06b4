// Vectors for kernels that are compiled once for every instruction set. Nothing in here may be visible to the linker,
// and it includes no C++ library: the linker keeps one copy of a shared inline function, perhaps the one that an older
// processor cannot run.
#pragma once
#include <stdint.h>
#include <string.h>
#if defined(__AVX512F__)
#include <immintrin.h>
#endif

#include "bfloat16.h"

namespace {

using counterweight::Bfloat16;

#if defined(__AVX512F__)
constexpr int lanes = 16;
#elif defined(__AVX__)
constexpr int lanes = 8;
#else
constexpr int lanes = 4;
#endif

typedef float Vector __attribute__((vector_size(lanes * 4)));
typedef int32_t Integers __attribute__((vector_size(lanes * 4)));
typedef uint32_t Words __attribute__((vector_size(lanes * 4)));
typedef uint16_t Halves __attribute__((vector_size(lanes * 2)));
#define INLINE static inline __attribute__((always_inline))
#define INLINE_BODY __attribute__((always_inline))

INLINE Vector broadcast(float x) { return Vector{} + x; }

INLINE Vector load(const float* from) {
  Vector x;
  memcpy(&x, from, sizeof(x));
  return x;
}

INLINE Vector load(const Bfloat16* from) {
  Halves bits;
  memcpy(&bits, from, sizeof(bits));
  return (Vector)(__builtin_convertvector(bits, Words) << 16);
}

INLINE float valueOf(float x) { return x; }
INLINE float valueOf(Bfloat16 x) {
  const uint32_t bits = (uint32_t)x.bits << 16;
  float value;
  memcpy(&value, &bits, sizeof(value));
  return value;
}

INLINE void store(float* to, Vector x) { memcpy(to, &x, sizeof(x)); }

// Rounds to the nearest, ties to even; NaN stays NaN.
INLINE Halves halvesOf(Vector x) {
#if defined(__AVX512BF16__)
  return (Halves)_mm512_cvtneps_pbh((__m512)x);
#else
  const Words bits = (Words)x;
  const Words rounded = (bits + 0x7fff + ((bits >> 16) & 1)) >> 16;
  return __builtin_convertvector(x == x ? rounded : (bits >> 16) | 0x40, Halves);
#endif
}

INLINE void store(Bfloat16* to, Vector x) {
  const Halves halves = halvesOf(x);
  memcpy(to, &halves, sizeof(halves));
}

// The first `count` values, and 0 in the other lanes.
template <typename T>
INLINE Vector loadFirst(const T* from, int64_t count) {
  T buffer[lanes] = {};
  for (int64_t i = 0; i < count; i++) buffer[i] = from[i];
  return load(buffer);
}

template <typename T>
INLINE void storeFirst(T* to, Vector x, int64_t count) {
  T buffer[lanes];
  store(buffer, x);
  for (int64_t i = 0; i < count; i++) to[i] = buffer[i];
}

#if defined(__AVX512F__)
INLINE __mmask16 firstLanes(int64_t count) { return (__mmask16)((1u << count) - 1); }

INLINE Vector loadFirst(const float* from, int64_t count) {
  return (Vector)_mm512_maskz_loadu_ps(firstLanes(count), from);
}

INLINE void storeFirst(float* to, Vector x, int64_t count) {
  _mm512_mask_storeu_ps(to, firstLanes(count), (__m512)x);
}
#endif

#if defined(__AVX512BW__)
INLINE Vector loadFirst(const Bfloat16* from, int64_t count) {
  const __m512i bits = _mm512_maskz_loadu_epi16(firstLanes(count), from);
  return (Vector)_mm512_slli_epi32(_mm512_cvtepu16_epi32(_mm512_castsi512_si256(bits)), 16);
}

INLINE void storeFirst(Bfloat16* to, Vector x, int64_t count) {
  _mm512_mask_storeu_epi16(to, firstLanes(count), _mm512_castsi256_si512((__m256i)halvesOf(x)));
}
#endif

// body(i, load, store) over a row of `size` values, a vector at a time; the last one may be shorter.
template <typename Body>
INLINE void forVectors(int64_t size, Body body) {
  int64_t i = 0;
  for (; i + lanes <= size; i += lanes) {
    body([i](const auto* from) INLINE_BODY { return load(from + i); },
         [i](auto* to, Vector x) INLINE_BODY { store(to + i, x); });
  }
  if (i == size) return;
  const int64_t rest = size - i;
  body([i, rest](const auto* from) INLINE_BODY { return loadFirst(from + i, rest); },
       [i, rest](auto* to, Vector x) INLINE_BODY { storeFirst(to + i, x, rest); });
}

INLINE float sumOf(Vector x) {
  float sum = 0;
  for (int lane = 0; lane < lanes; lane++) sum += x[lane];
  return sum;
}

INLINE float largestOf(Vector x) {
  float largest = x[0];
  for (int lane = 1; lane < lanes; lane++) largest = x[lane] > largest ? x[lane] : largest;
  return largest;
}

// e^x, to 2 units in the last place; 0 where x < −87 (so that −∞ gives 0), NaN stays NaN. Not meant for x > 88.
INLINE Vector exponential(Vector x) {
  const Vector rounder = broadcast(12582912.f);  // 1.5 · 2²³: adding it leaves the nearest integer in the low bits
  const Vector shifted = x * 1.44269504f + rounder;
  const Vector whole = shifted - rounder;
  const Vector rest = (x - whole * 0.693359375f) + whole * 2.12194440e-4f;  // ln 2 in two parts
  Vector series = broadcast(1.9875691500e-4f);
  series = series * rest + 1.3981999507e-3f;
  series = series * rest + 8.3334519073e-3f;
  series = series * rest + 4.1665795894e-2f;
  series = series * rest + 1.6666665459e-1f;
  series = series * rest + 5.0000001201e-1f;
  series = series * rest * rest + rest + 1.f;
  const Vector power = (Vector)(((Integers)shifted + 127) << 23);
  return x < broadcast(-87.f) ? Vector{} : series * power;
}

INLINE int64_t smaller(int64_t a, int64_t b) { return a < b ? a : b; }

}  // namespace
