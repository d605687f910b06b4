#if !defined(__AVX512BF16__)  // float-tables.h
#include <math.h>

#include "block-functions.h"
#include "elementwise.h"

namespace {

using counterweight::Arithmetic;

#define OF static INLINE_BODY inline

INLINE Integers signedOf(Words x) { return (Integers)x; }

// Integers wrap around.
struct Add {
  OF Vector of(Vector a, Vector b, const float*) { return a + b; }
  OF Integers of(Integers a, Integers b, const float*) { return signedOf((Words)a + (Words)b); }
};
struct Subtract {
  OF Vector of(Vector a, Vector b, const float*) { return a - b; }
  OF Integers of(Integers a, Integers b, const float*) { return signedOf((Words)a - (Words)b); }
};
struct Multiply {
  OF Vector of(Vector a, Vector b, const float*) { return a * b; }
  OF Integers of(Integers a, Integers b, const float*) { return signedOf((Words)a * (Words)b); }
};
struct SquaredDifference {
  OF Vector of(Vector a, Vector b, const float*) { return (a - b) * (a - b); }
  OF Integers of(Integers a, Integers b, const float*) {
    const Words difference = (Words)a - (Words)b;
    return signedOf(difference * difference);
  }
};

// NaN where either is; 0 is larger than −0.
struct Maximum {
  OF Vector of(Vector a, Vector b, const float*) {
    const Vector same = a == b ? (Vector)((Integers)a & (Integers)b) : a + b;
    return a > b ? a : (a < b ? b : same);
  }
  OF Integers of(Integers a, Integers b, const float*) { return a > b ? a : b; }
};
struct Minimum {
  OF Vector of(Vector a, Vector b, const float*) {
    const Vector same = a == b ? (Vector)((Integers)a | (Integers)b) : a + b;
    return a < b ? a : (a > b ? b : same);
  }
  OF Integers of(Integers a, Integers b, const float*) { return a < b ? a : b; }
};

// A quotient of integers is cut off towards 0, and 0 where the divisor is.
struct Divide {
  static constexpr bool isVectorized = false;
  OF Vector of(Vector a, Vector b, const float*) { return a / b; }
  OF int32_t of(int32_t a, int32_t b, const float*) { return b == 0 ? 0 : (int32_t)((int64_t)a / b); }
};

// As int32; what does not fit wraps around, and is 0 where it is no number.
INLINE int32_t wrapped(double x) {
  if (x > -2147483649. && x < 2147483648.) return (int32_t)x;
  if (!(x - x == 0)) return 0;
  const double rest = fmod(trunc(x), 4294967296.);
  return (int32_t)(uint32_t)(int64_t)rest;
}

struct FloorDivide {
  static constexpr bool isVectorized = false;
  OF int32_t of(float a, float b, const float*) { return wrapped(floor((double)a / (double)b)); }
  OF int32_t of(int32_t a, int32_t b, const float*) {
    if (b == 0) return 0;
    const int64_t quotient = (int64_t)a / b;
    return (int32_t)(quotient - (quotient * b != a && (a < 0) != (b < 0)));
  }
};

// Of the divisor's sign.
struct Modulo {
  static constexpr bool isVectorized = false;
  OF float of(float a, float b, const float*) {
    const double rest = fmod((double)a, (double)b);
    if ((a < 0 && b < 0) || (a >= 0 && b >= 0)) return (float)rest;
    return (float)fmod(rest + b, (double)b);
  }
  OF int32_t of(int32_t a, int32_t b, const float*) {
    if (b == 0) return 0;
    const int64_t rest = (int64_t)a % b;
    return (int32_t)((a < 0) == (b < 0) ? rest : (rest + b) % b);
  }
};

// As JavaScript has it, which differs from C in ±1 to the infinite or to NaN.
struct Power {
  static constexpr bool isVectorized = false;
  OF float of(float a, float b, const float*) {
    if (b != b || (b - b != 0 && (a == 1 || a == -1))) return b - b;
    return powf(a, b);
  }
  OF int32_t of(int32_t a, int32_t b, const float*) {
    if (b < 0) return a == 1 ? 1 : (a == -1 ? (b & 1 ? -1 : 1) : 0);
    uint32_t result = 1;
    for (uint32_t base = (uint32_t)a; b > 0; b >>= 1, base *= base) result *= b & 1 ? base : 1;
    return (int32_t)result;
  }
};

#define COMPARE(Name, operation)                                                     \
  struct Name {                                                                      \
    OF Integers of(Vector a, Vector b, const float*) { return (a operation b) & 1; } \
    OF Integers of(Integers a, Integers b, const float*) { return (a operation b) & 1; } \
  };
COMPARE(Equal, ==)
COMPARE(NotEqual, !=)
COMPARE(Less, <)
COMPARE(LessEqual, <=)
COMPARE(Greater, >)
COMPARE(GreaterEqual, >=)

// Of 0 and 1.
struct And {
  OF Integers of(Integers a, Integers b, const float*) { return a & b; }
};
struct Or {
  OF Integers of(Integers a, Integers b, const float*) { return a | b; }
};

template <typename Function>
constexpr Arithmetic both = {block<Function, float>, block<Function, int32_t>};

}  // namespace

namespace counterweight {
const BinaryVectors CW_TABLE(binaryVectors) = {
    both<Add>,
    both<Subtract>,
    both<Multiply>,
    {block<Divide, float>, each<Divide, int32_t, int32_t>},
    both<Maximum>,
    both<Minimum>,
    both<SquaredDifference>,
    {each<FloorDivide, float, int32_t>, each<FloorDivide, int32_t, int32_t>},
    {each<Modulo, float, float>, each<Modulo, int32_t, int32_t>},
    {each<Power, float, float>, each<Power, int32_t, int32_t>},
    both<Equal>,
    both<NotEqual>,
    both<Less>,
    both<LessEqual>,
    both<Greater>,
    both<GreaterEqual>,
    {nullptr, block<And, int32_t>},
    {nullptr, block<Or, int32_t>},
};
}  // namespace counterweight
#endif
