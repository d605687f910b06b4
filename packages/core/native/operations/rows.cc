// Operations along one axis whose result depends on the order of values: softmax, places of extremes, running sums.
#include "softmax.h"

#include <algorithm>
#include <atomic>

#include "blocks.h"
#include "conversions.h"
#include "memory.h"
#include "parallel.h"
#include "shapes.h"

namespace counterweight {
namespace {

template <auto member>
void computeSoftmax(Call& call) {
  const Tensor logits = call.input(0);
  if (call.ok() && logits.dims.empty()) call.fail("a single value has no axis");
  if (!call.ok()) return;
  const Array x = call.array(0, logits.dims);
  const Array y = call.output(0, logits.dims, x.isBfloat16);
  const int64_t size = logits.dims.back();
  if (!call.ok() || logits.size() == 0) return;
  std::atomic<bool> hasMemory{true};
  parallelRows(logits.size() / size, 4 * size, [&](int64_t from, int64_t to) {
    float* scratch = threadScratch(size);
    if (scratch) (softmaxVectors().*member)(size, x, y, scratch, from, to);
    else hasMemory = false;
  });
  if (!hasMemory) call.failForMemory();
}

// A tensor's values as the type that is computed in; `owned` is to be released where they had to be converted.
struct Converted {
  const void* values = nullptr;
  void* owned = nullptr;

  Converted(Call& call, const Tensor& x, Type type) : values(x.data) {
    if (x.type == type || !call.ok()) return;
    owned = allocate(static_cast<size_t>(x.size() * bytesOf(type)));
    values = owned;
    if (!owned) {
      call.failForMemory();
      return;
    }
    const auto convert = conversionVectors().convert[static_cast<int>(x.type)][static_cast<int>(type)];
    parallelRows((x.size() + blockLength - 1) / blockLength, blockLength, [&](int64_t first, int64_t end) {
      const int64_t from = first * blockLength;
      const int64_t count = std::min(end * blockLength, x.size()) - from;
      convert(count, valueAt(x, from), static_cast<char*>(owned) + from * bytesOf(type));
    });
  }
  Converted(const Converted&) = delete;
  Converted& operator=(const Converted&) = delete;
  ~Converted() { release(owned); }
};

Type computedType(const Tensor& x) {
  return x.type == Type::int32 || x.type == Type::boolean ? Type::int32 : Type::float32;
}

// The first place of the extreme; a NaN counts only where it comes first, as in tfjs.
template <typename T, bool largest>
void findExtremes(const AroundAxis& parts, const T* x, int32_t* places) {
  parallelRows(parts.outer * parts.inner, parts.size, [&](int64_t first, int64_t end) {
    for (int64_t i = first; i < end; i++) {
      const T* values = x + i / parts.inner * parts.size * parts.inner + i % parts.inner;
      int64_t place = 0;
      for (int64_t k = 1; k < parts.size; k++) {
        const T value = values[k * parts.inner], best = values[place * parts.inner];
        if (largest ? value > best : value < best) place = k;
      }
      places[i] = static_cast<int32_t>(place);
    }
  });
}

template <bool largest>
void argExtreme(Call& call) {
  const Tensor x = call.input(0);
  const size_t axis = static_cast<size_t>(axisFrom(call, call.attribute("axis"), x.dims.size()));
  if (!call.ok()) return;
  const AroundAxis parts = around(x.dims, axis);
  Dims dims = x.dims;
  dims.erase(dims.begin() + static_cast<std::ptrdiff_t>(axis));
  if (parts.size == 0 && sizeOf(dims) > 0) return call.fail("no value is the extreme of none");
  const Converted converted(call, x, computedType(x));
  const Tensor out = call.make(dims, Type::int32);
  if (!call.ok()) return;
  if (computedType(x) == Type::int32) {
    findExtremes<int32_t, largest>(parts, static_cast<const int32_t*>(converted.values), out.values<int32_t>());
  } else {
    findExtremes<float, largest>(parts, static_cast<const float*>(converted.values), out.values<int32_t>());
  }
}

template <typename T>
void addUp(const AroundAxis& parts, bool exclusive, bool backwards, const T* x, T* y) {
  const int64_t step = backwards ? -parts.inner : parts.inner;
  parallelRows(parts.outer * parts.inner, parts.size, [&](int64_t first, int64_t end) {
    for (int64_t i = first; i < end; i++) {
      int64_t at = i / parts.inner * parts.size * parts.inner + i % parts.inner;
      if (backwards) at += (parts.size - 1) * parts.inner;
      T sum = 0;
      for (int64_t k = 0; k < parts.size; k++, at += step) {
        const T next = sum + x[at];
        y[at] = exclusive ? sum : next;
        sum = next;
      }
    }
  });
}

void cumsum(Call& call) {
  const Tensor x = call.input(0);
  const size_t axis = static_cast<size_t>(axisFrom(call, call.attribute("axis"), x.dims.size()));
  const bool exclusive = call.attribute("exclusive") != 0;
  const bool backwards = call.attribute("reverse") != 0;
  if (call.ok() && x.type == Type::bfloat16) call.fail("bfloat16 is too coarse for running sums");
  if (!call.ok()) return;
  const Converted converted(call, x, computedType(x));
  const Tensor out = call.make(x.dims, computedType(x));
  if (!call.ok()) return;
  const AroundAxis parts = around(x.dims, axis);
  if (out.type == Type::int32) {  // wraps around
    addUp(parts, exclusive, backwards, static_cast<const uint32_t*>(converted.values), out.values<uint32_t>());
  } else {
    addUp(parts, exclusive, backwards, static_cast<const float*>(converted.values), out.values<float>());
  }
}

}  // namespace

bool registerRowOperations(Registry& registry) {
  using V = SoftmaxVectors;
  return registerOperation<computeSoftmax<&V::softmax>>({"Softmax", {}, {"logits"}, {"y"}}, registry) &&
         registerOperation<computeSoftmax<&V::logSoftmax>>({"LogSoftmax", {}, {"logits"}, {"y"}}, registry) &&
         registerOperation<argExtreme<true>>({"ArgMax", {"axis: int"}, {"x"}, {"y"}}, registry) &&
         registerOperation<argExtreme<false>>({"ArgMin", {"axis: int"}, {"x"}, {"y"}}, registry) &&
         registerOperation<cumsum>({"Cumsum", {"axis: int", "exclusive: bool", "reverse: bool"}, {"x"}, {"y"}}, registry);
}

}  // namespace counterweight
