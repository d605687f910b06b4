// Sums, products and extremes of stretches of values, in f32 or int32. What they come to is kept in 64 bits: a double or an
// int64, as Total holds them.
#pragma once
#include <cstdint>

#include "float-tables.h"

namespace counterweight {

union Total {
  double floating;
  int64_t whole;
};

struct Folds {
  Total start;
  Total (*row)(int64_t count, const void* values);  // of one value or more
  // totals[i] takes in the values of column i. Not more than foldedColumns at a time.
  void (*columns)(int64_t rows, int64_t columns, int64_t stride, const void* values, Total* totals);
  void (*merge)(int64_t count, const Total* from, Total* into);
};

constexpr int64_t foldedColumns = 512;

struct ReductionVectors {
  struct {
    Folds floats, integers;
  } sum, product, largest, least;
  // Results of `count` totals: divided, and rounded to f32; or the low 32 bits.
  void (*floatsOf)(int64_t count, const Total* totals, double divisor, float* out);
  void (*integersOf)(int64_t count, const Total* totals, int32_t* out);
};

CW_DECLARE_FLOAT_TABLES(ReductionVectors, reductionVectors)

}  // namespace counterweight
