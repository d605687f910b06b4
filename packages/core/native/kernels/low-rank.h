// Products with a thin side, for low-rank adapters: a library's matrix product is made for other shapes, and what goes
// around it here (columns of a joined layer, adding to the layer's own output) would be passes of their own.
// Everything is made of two products; arrays are of one type, sums are floats:
//
//     thin    out[n, c]  = base[n, c] + Σ_k left[n, k] · right[k, c]      k or c is a rank
//     outer   sum[r, c]  = Σ_n down[n, r] · x[n, c]
#pragma once
#include "array.h"

namespace counterweight {

// A matrix of floats, read by strides and multiplied with `scale` on the way into a table's own layout.
struct Panel {
  const float* values = nullptr;
  int64_t rows = 0;     // k
  int64_t columns = 0;  // c
  int64_t rowStride = 0;
  int64_t columnStride = 0;
  float scale = 1;
};

// Pointers are of the arrays' type, strides in values.
struct ThinProduct {
  bool isBfloat16 = false;
  bool inSquares = false;        // low-rank-squares.h
  const void* left = nullptr;
  int64_t leftStride = 0;
  const float* right = nullptr;  // as `pack` laid it out
  int64_t inner = 0;             // k
  int64_t columns = 0;           // c
  const void* base = nullptr;    // null for 0
  void* out = nullptr;
  int64_t outStride = 0;         // the base's too
};

struct OuterProduct {
  bool isBfloat16 = false;
  bool inSquares = false;
  const void* x = nullptr;
  int64_t xStride = 0;
  int64_t rows = 0;              // n
  const float* down = nullptr;   // as `packDown` laid it out
  int64_t ranks = 0;
  float scale = 1;
  float* sum = nullptr;
  int64_t rankStride = 0;        // of `sum`
  int64_t columnStride = 0;
};

struct LowRankVectors {
  bool hasSquares;  // where the instruction set is that (instruction-sets.h)
  // In floats.
  int64_t (*packedSize)(int64_t rows, int64_t columns, bool isBfloat16);
  void (*pack)(const Panel&, bool isBfloat16, float* packed);
  // Of one thread, in floats.
  int64_t (*thinScratch)(int64_t inner);
  void (*thin)(const ThinProduct&, int64_t from, int64_t to, float* scratch);
  // Of what `packDown` makes, in floats, which are 0 before.
  int64_t (*downSize)(int64_t rows, int64_t ranks, bool isBfloat16);
  // Ranks [offset, offset + ranks) of down [rows, stride].
  void (*packDown)(const void* down, int64_t stride, int64_t rows, int64_t ranks, bool isBfloat16, float* packed);
  int64_t columnBlock;
  int64_t (*outerScratch)(int64_t ranks);
  // Columns [from, to), at most a block of them.
  void (*outer)(const OuterProduct&, int64_t from, int64_t to, float* scratch);
};

CW_DECLARE_TABLES(LowRankVectors, lowRankVectors)

}  // namespace counterweight
