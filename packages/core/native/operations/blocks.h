// Tensors read and written in blocks of values of the type that arithmetic is done in.
#pragma once
#include "call.h"
#include "shapes.h"

namespace counterweight {

// So few that three of them lie in the first cache.
constexpr int64_t blockLength = 1024;

struct alignas(64) BlockBuffer {
  char bytes[blockLength * 4];
};

inline char* valueAt(const Tensor& tensor, int64_t index) {
  return static_cast<char*>(tensor.data) + index * bytesOf(tensor.type);
}

// `count` values of a tensor from `from` on, as `type`: where they lie, or in the buffer.
const void* readBlock(const Tensor& tensor, Type type, int64_t from, int64_t count, BlockBuffer& buffer);

// One of two tensors that are broadcast over a common shape, along which `from` counts.
class BroadcastReader {
 public:
  BroadcastReader(const Tensor& tensor, const Broadcast& common, int side, Type type);
  // The block's values, which stay until the next call.
  const void* read(int64_t from, int64_t count);

 private:
  const void* rawValues(int64_t from, int64_t count);

  const Tensor& tensor_;
  const Broadcast& common_;
  const int64_t* strides_;
  Type type_;
  bool isWhole_;  // its values lie as the result's
  bool isOne_;    // it is one value, in the buffer
  BlockBuffer raw_, converted_;
};

// A block of a result: values of `type` are written to `at`, and `finish` brings them to the tensor.
class BlockWriter {
 public:
  BlockWriter(const Tensor& tensor, Type type) : tensor_(tensor), type_(type) {}
  void* at(int64_t from) { return tensor_.type == type_ ? valueAt(tensor_, from) : buffer_.bytes; }
  void finish(int64_t from, int64_t count);

 private:
  const Tensor& tensor_;
  Type type_;
  BlockBuffer buffer_;
};

}  // namespace counterweight
