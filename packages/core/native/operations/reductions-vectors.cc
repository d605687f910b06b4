#if !defined(__AVX512BF16__)  // float-tables.h
#include "reductions.h"

#include "block-functions.h"

namespace {

using counterweight::Folds;
using counterweight::Total;

#define OF static INLINE_BODY inline

// `Inner` is the type in which four values of a column come together before they join what is wide.
struct FloatSum {
  using Value = float;
  using Inner = float;
  OF float of(float a, float b) { return a + b; }
  OF double of(double a, double b) { return a + b; }
};
struct FloatProduct {
  using Value = float;
  using Inner = double;
  OF double of(double a, double b) { return a * b; }
};
struct IntegerSum {
  using Value = int32_t;
  using Inner = int64_t;
  OF int64_t of(int64_t a, int64_t b) { return a + b; }
};
struct IntegerProduct {
  using Value = int32_t;
  using Inner = int64_t;
  OF int64_t of(int64_t a, int64_t b) { return (int64_t)((uint64_t)a * (uint64_t)b); }
};

// NaN where one is NaN.
INLINE Vector largerOf(Vector a, Vector b) { return ((b > a) | (b != b)) ? b : a; }
INLINE Vector lesserOf(Vector a, Vector b) { return ((b < a) | (b != b)) ? b : a; }
INLINE Integers largerOf(Integers a, Integers b) { return b > a ? b : a; }
INLINE Integers lesserOf(Integers a, Integers b) { return b < a ? b : a; }

template <typename T>
struct Largest {
  using Value = T;
  using Inner = T;
  template <typename N>
  OF N of(N a, N b) {
    return b > a || b != b ? b : a;
  }
  template <typename V>
  OF V ofVectors(V a, V b) {
    return largerOf(a, b);
  }
};
template <typename T>
struct Least {
  using Value = T;
  using Inner = T;
  template <typename N>
  OF N of(N a, N b) {
    return b < a || b != b ? b : a;
  }
  template <typename V>
  OF V ofVectors(V a, V b) {
    return lesserOf(a, b);
  }
};

INLINE double* wideOf(Total* totals, float) { return &totals->floating; }
INLINE int64_t* wideOf(Total* totals, int32_t) { return &totals->whole; }
INLINE double wideAs(double x, float) { return x; }
INLINE int64_t wideAs(int64_t x, int32_t) { return x; }
INLINE Total totalOf(double value) {
  Total total;
  total.floating = value;
  return total;
}
INLINE Total totalOf(int64_t value) {
  Total total;
  total.whole = value;
  return total;
}

INLINE float laneSum(Vector x) {
  float values[lanes];
  store(values, x);
  for (int half = lanes / 2; half > 0; half /= 2) {
    for (int lane = 0; lane < half; lane++) values[lane] += values[lane + half];
  }
  return values[0];
}

// Sums of few values in f32, side by side; they go into a double.
Total sumRow(int64_t count, const void* values) {
  constexpr int64_t chains = 4, links = 16;
  const float* from = (const float*)values;
  double total = 0;
  while (count > 0) {
    Vector sums[chains] = {};
    int64_t link = 0;
    for (; link < links && count >= chains * lanes; link++, from += chains * lanes, count -= chains * lanes) {
      for (int64_t chain = 0; chain < chains; chain++) sums[chain] += load(from + chain * lanes);
    }
    if (link < links) {  // what is left makes up less than a link
      for (int64_t chain = 0; count > 0; chain++, from += lanes, count -= lanes) {
        sums[chain] += count >= lanes ? load(from) : loadFirst(from, count);
      }
    }
    total += (double)laneSum((sums[0] + sums[1]) + (sums[2] + sums[3]));
  }
  return totalOf(total);
}

template <typename Function>
Total extremeRow(int64_t count, const void* values) {
  using T = typename Function::Value;
  using V = typename VectorOf<T>::Type;
  const T* from = (const T*)values;
  T result = from[0];
  int64_t i = 0;
  if (count >= 2 * lanes) {
    V first = loadAs<V>(from), second = loadAs<V>(from + lanes);
    for (i = 2 * lanes; i + 2 * lanes <= count; i += 2 * lanes) {
      first = Function::ofVectors(first, loadAs<V>(from + i));
      second = Function::ofVectors(second, loadAs<V>(from + i + lanes));
    }
    first = Function::ofVectors(first, second);
    result = first[0];
    for (int lane = 1; lane < lanes; lane++) result = Function::of(result, (T)first[lane]);
  }
  for (; i < count; i++) result = Function::of(result, from[i]);
  Total total;
  *wideOf(&total, T{}) = result;
  return total;
}

template <typename Function>
Total plainRow(int64_t count, const void* values) {
  using Inner = typename Function::Inner;
  const typename Function::Value* from = (const typename Function::Value*)values;
  Inner result = (Inner)from[0];
  for (int64_t i = 1; i < count; i++) result = Function::of(result, (Inner)from[i]);
  return totalOf(result);
}

template <typename Function>
void columns(int64_t rows, int64_t columns, int64_t stride, const void* values, Total* totals) {
  using T = typename Function::Value;
  using Inner = typename Function::Inner;
  auto* __restrict__ wide = wideOf(totals, T{});
  const T* __restrict__ from = (const T*)values;
  int64_t row = 0;
  for (; row + 4 <= rows; row += 4, from += 4 * stride) {
    ONE_VECTOR_A_TURN
    for (int64_t i = 0; i < columns; i++) {
      const Inner upper = Function::of((Inner)from[i], (Inner)from[i + stride]);
      const Inner lower = Function::of((Inner)from[i + 2 * stride], (Inner)from[i + 3 * stride]);
      wide[i] = Function::of(wide[i], wideAs(Function::of(upper, lower), T{}));
    }
  }
  for (; row < rows; row++, from += stride) {
    ONE_VECTOR_A_TURN
    for (int64_t i = 0; i < columns; i++) wide[i] = Function::of(wide[i], wideAs(from[i], T{}));
  }
}

template <typename Function>
void merge(int64_t count, const Total* from, Total* into) {
  using T = typename Function::Value;
  auto* __restrict__ wide = wideOf(into, T{});
  const auto* __restrict__ more = wideOf((Total*)from, T{});
  ONE_VECTOR_A_TURN
  for (int64_t i = 0; i < count; i++) wide[i] = Function::of(wide[i], more[i]);
}

void floatsOf(int64_t count, const Total* totals, double divisor, float* out) {
  ONE_VECTOR_A_TURN
  for (int64_t i = 0; i < count; i++) out[i] = (float)(totals[i].floating / divisor);
}

void integersOf(int64_t count, const Total* totals, int32_t* out) {
  ONE_VECTOR_A_TURN
  for (int64_t i = 0; i < count; i++) out[i] = (int32_t)(uint32_t)(uint64_t)totals[i].whole;
}

template <typename Function>
constexpr Folds foldsOf(Total start, Total (*row)(int64_t, const void*)) {
  return {start, row, columns<Function>, merge<Function>};
}

constexpr Total floating(double value) { return {.floating = value}; }
constexpr Total whole(int64_t value) { return {.whole = value}; }
constexpr double infinity = __builtin_inf();

}  // namespace

namespace counterweight {
const ReductionVectors CW_TABLE(reductionVectors) = {
    {foldsOf<FloatSum>(floating(0), sumRow), foldsOf<IntegerSum>(whole(0), plainRow<IntegerSum>)},
    {foldsOf<FloatProduct>(floating(1), plainRow<FloatProduct>),
     foldsOf<IntegerProduct>(whole(1), plainRow<IntegerProduct>)},
    {foldsOf<Largest<float>>(floating(-infinity), extremeRow<Largest<float>>),
     foldsOf<Largest<int32_t>>(whole(-2147483648LL), extremeRow<Largest<int32_t>>)},
    {foldsOf<Least<float>>(floating(infinity), extremeRow<Least<float>>),
     foldsOf<Least<int32_t>>(whole(2147483647), extremeRow<Least<int32_t>>)},
    floatsOf,
    integersOf,
};
}  // namespace counterweight
#endif
