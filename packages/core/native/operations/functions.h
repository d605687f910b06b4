// Functions of a vector, for elementwise operations and the softmax. Included by files that are compiled for every set.
#pragma once
#include "vectors.h"

namespace {

INLINE Vector absoluteOf(Vector x) { return (Vector)((Integers)x & 0x7fffffff); }
INLINE Vector withSignOf(Vector size, Vector sign) {
  return (Vector)(((Integers)size & 0x7fffffff) | ((Integers)sign & (int32_t)0x80000000));
}
INLINE Vector powerOfTwo(Integers exponent) { return (Vector)((exponent + 127) << 23); }

// e^x over the whole range of x, down to subnormal results: to 2 units in the last place. WebAssembly's relaxed instructions
// may lose NaN where a value is kept within limits, so it is put back.
INLINE Vector exponentialOf(Vector x) {
  const Vector below = x > 89.f ? broadcast(89.f) : x;  // e^89 is beyond the largest float
  const Vector inside = below < -104.5f ? broadcast(-104.5f) : below;  // and e^−104.5 below half the least
  const Vector rounder = broadcast(12582912.f);
  const Vector shifted = inside * 1.44269504f + rounder;
  const Vector whole = shifted - rounder;
  const Vector rest = (inside - whole * 0.693359375f) + whole * 2.12194440e-4f;  // ln 2 in two parts
  Vector series = broadcast(1.9875691500e-4f);
  series = series * rest + 1.3981999507e-3f;
  series = series * rest + 8.3334519073e-3f;
  series = series * rest + 4.1665795894e-2f;
  series = series * rest + 1.6666665459e-1f;
  series = series * rest + 5.0000001201e-1f;
  series = series * rest * rest + rest + 1.f;
  const Integers exponent = (Integers)shifted - 0x4b400000;
  const Integers half = exponent >> 1;  // two factors: one alone can be no float
  return x == x ? series * powerOfTwo(half) * powerOfTwo(exponent - half) : x;
}

INLINE Vector sigmoidOf(Vector x) {
  const Vector power = exponentialOf(-absoluteOf(x));
  return (x >= 0.f ? broadcast(1.f) : power) / (1.f + power);
}

// ln x, to 2 units in the last place; −∞ at 0, NaN below.
INLINE Vector logarithmOf(Vector x) {
  const auto isSmall = x < 1.17549435e-38f;
  const Vector normal = isSmall ? x * 33554432.f : x;  // 2²⁵
  const Integers shifted = (Integers)((Words)normal - 0x3f3504f3u);  // √½: the mantissa lies between it and √2
  const Integers exponent = (shifted >> 23) - (isSmall ? Integers{} + 25 : Integers{});
  const Vector m = (Vector)((shifted & 0x7fffff) + 0x3f3504f3) - 1.f;
  const Vector square = m * m;
  Vector series = broadcast(7.0376836292e-2f);
  series = series * m - 1.1514610310e-1f;
  series = series * m + 1.1676998740e-1f;
  series = series * m - 1.2420140846e-1f;
  series = series * m + 1.4249322787e-1f;
  series = series * m - 1.6668057665e-1f;
  series = series * m + 2.0000714765e-1f;
  series = series * m - 2.4999993993e-1f;
  series = series * m + 3.3333331174e-1f;
  const Vector power = __builtin_convertvector(exponent, Vector);
  const Vector y = series * m * square - power * 2.12194440e-4f - 0.5f * square;
  const Vector result = (m + y) + power * 0.693359375f;
  const Vector infinity = broadcast(__builtin_inff());
  const Vector outside = x == 0.f ? -infinity : (x == infinity ? infinity : broadcast(__builtin_nanf("")));
  return ((x > 0.f) & (x < infinity)) ? result : outside;
}

INLINE Vector tanhOf(Vector x) {
  const Vector size = absoluteOf(x);
  const Vector square = x * x;
  Vector series = broadcast(-5.70498872745e-3f);
  series = series * square + 2.06390887954e-2f;
  series = series * square - 5.37397155531e-2f;
  series = series * square + 1.33314422036e-1f;
  series = series * square - 3.33332819422e-1f;
  const Vector inner = series * square * x + x;  // 0 where x is −0
  const Vector outer = 1.f - 2.f / (exponentialOf(size + size) + 1.f);
  return withSignOf(size < 0.625f ? inner : outer, x);
}

// To 3 units in the last place: an odd polynomial inside, outside 1 − e^p where p is a fit to the logarithm of 1 − erf.
INLINE Vector erfOf(Vector x) {
  const Vector size = absoluteOf(x);
  const Vector square = x * x;
  Vector series = broadcast(-5.953739e-4f);
  series = series * square + 4.98594e-3f;
  series = series * square - 2.676172e-2f;
  series = series * square + 1.12816826e-1f;
  series = series * square - 3.761248e-1f;
  series = series * square + 1.2837915e-1f;
  const Vector inner = series * x + x;
  const Vector near = size > 4.f ? broadcast(4.f) : size;
  Vector power = broadcast(1.9593824e-4f);
  power = power * near - 3.0432267e-3f;
  power = power * near + 2.2226956e-2f;
  power = power * near - 1.03931665e-1f;
  power = power * near - 6.371822e-1f;
  power = power * near - 1.1276757f;
  power = power * near - 1.9566652e-4f;
  const Vector outer = withSignOf(1.f - exponentialOf(power), x);
  return size < 0.925f ? inner : (x == x ? outer : x);
}

// To the nearest whole number, ties to even.
INLINE Vector roundOf(Vector x) {
  const Vector size = absoluteOf(x);
  const Vector rounded = (size + 8388608.f) - 8388608.f;  // 2²³: beyond it all floats are whole
  return size < 8388608.f ? withSignOf(rounded, x) : x;
}
INLINE Vector floorOf(Vector x) {
  const Vector rounded = roundOf(x);
  return rounded > x ? rounded - 1.f : rounded;
}
INLINE Vector ceilingOf(Vector x) {
  const Vector rounded = roundOf(x);
  return rounded < x ? withSignOf(rounded + 1.f, x) : rounded;
}

}  // namespace
