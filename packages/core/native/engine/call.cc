#include "call.h"

#include "memory.h"
#include "stored.h"

namespace counterweight {

Call::~Call() {
  if (ok()) return;
  for (const Tensor& tensor : outputs_) release(tensor.data);
}

Tensor Call::input(int index) {
  const Tensor tensor = stored(index);
  if (!isInBlocks(tensor.type)) return tensor;
  fail("it takes no matrix in blocks");
  return {};
}

Tensor Call::stored(int index) {
  if (index < inputCount()) return inputs_[static_cast<size_t>(index)];
  fail("an input is missing");
  return {};
}

void* Call::typed(int index, const Dims& dims, Type type) {
  const Tensor tensor = input(index);
  if (ok() && tensor.dims != dims) fail("the inputs' shapes do not fit each other");
  if (ok() && tensor.type != type) fail("an input is of the wrong type");
  return ok() ? tensor.data : nullptr;
}

Array Call::array(int index, const Dims& dims) {
  const Tensor tensor = input(index);
  if (!ok()) return {};
  if (tensor.type != Type::float32 && tensor.type != Type::bfloat16) fail("an input is neither float nor bfloat16");
  return {tensor.type == Type::bfloat16, typed(index, dims, tensor.type)};
}

Tensor Call::make(const Dims& dims, Type type) {
  if (!ok()) return {};
  const int64_t bytes = isInBlocks(type) ? bytesOf(storedAs(type), dims[0] * rowValues(storedAs(type), dims[1]))
                                         : sizeOf(dims) * bytesOf(type);
  Tensor tensor{allocate(static_cast<size_t>(bytes)), type, dims};
  if (tensor.data) outputs_.push_back(tensor);
  else failForMemory();
  return tensor;
}

Array Call::output(int, const Dims& dims, bool isBfloat16) {
  return {isBfloat16, make(dims, isBfloat16 ? Type::bfloat16 : Type::float32).data};
}

const std::vector<double>& Call::list(const char* name) {
  static const std::vector<double> none;
  for (size_t i = 0; i < names_.size(); i++) {
    if (names_[i] == name) return attributes_[i];
  }
  fail("an attribute that was not declared");
  return none;
}

double Call::attribute(const char* name) {
  const std::vector<double>& numbers = list(name);
  if (numbers.size() == 1) return numbers[0];
  fail("an attribute is missing");
  return 0;
}

}  // namespace counterweight
