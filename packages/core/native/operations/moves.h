// Values that go from one place to another, whatever they are: slices, transposed, repeated, padded, joined.
#pragma once
#include <cstdint>
#include <vector>

namespace counterweight {

// Strides in values; those of the source may be 0 or negative. The places that are written lie apart from each other.
struct Move {
  std::vector<int64_t> dims, from, to;

  void add(int64_t dim, int64_t fromStride, int64_t toStride) {
    dims.push_back(dim), from.push_back(fromStride), to.push_back(toStride);
  }
};

// Both pointers are those of the first value. On all threads.
void moveValues(Move move, const void* from, void* to, int64_t bytesPerValue);

// The strides of a tensor whose values lie side by side.
std::vector<int64_t> stridesOf(const std::vector<int64_t>& dims);

}  // namespace counterweight
