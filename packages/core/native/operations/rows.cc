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

// Columns of [outer, size, inner] that are gone through side by side, row after row.
struct Strip {
  int64_t first;    // its first value
  int64_t columns;  // how many
  int64_t place;    // of its first column among [outer, inner]
};

constexpr int64_t widestStrip = 256;

template <typename Work>
void forStrips(const AroundAxis& parts, const Work& work) {
  const int64_t strips = (parts.inner + widestStrip - 1) / widestStrip;
  parallelRows(parts.outer * strips, parts.size * std::min(parts.inner, widestStrip), [&](int64_t from, int64_t to) {
    for (int64_t i = from; i < to; i++) {
      const int64_t outer = i / strips, column = i % strips * widestStrip;
      work(Strip{outer * parts.size * parts.inner + column, std::min(widestStrip, parts.inner - column),
                 outer * parts.inner + column});
    }
  });
}

// The first place of the extreme; a NaN counts only where it comes first, as in tfjs.
template <typename T, bool largest>
void findExtremes(const AroundAxis& parts, const T* x, int32_t* places) {
  const auto isMore = [](T value, T best) { return largest ? value > best : value < best; };
  forStrips(parts, [&](const Strip& strip) {
    const T* values = x + strip.first;
    int32_t* place = places + strip.place;
    if (parts.inner == 1) {
      int64_t found = 0;
      for (int64_t k = 1; k < parts.size; k++) {
        if (isMore(values[k], values[found])) found = k;
      }
      place[0] = static_cast<int32_t>(found);
      return;
    }
    T best[widestStrip];
    std::copy(values, values + strip.columns, best);
    std::fill(place, place + strip.columns, 0);
    for (int64_t row = 1; row < parts.size; row++) {
      values += parts.inner;
      for (int64_t i = 0; i < strip.columns; i++) {
        const bool replaces = isMore(values[i], best[i]);
        best[i] = replaces ? values[i] : best[i];
        place[i] = replaces ? static_cast<int32_t>(row) : place[i];
      }
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
  forStrips(parts, [&](const Strip& strip) {
    if (parts.inner == 1) {
      T sum = 0;
      for (int64_t k = 0; k < parts.size; k++) {
        const int64_t at = strip.first + (backwards ? parts.size - 1 - k : k);
        const T next = sum + x[at];
        y[at] = exclusive ? sum : next;
        sum = next;
      }
      return;
    }
    T sums[widestStrip];
    std::fill(sums, sums + strip.columns, T{0});
    for (int64_t k = 0; k < parts.size; k++) {
      const int64_t at = strip.first + (backwards ? parts.size - 1 - k : k) * parts.inner;
      for (int64_t i = 0; i < strip.columns; i++) {
        const T before = sums[i];
        sums[i] += x[at + i];
        y[at + i] = exclusive ? before : sums[i];
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
