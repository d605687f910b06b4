// Memory that a thread keeps between products.
#pragma once
#include <cstdint>
#include <cstdlib>

namespace counterweight {

class ProductBuffer {
 public:
  ProductBuffer() = default;
  ProductBuffer(const ProductBuffer&) = delete;
  ProductBuffer& operator=(const ProductBuffer&) = delete;
  ~ProductBuffer() { std::free(memory_); }

  // Aligned to 64 bytes, valid until the next call; null without memory.
  float* take(int64_t floats) {
    if (floats > floats_ || !memory_) {
      std::free(memory_);
      memory_ = std::malloc(static_cast<size_t>(floats) * sizeof(float) + 64);
      floats_ = memory_ ? floats : 0;
    }
    const uintptr_t address = reinterpret_cast<uintptr_t>(memory_);
    return memory_ ? reinterpret_cast<float*>((address + 63) / 64 * 64) : nullptr;
  }

 private:
  void* memory_ = nullptr;
  int64_t floats_ = 0;
};

struct ProductBuffers {
  ProductBuffer left, right, sums;
};

}  // namespace counterweight
