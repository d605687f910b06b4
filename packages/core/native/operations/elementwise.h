// Operations element by element, on blocks of values in f32 or int32: types and shapes are elementwise.cc's.
#pragma once
#include <cstdint>

#include "float-tables.h"

namespace counterweight {

// out[i] = f(a[i], b[i]) for `count` values that lie side by side; `b` may be null where f takes one value. `parameters` are
// two numbers that some functions take beside. Functions that say something of values (less, isNan) write int32, 0 or 1.
using BlockFunction = void (*)(int64_t count, const void* a, const void* b, void* out, const float* parameters);

struct Arithmetic {
  BlockFunction floats;
  BlockFunction integers;  // null where integers are computed as floats
};

struct BinaryVectors {
  Arithmetic add, subtract, multiply, divide, maximum, minimum, squaredDifference, floorDivide, modulo, power;
  Arithmetic equal, notEqual, less, lessEqual, greater, greaterEqual, logicalAnd, logicalOr;
};

struct UnaryVectors {
  Arithmetic absolute, negate, sign, square, relu, step, clip;  // step: parameter 0 below 0; clip: between parameters
  Arithmetic exponential, expm1, logarithm, log1p, squareRoot, inverseRoot, reciprocal;
  Arithmetic sigmoid, tanh, erf, sine, cosine, floor, ceiling, round;
  Arithmetic isNan, isFinite, isInfinite, logicalNot;
};

CW_DECLARE_FLOAT_TABLES(BinaryVectors, binaryVectors)
CW_DECLARE_FLOAT_TABLES(UnaryVectors, unaryVectors)

}  // namespace counterweight
