#include "softmax.h"

#include <math.h>

#include "functions.h"

namespace {

using counterweight::Array;

constexpr int64_t stretch = 1024;  // values that are added in f32

template <typename T>
float largestIn(int64_t size, const T* x) {
  const int64_t whole = size / lanes * lanes;
  Vector most = broadcast(-INFINITY);
  for (int64_t i = 0; i < whole; i += lanes) {
    const Vector next = load(x + i);
    most = next > most ? next : most;
  }
  float largest = largestOf(most);
  for (int64_t i = whole; i < size; i++) largest = valueOf(x[i]) > largest ? valueOf(x[i]) : largest;
  return largest;
}

// Powers e^(x − largest) to `powers`, and their sum. NaN makes the sum NaN.
template <typename T>
double addPowers(int64_t size, const T* x, float largest, float* powers) {
  double sum = 0;
  for (int64_t from = 0; from < size; from += stretch) {
    const int64_t length = smaller(stretch, size - from);
    const int64_t whole = length / lanes * lanes;
    Vector sums = {};
    for (int64_t i = from; i < from + whole; i += lanes) {
      const Vector power = exponentialOf(load(x + i) - largest);
      store(powers + i, power);
      sums += power;
    }
    for (int lane = 0; lane < lanes; lane++) sum += (double)sums[lane];
    for (int64_t i = from + whole; i < from + length; i++) {
      powers[i] = exponentialOf(broadcast(valueOf(x[i]) - largest))[0];
      sum += (double)powers[i];
    }
  }
  return sum;
}

// A row of f32 holds its powers itself.
INLINE float* powersIn(float* y, float*) { return y; }
INLINE float* powersIn(Bfloat16*, float* scratch) { return scratch; }

template <typename T>
void softmaxOf(int64_t size, Array from, Array to, float* scratch, int64_t first, int64_t end) {
  for (int64_t row = first; row < end; row++) {
    const T* x = (const T*)from.data + row * size;
    T* y = (T*)to.data + row * size;
    float* powers = powersIn(y, scratch);
    const float scale = (float)(1 / addPowers(size, x, largestIn(size, x), powers));
    forVectors(size, [&](auto get, auto put) INLINE_BODY { put(y, get(powers) * scale); });
  }
}

template <typename T>
void logSoftmaxOf(int64_t size, Array from, Array to, float* scratch, int64_t first, int64_t end) {
  for (int64_t row = first; row < end; row++) {
    const T* x = (const T*)from.data + row * size;
    T* y = (T*)to.data + row * size;
    const float largest = largestIn(size, x);
    const float logSum = (float)log(addPowers(size, x, largest, powersIn(y, scratch)));
    forVectors(size, [&](auto get, auto put) INLINE_BODY { put(y, (get(x) - largest) - logSum); });
  }
}

void softmax(int64_t size, Array x, Array y, float* scratch, int64_t from, int64_t to) {
  if (x.isBfloat16) softmaxOf<Bfloat16>(size, x, y, scratch, from, to);
  else softmaxOf<float>(size, x, y, scratch, from, to);
}

void logSoftmax(int64_t size, Array x, Array y, float* scratch, int64_t from, int64_t to) {
  if (x.isBfloat16) logSoftmaxOf<Bfloat16>(size, x, y, scratch, from, to);
  else logSoftmaxOf<float>(size, x, y, scratch, from, to);
}

}  // namespace

namespace counterweight {
const SoftmaxVectors CW_TABLE(softmaxVectors) = {softmax, logSoftmax};
}
