// MatMul: products of the last two dimensions, over dimensions of a batch that are broadcast.
#include "call.h"
#include "parallel.h"
#include "products.h"
#include "shapes.h"

namespace counterweight {
namespace {

struct Matrices {
  int64_t rows, columns, size;
  Dims batch;

  Matrices(const Tensor& tensor, bool transposed) {
    const size_t rank = tensor.dims.size();
    rows = tensor.dims[rank - (transposed ? 1 : 2)];
    columns = tensor.dims[rank - (transposed ? 2 : 1)];
    size = rows * columns;
    batch.assign(tensor.dims.begin(), tensor.dims.end() - 2);
  }
};

Operand operandOf(const Tensor& tensor, const Matrices& matrices, bool transposed) {
  Operand operand;
  operand.stored = storedAs(tensor.type);
  operand.data = tensor.data;
  const int64_t stride = rowValues(operand.stored, transposed ? matrices.rows : matrices.columns);
  operand.rowStride = transposed ? 1 : stride;
  operand.columnStride = transposed ? stride : 1;
  return operand;
}

const void* offsetBy(const Operand& operand, int64_t values) {
  return static_cast<const char*>(operand.data) + bytesOf(operand.stored, values);
}

// Calls multiply(a's matrix, b's, out's) for every stretch of the batch along which each goes on, or stays, evenly.
template <typename Multiply>
void overBatch(const Broadcast& batch, const Multiply& multiply) {
  int64_t count = 1;
  const int last = batch.rank - 1;
  for (int i = 0; i < last; i++) count *= batch.dims[i];
  for (int64_t index = 0; index < count; index++) {
    int64_t rest = index, left = 0, right = 0;
    for (int i = last - 1; i >= 0; i--) {
      left += rest % batch.dims[i] * batch.strides[0][i];
      right += rest % batch.dims[i] * batch.strides[1][i];
      rest /= batch.dims[i];
    }
    multiply(left, right, index * batch.last());
  }
}

bool multiplyFloats(Product product, const Matrices& left, const Matrices& right, const Broadcast& batch) {
  const int64_t outSize = product.rows * product.columns;
  const int last = batch.rank - 1;
  product.batch = batch.last();
  product.left.batchStride = batch.strides[0][last] * left.size;
  product.right.batchStride = batch.strides[1][last] * right.size;
  product.outStride = product.columns;
  product.outBatchStride = outSize;
  bool hasMemory = true;
  overBatch(batch, [&](int64_t a, int64_t b, int64_t out) {
    Product part = product;
    part.left.data = offsetBy(product.left, a * left.size);
    part.right.data = offsetBy(product.right, b * right.size);
    part.out = static_cast<char*>(product.out) + out * outSize * (product.outIsBfloat16 ? 2 : 4);
    hasMemory = hasMemory && multiply(part);
  });
  return hasMemory;
}

// Integers wrap around. They are rare: a plain loop.
void multiplyIntegers(const Product& product, const Matrices& left, const Matrices& right, const Broadcast& batch) {
  const int last = batch.rank - 1;
  overBatch(batch, [&](int64_t a, int64_t b, int64_t out) {
    parallelRows(batch.last() * product.rows, product.inner * product.columns, [&](int64_t first, int64_t end) {
      for (int64_t i = first; i < end; i++) {
        const int64_t index = i / product.rows, row = i % product.rows;
        const auto* x = static_cast<const uint32_t*>(product.left.data) + (a + index * batch.strides[0][last]) * left.size;
        const auto* w = static_cast<const uint32_t*>(product.right.data) + (b + index * batch.strides[1][last]) * right.size;
        auto* y = static_cast<uint32_t*>(product.out) + ((out + index) * product.rows + row) * product.columns;
        for (int64_t column = 0; column < product.columns; column++) {
          uint32_t sum = 0;
          for (int64_t k = 0; k < product.inner; k++) {
            sum += x[row * product.left.rowStride + k * product.left.columnStride] *
                   w[k * product.right.rowStride + column * product.right.columnStride];
          }
          y[column] = sum;
        }
      }
    });
  });
}

// Of two bfloat16 one in bfloat16; of floats, or of both, one of floats. What is in blocks, the right one, takes the left
// one's type.
void matMul(Call& call) {
  const Tensor a = call.input(0), b = call.stored(1);
  const bool transposeA = call.attribute("transpose_a") != 0, transposeB = call.attribute("transpose_b") != 0;
  if (call.ok() && (a.dims.size() < 2 || b.dims.size() < 2)) call.fail("a matrix has two dimensions at least");
  const bool integers = a.type == Type::int32 && b.type == Type::int32;
  const auto isFloat = [](const Tensor& tensor) { return tensor.type == Type::float32 || tensor.type == Type::bfloat16; };
  const bool blocks = isInBlocks(b.type);
  if (call.ok() && blocks && b.dims.size() != 2) call.fail("what is in blocks has no batch");
  if (call.ok() && !integers && (!isFloat(a) || !(isFloat(b) || blocks))) {
    call.fail("matrices of these types cannot be multiplied");
  }
  if (!call.ok()) return;
  const Matrices left(a, transposeA), right(b, transposeB);
  if (left.columns != right.rows) return call.fail("the matrices' inner dimensions differ");
  Dims dims = broadcastShape(call, left.batch, right.batch);
  const Broadcast batch = broadcast(left.batch, right.batch, dims);
  dims.insert(dims.end(), {left.rows, right.columns});
  if (!fitsMemory(call, dims)) return;
  const bool inBfloat16 = a.type == Type::bfloat16 && (b.type == Type::bfloat16 || blocks);
  const Tensor out = call.make(dims, integers ? Type::int32 : inBfloat16 ? Type::bfloat16 : Type::float32);
  if (!call.ok() || out.size() == 0) return;
  Product product;
  product.rows = left.rows, product.inner = left.columns, product.columns = right.columns;
  product.left = operandOf(a, left, transposeA);
  product.right = operandOf(b, right, transposeB);
  product.out = out.data, product.outIsBfloat16 = inBfloat16;
  if (integers) multiplyIntegers(product, left, right, batch);
  else if (!multiplyFloats(product, left, right, batch)) call.failForMemory();
}

}  // namespace

bool registerMatMul(Registry& registry) {
  return registerOperation<matMul>(
      {"MatMul", {"transpose_a: bool", "transpose_b: bool"}, {"a", "b"}, {"y"}}, registry);
}

}  // namespace counterweight
