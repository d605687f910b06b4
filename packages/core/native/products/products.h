// Matrix products: out = start + left · right, with sums in f32 whatever the types of the operands are.
//
//     Product product;
//     product.rows = 1024, product.inner = 576, product.columns = 1536;
//     product.left = {x, Stored::float32, 576, 1};          x [1024, 576] in f32
//     product.right = {w, Stored::bfloat16, 1, 576};          the transposed of w [1536, 576] in bfloat16
//     product.out = y, product.outStride = 1536;  y [1024, 1536] in f32
//     if (!multiply(product)) …                   no memory
//
// Each sum runs over the inner dimension in one order that depends on the shapes alone, so results are the same bits for
// any number of threads.
#pragma once
#include <cstdint>

#include "stored.h"

namespace counterweight {

// A matrix that is read: strides in values, of any size, so that a transposed one is a matter of strides. What is in blocks is
// the right one: one stride is 1, the other `rowValues`, and its batch is one matrix.
struct Operand {
  const void* data = nullptr;
  Stored stored = Stored::float32;
  int64_t rowStride = 0;
  int64_t columnStride = 1;
  int64_t batchStride = 0;  // 0: one matrix for the whole batch
};

struct Product {
  int64_t rows = 0, columns = 0, inner = 0;
  Operand left;   // [rows, inner]
  Operand right;  // [inner, columns]
  void* out = nullptr;  // [rows, columns], row after row
  bool outIsBfloat16 = false;
  int64_t outStride = 0;
  int64_t outBatchStride = 0;
  bool accumulate = false;      // out += instead of out =
  const void* bias = nullptr;   // [columns], of out's type: what the sums start with when they do not accumulate
  int64_t batch = 1;
};

// False without memory for what it packs; `out` is then of no use. An operand may not overlap `out`.
bool multiply(const Product& product);

// Whether products of two bfloat16 operands may go by the processor's products of pairs, where it has them, instead of
// widening both to f32: at first they do.
void setBfloat16Pairs(bool enabled);
bool bfloat16Pairs();

}  // namespace counterweight
