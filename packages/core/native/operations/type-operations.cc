// Operations that change types, or make tensors of nothing.
#include <algorithm>
#include <cstring>

#include "blocks.h"
#include "conversions.h"
#include "moves.h"
#include "parallel.h"
#include "shapes.h"

namespace counterweight {
namespace {

// By TensorFlow's numbers, which callKernel's attributes have.
Type typeFrom(Call& call, double number) {
  switch (static_cast<int>(number)) {
    case 1: return Type::float32;
    case 3: return Type::int32;
    case 10: return Type::boolean;
    case 14: return Type::bfloat16;
    default: call.fail("a type that there is not here"); return Type::float32;
  }
}

void cast(Call& call) {
  const Tensor x = call.input(0);
  const Tensor out = call.make(x.dims, typeFrom(call, call.attribute("DstT")));
  if (!call.ok()) return;
  const auto convert = conversionVectors().convert[static_cast<int>(x.type)][static_cast<int>(out.type)];
  const int64_t size = x.size();
  parallelRows((size + blockLength - 1) / blockLength, blockLength, [&](int64_t first, int64_t end) {
    const int64_t from = first * blockLength;
    convert(std::min(end * blockLength, size) - from, valueAt(x, from), valueAt(out, from));
  });
}

// The same bytes as values of another type: two bfloat16 of an int32 or float, along a new last dimension, or back.
void bitcast(Call& call) {
  const Tensor x = call.input(0);
  const Type type = typeFrom(call, call.attribute("type"));
  const int64_t before = bytesOf(x.type), after = bytesOf(type);
  if (before == 1 || after == 1) call.fail("bool has no bits to show");
  Dims dims = x.dims;
  if (before > after) dims.push_back(2);
  if (before < after) {
    if (dims.empty() || dims.back() != 2) call.fail("the last dimension does not hold the two halves of a value");
    else dims.pop_back();
  }
  const Tensor out = call.make(dims, type);
  if (call.ok()) moveValues({{x.size() * before / 2}, {1}, {1}}, x.data, out.data, 2);
}

void fill(Call& call) {
  const Dims dims = shapeFrom(call, call.list("shape"));
  const double value = call.attribute("value");
  const Tensor out = call.make(dims, typeFrom(call, call.attribute("type")));
  if (!call.ok()) return;
  const float asFloat = static_cast<float>(value);
  const int32_t asInteger = static_cast<int32_t>(std::clamp(value, -2147483648., 2147483647.));
  const bool isInteger = out.type == Type::int32 && value == value;
  BlockBuffer one;
  const void* from = isInteger ? static_cast<const void*>(&asInteger) : &asFloat;
  conversionVectors().convert[isInteger ? 2 : 0][static_cast<int>(out.type)](1, from, one.bytes);
  moveValues({{out.size()}, {0}, {1}}, one.bytes, out.data, bytesOf(out.type));
}

// [..., depth]: `onValue` at the index, else `offValue`; an index outside leaves its row off.
void oneHot(Call& call) {
  const Tensor indices = call.input(0);
  Dims dims = indices.dims;
  const Dims depth = shapeFrom(call, call.list("depth"));
  if (depth.size() != 1) call.fail("depth is one number");
  if (call.ok() && indices.type != Type::int32) call.fail("indices are not of type int32");
  if (!call.ok()) return;
  dims.push_back(depth[0]);
  const float values[2] = {static_cast<float>(call.attribute("offValue")), static_cast<float>(call.attribute("onValue"))};
  const Type type = typeFrom(call, call.attribute("type"));
  if (!fitsMemory(call, dims)) return;
  const Tensor out = call.make(dims, type);
  if (!call.ok()) return;
  BlockBuffer converted;
  conversionVectors().convert[0][static_cast<int>(type)](2, values, converted.bytes);
  const int64_t bytes = bytesOf(type);
  moveValues({{out.size()}, {0}, {1}}, converted.bytes, out.data, bytes);
  for (int64_t i = 0; i < indices.size(); i++) {
    const int64_t index = indices.values<int32_t>()[i];
    if (index < 0 || index >= depth[0]) continue;
    std::memcpy(valueAt(out, i * depth[0] + index), converted.bytes + bytes, static_cast<size_t>(bytes));
  }
}

template <typename T>
void selectValues(const Tensor& condition, const Tensor& yes, const Tensor& no, const Tensor& out) {
  const int64_t slice = condition.size() == 0 ? 0 : out.size() / condition.size();
  parallelRows(condition.size(), slice, [&](int64_t first, int64_t end) {
    const uint8_t* holds = condition.values<uint8_t>();
    const T* a = yes.values<T>();
    const T* b = no.values<T>();
    T* to = out.values<T>();
    if (slice == 1) {
      for (int64_t i = first; i < end; i++) {
        const T mask = static_cast<T>(0 - static_cast<T>(holds[i] != 0));
        to[i] = (a[i] & mask) | (b[i] & static_cast<T>(~mask));
      }
      return;
    }
    for (int64_t i = first; i < end; i++) {
      std::memcpy(to + i * slice, (holds[i] ? a : b) + i * slice, static_cast<size_t>(slice) * sizeof(T));
    }
  });
}

// The condition has the values' shape, or is one for every slice of them along their first dimension.
void select(Call& call) {
  const Tensor condition = call.input(0), yes = call.input(1), no = call.input(2);
  if (!call.ok()) return;
  if (condition.type != Type::boolean) call.fail("the condition is not of type bool");
  if (yes.type != no.type) call.fail("the two values are of different types");
  const bool isRows = condition.dims.size() == 1 && !yes.dims.empty() && condition.dims[0] == yes.dims[0];
  if (yes.dims != no.dims || (condition.dims != yes.dims && !isRows)) call.fail("the shapes do not fit each other");
  const Tensor out = call.make(yes.dims, yes.type);
  if (!call.ok()) return;
  switch (bytesOf(out.type)) {
    case 4: return selectValues<uint32_t>(condition, yes, no, out);
    case 2: return selectValues<uint16_t>(condition, yes, no, out);
    default: return selectValues<uint8_t>(condition, yes, no, out);
  }
}

}  // namespace

bool registerTypeOperations(Registry& registry) {
  return registerOperation<cast>({"Cast", {"DstT: type"}, {"x"}, {"y"}}, registry) &&
         registerOperation<bitcast>({"Bitcast", {"type: type"}, {"x"}, {"y"}}, registry) &&
         registerOperation<fill>({"Fill", {"shape: list", "value: float", "type: type"}, {}, {"y"}}, registry) &&
         registerOperation<oneHot>(
             {"OneHot", {"depth: int", "onValue: float", "offValue: float", "type: type"}, {"indices"}, {"y"}}, registry) &&
         registerOperation<select>({"Select", {}, {"condition", "t", "e"}, {"y"}}, registry);
}

}  // namespace counterweight
