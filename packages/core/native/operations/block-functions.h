// What makes functions of blocks (elementwise.h) of functions of vectors, or of single values where there is no vector's.
#pragma once
#include "vectors.h"

// Memory is what these loops wait for: unrolled they are larger, not faster.
#if defined(__clang__)
#define ONCE_A_TURN _Pragma("clang loop unroll(disable)")
#define ONE_VECTOR_A_TURN _Pragma("clang loop interleave(disable) unroll(disable)")
#define ONE_VALUE_A_TURN _Pragma("clang loop vectorize(disable) unroll(disable)")
#else
#define ONCE_A_TURN
#define ONE_VECTOR_A_TURN
#define ONE_VALUE_A_TURN
#endif

namespace {

template <typename T>
struct VectorOf {
  using Type = Vector;
};
template <>
struct VectorOf<int32_t> {
  using Type = Integers;
};

template <typename V, typename T>
INLINE V loadAs(const T* from) {
  V x;
  memcpy(&x, from, sizeof(x));
  return x;
}

// Function::of takes two vectors (and the parameters) and gives one of either kind. The values that fill no vector go through
// a buffer, in a second turn of the same loop: the function's code is there once.
template <typename Function, typename T>
void block(int64_t count, const void* a, const void* b, void* out, const float* parameters) {
  using V = typename VectorOf<T>::Type;
  T buffers[2][lanes] = {};
  char result[sizeof(V)];
  const T* left = (const T*)a;
  const T* right = b ? (const T*)b : left;
  char* to = (char*)out;
  const int64_t rest = count % lanes;
  int64_t whole = count - rest;
  for (int turn = 0; turn < 2; turn++) {
    ONCE_A_TURN
    for (int64_t i = 0; i < whole; i += lanes) {
      const auto y = Function::of(loadAs<V>(left + i), loadAs<V>(right + i), parameters);
      memcpy(to + i * sizeof(T), &y, sizeof(y));
    }
    if (rest == 0 || turn == 1) break;
    memcpy(buffers[0], left + whole, rest * sizeof(T));
    memcpy(buffers[1], right + whole, rest * sizeof(T));
    left = buffers[0], right = buffers[1], to = result, whole = lanes;
  }
  memcpy((char*)out + (count - rest) * sizeof(T), result, rest * sizeof(T));
}

// The same for functions of two single values: rare ones, or such as the compiler makes vectors of.
template <typename Function, typename From, typename To>
void each(int64_t count, const void* a, const void* b, void* out, const float* parameters) {
  const From* left = (const From*)a;
  const From* right = b ? (const From*)b : left;
  To* to = (To*)out;
  if constexpr (Function::isVectorized) {
    ONE_VECTOR_A_TURN
    for (int64_t i = 0; i < count; i++) to[i] = Function::of(left[i], right[i], parameters);
  } else {
    ONE_VALUE_A_TURN
    for (int64_t i = 0; i < count; i++) to[i] = Function::of(left[i], right[i], parameters);
  }
}

}  // namespace
