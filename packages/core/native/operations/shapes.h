// Shapes as operations need them: checked, broadcast, collapsed.
#pragma once
#include "call.h"

namespace counterweight {

// More dimensions no operation here takes; collapsed ones are fewer.
constexpr int mostDimensions = 8;

// A shape from an attribute's numbers. Fails, with a sentence, where they make no shape that memory could hold.
Dims shapeFrom(Call& call, const std::vector<double>& numbers);
bool fitsMemory(Call& call, const Dims& dims);

// An axis from an attribute, counted from the end where it is negative. Fails where there is no such axis.
int64_t axisFrom(Call& call, double number, size_t rank);
// A flag for every dimension: those that the attribute names.
std::vector<bool> axesFrom(Call& call, const std::vector<double>& numbers, size_t rank);

// [outer, dim, inner] around an axis.
struct AroundAxis {
  int64_t outer = 1, size = 1, inner = 1;
};
AroundAxis around(const Dims& dims, size_t axis);

// The common shape of two tensors. Fails where there is none.
Dims broadcastShape(Call& call, const Dims& a, const Dims& b);

// Two tensors over their common shape: as few dimensions as can be, strides in values, 0 where a tensor is repeated.
struct Broadcast {
  int rank = 1;  // at least 1
  int64_t dims[mostDimensions];
  int64_t strides[2][mostDimensions];
  int64_t last() const { return dims[rank - 1]; }
};
Broadcast broadcast(const Dims& a, const Dims& b, const Dims& common);

}  // namespace counterweight
