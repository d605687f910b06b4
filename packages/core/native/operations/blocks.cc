#include "blocks.h"

#include <algorithm>

#include "conversions.h"

namespace counterweight {
namespace {

void convert(Type from, Type to, int64_t count, const void* in, void* out) {
  conversionVectors().convert[static_cast<int>(from)][static_cast<int>(to)](count, in, out);
}

// One value for every place of a block.
constexpr Broadcast repeated = {1, {blockLength}, {{0}, {0}}};

// A place in the common shape, and in the tensor.
struct Place {
  int64_t at[mostDimensions];
  int64_t offset = 0;
};

Place placeOf(const Broadcast& common, const int64_t* strides, int64_t index) {
  Place place;
  for (int i = common.rank - 1; i >= 0; i--) {
    place.at[i] = index % common.dims[i];
    index /= common.dims[i];
    place.offset += place.at[i] * strides[i];
  }
  return place;
}

// The values of a broadcast tensor from a place on, side by side.
template <typename T>
void spread(const Broadcast& common, const int64_t* strides, Place place, const void* data, int64_t count, void* out) {
  const int last = common.rank - 1;
  const T* values = static_cast<const T*>(data) + place.offset;
  T* to = static_cast<T*>(out);
  while (count > 0) {
    const int64_t run = std::min(count, common.dims[last] - place.at[last]);
    if (strides[last] == 0) {
      for (int64_t i = 0; i < run; i++) to[i] = *values;
    } else {
      for (int64_t i = 0; i < run; i++) to[i] = values[i];
    }
    to += run, count -= run;
    values -= place.at[last] * strides[last];
    place.at[last] = 0;
    for (int i = last - 1; i >= 0; i--) {
      values += strides[i];
      if (++place.at[i] < common.dims[i]) break;
      values -= common.dims[i] * strides[i];
      place.at[i] = 0;
    }
  }
}

void spreadValues(const Tensor& tensor, const Broadcast& common, const int64_t* strides, const Place& place, int64_t count,
                  void* out) {
  switch (bytesOf(tensor.type)) {
    case 4: return spread<uint32_t>(common, strides, place, tensor.data, count, out);
    case 2: return spread<uint16_t>(common, strides, place, tensor.data, count, out);
    default: return spread<uint8_t>(common, strides, place, tensor.data, count, out);
  }
}

}  // namespace

const void* readBlock(const Tensor& tensor, Type type, int64_t from, int64_t count, BlockBuffer& buffer) {
  const void* values = valueAt(tensor, from);
  if (tensor.type == type) return values;
  convert(tensor.type, type, count, values, buffer.bytes);
  return buffer.bytes;
}

BroadcastReader::BroadcastReader(const Tensor& tensor, const Broadcast& common, int side, Type type)
    : tensor_(tensor), common_(common), strides_(common.strides[side]), type_(type) {
  isWhole_ = common.rank == 1 && strides_[0] == 1;
  isOne_ = std::all_of(strides_, strides_ + common.rank, [](int64_t stride) { return stride == 0; });
  if (!isOne_) return;
  spreadValues(tensor, repeated, repeated.strides[0], placeOf(repeated, repeated.strides[0], 0), blockLength, raw_.bytes);
  if (tensor.type != type) convert(tensor.type, type, blockLength, raw_.bytes, converted_.bytes);
}

const void* BroadcastReader::read(int64_t from, int64_t count) {
  if (isWhole_) return readBlock(tensor_, type_, from, count, converted_);
  if (isOne_) return tensor_.type == type_ ? raw_.bytes : converted_.bytes;
  const void* values = rawValues(from, count);
  if (tensor_.type == type_) return values;
  convert(tensor_.type, type_, count, values, converted_.bytes);
  return converted_.bytes;
}

const void* BroadcastReader::rawValues(int64_t from, int64_t count) {
  const int last = common_.rank - 1;
  const Place place = placeOf(common_, strides_, from);
  const bool isWithinRow = place.at[last] + count <= common_.dims[last];
  if (isWithinRow && strides_[last] == 1) return valueAt(tensor_, place.offset);
  spreadValues(tensor_, common_, strides_, place, count, raw_.bytes);
  return raw_.bytes;
}

void BlockWriter::finish(int64_t from, int64_t count) {
  if (tensor_.type != type_) convert(type_, tensor_.type, count, buffer_.bytes, valueAt(tensor_, from));
}

}  // namespace counterweight
