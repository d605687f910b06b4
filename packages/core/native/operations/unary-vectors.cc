#if !defined(__AVX512BF16__)  // float-tables.h
#include <math.h>

#include "block-functions.h"
#include "elementwise.h"
#include "functions.h"

namespace {

using counterweight::Arithmetic;

#define FLOATS(Name, expression)                                              \
  struct Name {                                                               \
    static INLINE_BODY inline Vector of(Vector x, Vector, const float*) { return expression; } \
  };
#define VALUES(Name, vectorized, expression)                                \
  struct Name {                                                             \
    static constexpr bool isVectorized = vectorized;                        \
    static INLINE_BODY inline float of(float x, float, const float*) { return expression; } \
  };
// For floats and for integers alike.
#define BOTH(Name, floats, integers)                                                                   \
  struct Name {                                                                                        \
    static INLINE_BODY inline Vector of(Vector x, Vector, [[maybe_unused]] const float* p) { return floats; } \
    static INLINE_BODY inline Integers of(Integers x, Integers, [[maybe_unused]] const float* p) { return integers; } \
  };
#define SAYS(Name, expression)                                                  \
  struct Name {                                                                 \
    static INLINE_BODY inline Integers of(Vector x, Vector, const float*) { return (expression) & 1; } \
  };

INLINE Integers all(int32_t x) { return Integers{} + x; }

INLINE Integers negativeOf(Integers x) { return (Integers)(Words{} - (Words)x); }
INLINE Integers squareOf(Integers x) { return (Integers)((Words)x * (Words)x); }
// The parameters as integers: limits that lie beyond all of them are the outermost.
INLINE int32_t integerOf(float x) {
  return x >= 2147483648.f ? 2147483647 : (x > -2147483648.f ? (int32_t)x : -2147483647 - 1);
}

BOTH(Absolute, absoluteOf(x), x < 0 ? negativeOf(x) : x)
BOTH(Negate, -x, negativeOf(x))
BOTH(Sign, x > 0.f ? broadcast(1.f) : (x < 0.f ? broadcast(-1.f) : Vector{}), (x < 0) - (x > 0))
BOTH(Square, x * x, squareOf(x))
BOTH(Relu, x > 0.f ? x : (x != x ? x : Vector{}), x > 0 ? x : Integers{})
BOTH(Step, x > 0.f ? broadcast(1.f) : (x != x ? x : broadcast(p[0])), x > 0 ? all(1) : all(integerOf(p[0])))
// NaN apart, as WebAssembly's relaxed instructions may lose it between limits.
BOTH(Clip, x == x ? (x > p[1] ? broadcast(p[1]) : (x < p[0] ? broadcast(p[0]) : x)) : x,
     x > all(integerOf(p[1])) ? all(integerOf(p[1])) : (x < all(integerOf(p[0])) ? all(integerOf(p[0])) : x))

FLOATS(Exponential, exponentialOf(x))
FLOATS(Logarithm, logarithmOf(x))
FLOATS(Reciprocal, 1.f / x)
FLOATS(Sigmoid, sigmoidOf(x))
FLOATS(Tanh, tanhOf(x))
FLOATS(Erf, erfOf(x))
FLOATS(Floor, floorOf(x))
FLOATS(Ceiling, ceilingOf(x))
FLOATS(Round, roundOf(x))

// Those that are rare go by C's library; the roots the compiler makes vectors of.
VALUES(SquareRoot, true, __builtin_sqrtf(x))
VALUES(InverseRoot, true, 1.f / __builtin_sqrtf(x))
VALUES(Expm1, false, expm1f(x))
VALUES(Log1p, false, log1pf(x))
VALUES(Sine, false, sinf(x))
VALUES(Cosine, false, cosf(x))

SAYS(IsNan, x != x)
SAYS(IsFinite, x - x == 0.f)
SAYS(IsInfinite, (x == x) & (x - x != 0.f))

struct Not {
  static INLINE_BODY inline Integers of(Integers x, Integers, const float*) { return (x == 0) & 1; }
};

template <typename Function>
constexpr Arithmetic both = {block<Function, float>, block<Function, int32_t>};
template <typename Function>
constexpr Arithmetic floats = {block<Function, float>, nullptr};
template <typename Function>
constexpr Arithmetic values = {each<Function, float, float>, nullptr};

}  // namespace

namespace counterweight {
const UnaryVectors CW_TABLE(unaryVectors) = {
    both<Absolute>,    both<Negate>,    both<Sign>,           both<Square>,        both<Relu>,
    both<Step>,        both<Clip>,      floats<Exponential>,  values<Expm1>,       floats<Logarithm>,
    values<Log1p>,     values<SquareRoot>, values<InverseRoot>, floats<Reciprocal>, floats<Sigmoid>,
    floats<Tanh>,      floats<Erf>,     values<Sine>,         values<Cosine>,      floats<Floor>,
    floats<Ceiling>,   floats<Round>,   floats<IsNan>,        floats<IsFinite>,    floats<IsInfinite>,
    {nullptr, block<Not, int32_t>},
};
}  // namespace counterweight
#endif
