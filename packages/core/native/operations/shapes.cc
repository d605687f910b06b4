#include "shapes.h"

#include <algorithm>
#include <cmath>

namespace counterweight {
namespace {

constexpr int64_t mostValues = int64_t{1} << 46;

// Strides of a tensor over a shape that it is broadcast to.
std::vector<int64_t> stridesOver(const Dims& dims, const Dims& common) {
  std::vector<int64_t> strides(common.size(), 0);
  const size_t ahead = common.size() - dims.size();
  int64_t stride = 1;
  for (size_t i = dims.size(); i-- > 0;) {
    if (dims[i] != 1) strides[ahead + i] = stride;
    stride *= dims[i];
  }
  return strides;
}

}  // namespace

bool fitsMemory(Call& call, const Dims& dims) {
  int64_t values = 1;
  for (const int64_t dim : dims) {
    if (dim > 0 && values > mostValues / dim) call.fail("the result would be larger than any memory");
    if (!call.ok()) return false;
    values *= std::max<int64_t>(dim, 1);
  }
  return call.ok();
}

Dims shapeFrom(Call& call, const std::vector<double>& numbers) {
  Dims dims;
  for (const double number : numbers) {
    if (!(number >= 0 && number <= 9007199254740992. && number == std::floor(number))) {
      call.fail("a shape is made of whole numbers, 0 or more");
      return {};
    }
    dims.push_back(static_cast<int64_t>(number));
  }
  return fitsMemory(call, dims) ? dims : Dims{};
}

int64_t axisFrom(Call& call, double number, size_t rank) {
  const double size = static_cast<double>(rank);
  if (number >= -size && number < size && number == std::floor(number)) {
    return static_cast<int64_t>(number < 0 ? number + size : number);
  }
  call.fail("the tensor has no such axis");
  return 0;
}

std::vector<bool> axesFrom(Call& call, const std::vector<double>& numbers, size_t rank) {
  std::vector<bool> named(rank, false);
  for (const double number : numbers) {
    const int64_t axis = axisFrom(call, number, rank);
    if (!call.ok()) return named;
    named[static_cast<size_t>(axis)] = true;
  }
  return named;
}

AroundAxis around(const Dims& dims, size_t axis) {
  AroundAxis parts;
  for (size_t i = 0; i < dims.size(); i++) (i < axis ? parts.outer : i == axis ? parts.size : parts.inner) *= dims[i];
  return parts;
}

Dims broadcastShape(Call& call, const Dims& a, const Dims& b) {
  const size_t rank = std::max(a.size(), b.size());
  if (rank > mostDimensions) call.fail("a tensor has more than eight dimensions");
  Dims common(rank);
  for (size_t i = 0; i < rank; i++) {
    const int64_t left = i < rank - a.size() ? 1 : a[i - (rank - a.size())];
    const int64_t right = i < rank - b.size() ? 1 : b[i - (rank - b.size())];
    if (left != right && left != 1 && right != 1) call.fail("the shapes do not fit each other, even broadcast");
    common[i] = left == 1 ? right : left;
  }
  fitsMemory(call, common);
  return common;
}

Broadcast broadcast(const Dims& a, const Dims& b, const Dims& common) {
  const std::vector<int64_t> strides[2] = {stridesOver(a, common), stridesOver(b, common)};
  Broadcast result;
  result.rank = 0;
  for (size_t i = 0; i < common.size(); i++) {
    if (common[i] == 1) continue;
    const int last = result.rank - 1;
    const auto continues = [&](int side) { return result.strides[side][last] == strides[side][i] * common[i]; };
    const bool joins = last >= 0 && continues(0) && continues(1);
    const int place = joins ? last : result.rank++;
    result.dims[place] = joins ? result.dims[place] * common[i] : common[i];
    for (int side = 0; side < 2; side++) result.strides[side][place] = strides[side][i];
  }
  if (result.rank == 0) result = {1, {1}, {{1}, {1}}};
  return result;
}

}  // namespace counterweight
