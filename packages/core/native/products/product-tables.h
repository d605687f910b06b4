// What the two halves of matrix products share: products.cc, and the arithmetic for every instruction set.
//
// The arithmetic multiplies words: a float, or where the processor multiplies them, two bfloat16 that are next to each
// other along the inner dimension. An operand is packed into panels as wide as a vector, [panel][word][lane], its lanes
// being rows of the left operand and columns of the right one; lanes and words beyond its end are zeros.
#pragma once
#include "array.h"
#include "stored.h"

namespace counterweight {

// An operand as packing sees it.
struct Side {
  const void* data;
  Stored stored;
  int64_t first;  // value, of a lane that begins a vector of its block
  int64_t laneStride, innerStride;
  int64_t count;  // of lanes
  int64_t inner;  // values
  bool pairs;
};

// Where sums start and end. Without `start` they start at 0.
struct Sums {
  const void* start;
  bool startIsBfloat16;
  int64_t startRowStride, startColumnStride;
  void* out;
  bool outIsBfloat16;
  int64_t outRowStride, outColumnStride;
};

// How an operand of `tile` lies: in panels; in squares (product-squares.h), the left one; or in rows of words as they lie.
enum class Packed { panels, squares, rows };

struct PackedProduct {
  int64_t rows, columns, words;
  const void* left;
  Packed leftIs;
  int64_t leftStride;  // in bytes, where they are rows
  const float* right;  // panels, from `rightColumn` on
  int64_t rightColumn;
  bool pairs;
  Sums sums;  // column strides of 1
};

// A product of few rows, which reads its right operand as it lies.
struct ThinProduct {
  int64_t rows, columns, inner;
  const float* left;   // [rows][leftStride]: words, filled up with zeros to whole vectors; beside blocks also to thinRows
  int64_t leftStride;  // in words
  const void* right;
  Stored stored;  // of the right operand
  int64_t rightStride;  // between columns for dots, between rows for additions
  bool pairs;
  Sums sums;
};

struct ProductTables {
  bool hasPairs;
  bool hasSquares;        // where the instruction set is that (instruction-sets.h)
  int64_t lanes;
  int64_t rowStep;     // rows whose sums are in registers at once
  int64_t columnStep;  // a tile's columns are whole multiples of this, except at the end
  int64_t thinRows;    // the most rows of a thin product
  void (*pack)(const Side& side, int64_t fromPanel, int64_t toPanel, float* panels);
  void (*packSquares)(const Side& side, int64_t fromPanel, int64_t toPanel, float* squares);
  void (*tile)(const PackedProduct& product, int64_t fromRow, int64_t toRow, int64_t fromColumn, int64_t toColumn);
  // The right operand's inner dimension is contiguous: sums of products of vectors.
  void (*dots)(const ThinProduct& product, int64_t fromColumn, int64_t toColumn);
  // The right operand's columns are contiguous: rows are added up, in `scratch` of thinRows · (columns + lanes) floats.
  void (*additions)(const ThinProduct& product, int64_t fromColumn, int64_t toColumn, float* scratch);
};

CW_DECLARE_TABLES(ProductTables, productTables)

}  // namespace counterweight
