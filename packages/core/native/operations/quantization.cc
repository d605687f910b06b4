// Matrices in blocks (engine/stored.h), made and read row by row: CwQuantized, CwQuantizeRows, CwDequantizeRows.
#include <algorithm>
#include <cstring>

#include "call.h"
#include "parallel.h"
#include "quantize-blocks.h"
#include "shapes.h"

namespace counterweight {
namespace {

char* rowOf(const Tensor& matrix, int64_t row) {
  const Stored stored = storedAs(matrix.type);
  return matrix.values<char>() + bytesOf(stored, row * rowValues(stored, matrix.dims[1]));
}

Tensor blocksFrom(Call& call, int index) {
  const Tensor matrix = call.stored(index);
  if (call.ok() && (!isInBlocks(matrix.type) || matrix.dims.size() != 2)) call.fail("the matrix is not in blocks");
  return matrix;
}

// A matrix whose bytes are all 0, which is for every type values of 0.
void quantized(Call& call) {
  const Dims dims = shapeFrom(call, call.list("shape"));
  const Type type = static_cast<Type>(static_cast<int>(call.attribute("type")));
  if (call.ok() && (dims.size() != 2 || !isInBlocks(type) || type > Type::q4_1)) call.fail("there are no such blocks");
  if (call.ok() && !fitsMemory(call, dims)) return;
  const Tensor out = call.make(dims, type);
  if (!call.ok()) return;
  const int64_t bytes = bytesOf(storedAs(type), dims[0] * rowValues(storedAs(type), dims[1]));
  std::memset(out.data, 0, static_cast<size_t>(bytes));
}

// Puts values [n, columns] in place of the matrix's rows from `row` on.
void quantizeRows(Call& call) {
  const Tensor matrix = blocksFrom(call, 0), values = call.input(1);
  const double first = call.attribute("row");
  if (call.ok() && (values.type != Type::float32 || values.dims.size() != 2 || values.dims[1] != matrix.dims[1])) {
    call.fail("the values are no rows of the matrix");
  }
  if (call.ok() && !(first >= 0 && first + static_cast<double>(values.dims[0]) <= static_cast<double>(matrix.dims[0]))) {
    call.fail("the rows lie outside of the matrix");
  }
  if (!call.ok()) return;
  const int64_t columns = matrix.dims[1], row = static_cast<int64_t>(first);
  const Stored stored = storedAs(matrix.type);
  parallelRows(values.dims[0], columns * 16, [&](int64_t from, int64_t to) {
    for (int64_t i = from; i < to; i++) {
      const float* own = values.values<float>() + i * columns;
      char* blocks = rowOf(matrix, row + i);
      for (int64_t column = 0; column < columns; column += blockValues) {
        float block[blockValues] = {};
        const int64_t count = std::min(blockValues, columns - column);
        std::copy(own + column, own + column + count, block);
        quantizeBlock(stored, block, count, blocks + bytesOf(stored, column));
      }
    }
  });
}

// Rows by their numbers [n], of them `columns` from `column` on, as floats.
void dequantizeRows(Call& call) {
  const Tensor matrix = blocksFrom(call, 0), numbers = call.input(1);
  const double first = call.attribute("column"), width = call.attribute("columns");
  if (call.ok() && (numbers.type != Type::int32 || numbers.dims.size() != 1)) call.fail("rows are numbered by one row of int32");
  if (call.ok() && !(first >= 0 && width >= 0 && first + width <= static_cast<double>(matrix.dims[1]))) {
    call.fail("the columns lie outside of the matrix");
  }
  if (!call.ok()) return;
  for (int64_t i = 0; i < numbers.dims[0]; i++) {
    const int64_t row = numbers.values<int32_t>()[i];
    if (row < 0 || row >= matrix.dims[0]) return call.fail("a row lies outside of the matrix");
  }
  const int64_t column = static_cast<int64_t>(first), columns = static_cast<int64_t>(width);
  const Dims dims = {numbers.dims[0], columns};
  if (!fitsMemory(call, dims)) return;
  const Tensor out = call.make(dims, Type::float32);
  if (!call.ok() || out.size() == 0) return;
  const Stored stored = storedAs(matrix.type);
  const int64_t start = column / blockValues * blockValues;
  parallelRows(dims[0], columns, [&](int64_t from, int64_t to) {
    for (int64_t i = from; i < to; i++) {
      const char* blocks = rowOf(matrix, numbers.values<int32_t>()[i]);
      float* own = out.values<float>() + i * columns;
      for (int64_t at = start; at < column + columns; at += blockValues) {
        float block[blockValues];
        dequantizeBlock(stored, blocks + bytesOf(stored, at), block);
        const int64_t begin = std::max(at, column), end = std::min(at + blockValues, column + columns);
        std::copy(block + (begin - at), block + (end - at), own + (begin - column));
      }
    }
  });
}

}  // namespace

bool registerQuantization(Registry& registry) {
  return registerOperation<quantized>({"CwQuantized", {"shape: list", "type: int"}, {}, {"matrix"}}, registry) &&
         registerOperation<quantizeRows>({"CwQuantizeRows", {"row: int"}, {"matrix", "values: float"}, {}}, registry) &&
         registerOperation<dequantizeRows>(
             {"CwDequantizeRows", {"column: int", "columns: int"}, {"matrix", "rows: int"}, {"values: float"}}, registry);
}

}  // namespace counterweight
