// One matrix by one matrix, as products.cc deals it out.
#pragma once
#include <cstdint>

#include "memory.h"
#include "product-tables.h"
#include "products.h"

namespace counterweight {

struct Multiplication {
  int64_t rows, columns, inner;
  Operand left, right;
  Sums sums;
  bool parallel;  // on all threads; or else on the calling one, which may be one of them
  bool pairs;     // pairs of bfloat16 may be multiplied: the left operand is that, the right one it or in blocks
};

// Both are false without memory. The first takes any product, the second those of few rows.
bool multiplyPacked(const Multiplication& problem);
bool multiplyThin(const Multiplication& problem);
bool isThin(const Multiplication& problem);

inline int64_t roundUp(int64_t value, int64_t step) { return (value + step - 1) / step * step; }
inline int64_t partsOf(int64_t value, int64_t step) { return (value + step - 1) / step; }

inline const void* offsetBy(const void* data, bool isBfloat16, int64_t values) {
  return data ? static_cast<const char*>(data) + values * (isBfloat16 ? 2 : 4) : nullptr;
}
inline const void* offsetBy(const void* data, Stored stored, int64_t values) {
  return data ? static_cast<const char*>(data) + bytesOf(stored, values) : nullptr;
}
inline void* offsetBy(void* data, bool isBfloat16, int64_t values) {
  return const_cast<void*>(offsetBy(static_cast<const void*>(data), isBfloat16, values));
}

// Floats that are given back at the end. Null without memory.
class Floats {
 public:
  explicit Floats(int64_t count) : data_(count > 0 ? allocate(static_cast<size_t>(count) * sizeof(float)) : nullptr) {}
  Floats(const Floats&) = delete;
  Floats& operator=(const Floats&) = delete;
  ~Floats() { release(data_); }
  float* get() const { return static_cast<float*>(data_); }

 private:
  void* data_;
};

}  // namespace counterweight
