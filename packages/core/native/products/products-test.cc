// Holds matrix products against naive ones in double precision, on random shapes, strides and types:
//
//     c++ -std=c++17 … products-test.cc … && COUNTERWEIGHT_KERNELS=avx2 ./products-test 4000
//
// Operands lie in memory of exactly their size, so that a sanitizer sees every read beyond them. Gaps between the rows of
// `out` must stay as they were.
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <limits>
#include <memory>
#include <random>
#include <vector>

#include "array.h"
#include "products.h"

using namespace counterweight;

namespace {

std::mt19937 generator(7);

int64_t below(int64_t count) { return static_cast<int64_t>(generator() % static_cast<uint64_t>(count)); }
bool chance(int64_t in) { return below(in) == 0; }

float widened(uint16_t bits) {
  const uint32_t word = static_cast<uint32_t>(bits) << 16;
  float value;
  std::memcpy(&value, &word, 4);
  return value;
}

uint16_t rounded(float value) {
  uint32_t word;
  std::memcpy(&word, &value, 4);
  if (std::isnan(value)) return static_cast<uint16_t>(word >> 16 | 0x40);
  return static_cast<uint16_t>((word + 0x7fff + (word >> 16 & 1)) >> 16);
}

float floatOf(uint16_t half) {
  const int exponent = half >> 10 & 31, fraction = half & 1023;
  const float magnitude = exponent ? std::ldexp(1024.f + static_cast<float>(fraction), exponent - 25)
                                   : std::ldexp(static_cast<float>(fraction), -24);
  return half & 0x8000 ? -magnitude : magnitude;
}

// A value in blocks of 32, as stored.h describes them.
float fromBlocks(const char* bytes, Stored stored, int64_t index) {
  const auto* block = reinterpret_cast<const uint8_t*>(bytes + bytesOf(stored, index / 32 * 32));
  const auto half = [&](int at) { return floatOf(static_cast<uint16_t>(block[at] | block[at + 1] << 8)); };
  const int64_t at = index % 32;
  if (stored == Stored::q8_0) return half(0) * static_cast<float>(static_cast<int8_t>(block[2 + at]));
  const int pair = block[(stored == Stored::q4_1 ? 4 : 2) + at % 16], level = at < 16 ? pair & 15 : pair >> 4;
  return half(0) * static_cast<float>(stored == Stored::q4_0 ? level - 8 : level) + (stored == Stored::q4_1 ? half(2) : 0);
}

// Values of any type; of those in blocks whole ones.
struct Values {
  Stored stored;
  bool isBfloat16;
  int64_t count;
  std::unique_ptr<char[]> bytes;

  Values(int64_t count_, bool isBfloat16_) : Values(count_, isBfloat16_ ? Stored::bfloat16 : Stored::float32) {}
  Values(int64_t count_, Stored stored_)
      : stored(stored_), isBfloat16(stored_ == Stored::bfloat16), count(count_),
        bytes(new char[static_cast<size_t>(bytesOf(stored_, count_))]) {}
  int64_t size() const { return isBfloat16 ? 2 : 4; }
  float get(int64_t index) const {
    if (isInBlocks(stored)) return fromBlocks(bytes.get(), stored, index);
    uint16_t half;
    float single;
    if (isBfloat16) std::memcpy(&half, bytes.get() + index * 2, 2);
    else std::memcpy(&single, bytes.get() + index * 4, 4);
    return isBfloat16 ? widened(half) : single;
  }
  void set(int64_t index, float value) {
    const uint16_t half = rounded(value);
    if (isBfloat16) std::memcpy(bytes.get() + index * 2, &half, 2);
    else std::memcpy(bytes.get() + index * 4, &value, 4);
  }
};

constexpr float infinity = std::numeric_limits<float>::infinity();

// Blocks of any levels, with scales and minima of either sign, subnormal ones among them.
void fillBlocks(Values& values) {
  const int64_t size = bytesOf(values.stored, blockValues), bytes = bytesOf(values.stored, values.count);
  for (int64_t i = 0; i < bytes; i++) values.bytes[static_cast<size_t>(i)] = static_cast<char>(below(256));
  for (int64_t block = 0; block < bytes; block += size) {
    for (int64_t at = 0; at < (values.stored == Stored::q4_1 ? 4 : 2); at += 2) {
      const uint16_t half = static_cast<uint16_t>((below(2) << 15) | (chance(8) ? below(1024) : 0x2000 + below(0x1000)));
      std::memcpy(&values.bytes[static_cast<size_t>(block + at)], &half, 2);
    }
  }
}

void fill(Values& values, bool special) {
  if (isInBlocks(values.stored)) return fillBlocks(values);
  std::normal_distribution<float> normal;
  for (int64_t i = 0; i < values.count; i++) values.set(i, normal(generator));
  for (int64_t i = 0; special && values.count > 0 && i < 3; i++) {
    const float odd[] = {infinity, -infinity, std::numeric_limits<float>::quiet_NaN(), 0.f, 1e30f};
    values.set(below(values.count), odd[below(5)]);
  }
}

int64_t anySize(int64_t most) {
  const int64_t often[] = {0, 1, 2, 7, 8, 9, 16, 17, 31, 48, 64, 97};
  return chance(2) ? often[below(12)] : below(most) + 1;
}

struct Layout {
  int64_t rowStride, columnStride, size;
};

Layout anyLayout(int64_t rows, int64_t columns) {
  const int64_t gap = chance(2) ? 0 : below(5), spread = chance(8) ? 2 + below(2) : 1;
  const bool byColumns = chance(2);
  const int64_t shorter = byColumns ? rows : columns;
  const int64_t stride = shorter * spread + gap;
  Layout layout = {byColumns ? spread : stride, byColumns ? stride : spread, 0};
  if (chance(16)) layout.rowStride = 0;
  const bool empty = rows == 0 || columns == 0;
  layout.size = empty ? 0 : (rows - 1) * layout.rowStride + (columns - 1) * layout.columnStride + 1;
  return layout;
}

// A matrix in blocks: its rows, or its columns, are whole ones.
Layout layoutInBlocks(int64_t rows, int64_t columns) {
  const bool byColumns = chance(2);
  const int64_t stride = rowValues(Stored::q8_0, byColumns ? rows : columns);
  return {byColumns ? 1 : stride, byColumns ? stride : 1, stride * (byColumns ? columns : rows)};
}

const char* nameOf(Stored stored) {
  const char* const names[] = {"f32", "bf16", "q8_0", "q4_0", "q4_1"};
  return names[static_cast<int>(stored)];
}

struct Case {
  Product product;
  bool special;
  bool pairs;
};

void print(const Case& given, const char* what) {
  const Product& p = given.product;
  std::printf("%s: batch %ld [%ld, %ld] x [%ld, %ld], left %s %ld %ld %ld, right %s %ld %ld %ld, out %s %ld%s%s%s\n", what,
              (long)p.batch, (long)p.rows, (long)p.inner, (long)p.inner, (long)p.columns, nameOf(p.left.stored),
              (long)p.left.rowStride, (long)p.left.columnStride, (long)p.left.batchStride,
              nameOf(p.right.stored), (long)p.right.rowStride, (long)p.right.columnStride,
              (long)p.right.batchStride, p.outIsBfloat16 ? "bf16" : "f32", (long)p.outStride,
              p.accumulate ? ", accumulates" : p.bias ? ", bias" : "", given.pairs ? ", pairs" : "",
              given.special ? ", with odd values" : "");
}

// `magnitude` is that of the terms that are finite. What is left of the difference may come of rounding: of sums in f32, and of the result.
bool isNear(double expected, double magnitude, int64_t inner, float got, bool isBfloat16, bool rounds) {
  if (std::isnan(expected)) return std::isnan(got);
  if (magnitude > 1e37) return true;  // may have overflowed on the way
  if (std::isinf(expected)) return got == static_cast<float>(expected);
  // bfloat16 has 8 bits: a value is rounded by at most a part in 2⁸.
  const double part = std::ldexp(1.0, -8);
  const double allowed = 6e-8 * magnitude * (4 + std::sqrt(static_cast<double>(inner))) + (rounds ? part * magnitude : 0) + 1e-30;
  return std::fabs(expected - got) <= allowed + (isBfloat16 ? 1.01 * part * std::fabs(expected) : 0);
}

bool check(const Case& given, const Values& left, const Values& right, const Values& bias, const Values& before,
           const Values& out) {
  const Product& p = given.product;
  std::vector<bool> written(static_cast<size_t>(out.count));
  for (int64_t b = 0; b < p.batch; b++) {
    for (int64_t i = 0; i < p.rows; i++) {
      for (int64_t j = 0; j < p.columns; j++) {
        const int64_t at = b * p.outBatchStride + i * p.outStride + j;
        double sum = p.accumulate ? before.get(at) : p.bias ? bias.get(j) : 0, magnitude = std::fabs(sum);
        for (int64_t k = 0; k < p.inner; k++) {
          const double term = static_cast<double>(left.get(b * p.left.batchStride + i * p.left.rowStride + k * p.left.columnStride)) *
                              right.get(b * p.right.batchStride + k * p.right.rowStride + j * p.right.columnStride);
          sum += term;
          magnitude += std::isfinite(term) ? std::fabs(term) : 0;
        }
        written[static_cast<size_t>(at)] = true;
        // As pairs, values in blocks are rounded to bfloat16 first.
        const bool rounds = isInBlocks(p.right.stored) && p.left.stored == Stored::bfloat16 && bfloat16Pairs();
        if (isNear(sum, magnitude, p.inner, out.get(at), p.outIsBfloat16, rounds)) continue;
        print(given, "wrong");
        std::printf("  [%ld][%ld, %ld] is %g instead of %g\n", (long)b, (long)i, (long)j, out.get(at), sum);
        return false;
      }
    }
  }
  for (int64_t i = 0; i < out.count; i++) {
    if (written[static_cast<size_t>(i)] || std::memcmp(&out.bytes[static_cast<size_t>(i * out.size())],
                                                       &before.bytes[static_cast<size_t>(i * out.size())],
                                                       static_cast<size_t>(out.size())) == 0) {
      continue;
    }
    print(given, "wrote into a gap");
    return false;
  }
  return true;
}

bool tryOne(int64_t number) {
  Case given = {};
  Product& p = given.product;
  const int64_t most = number % 50 == 0 ? 600 : number % 10 == 0 ? 200 : 70;
  p.rows = anySize(most), p.columns = anySize(most), p.inner = anySize(number % 40 == 0 ? 5000 : most);
  if (chance(3)) p.inner = (p.inner + 31) / 32 * 32;  // whole squares (product-squares.h)
  if (p.inner > 1000 && p.rows * p.columns > 4000) p.rows = below(40) + 1;
  p.batch = chance(4) && most < 200 ? below(20) : 1;
  given.special = chance(3);
  given.pairs = chance(2);
  const Stored stored = static_cast<Stored>(chance(2) ? 2 + below(3) : below(2));
  const bool inBlocks = isInBlocks(stored);
  const Layout leftLayout = anyLayout(p.rows, p.inner);
  const Layout rightLayout = inBlocks ? layoutInBlocks(p.inner, p.columns) : anyLayout(p.inner, p.columns);
  const bool sharesRight = inBlocks || chance(3);
  p.left = {nullptr, static_cast<Stored>(below(2)), leftLayout.rowStride, leftLayout.columnStride, leftLayout.size};
  p.right = {nullptr, stored, rightLayout.rowStride, rightLayout.columnStride, sharesRight ? 0 : rightLayout.size};
  Values left(leftLayout.size * p.batch, p.left.stored);
  Values right(rightLayout.size * (sharesRight ? 1 : p.batch), stored);
  p.outIsBfloat16 = chance(2);
  p.outStride = p.columns + (chance(2) ? 0 : below(5));
  p.outBatchStride = p.rows * p.outStride;
  p.accumulate = chance(3);
  Values out(p.outBatchStride * p.batch, p.outIsBfloat16), before(out.count, p.outIsBfloat16);
  Values bias(p.columns, p.outIsBfloat16);
  fill(left, given.special), fill(right, given.special), fill(bias, false), fill(before, false);
  std::memcpy(out.bytes.get(), before.bytes.get(), static_cast<size_t>(out.count * out.size()));
  if (chance(3)) p.bias = bias.bytes.get();
  p.left.data = left.bytes.get(), p.right.data = right.bytes.get(), p.out = out.bytes.get();
  setBfloat16Pairs(given.pairs);
  if (!multiply(p)) return print(given, "no memory"), false;
  return check(given, left, right, bias, before, out);
}

}  // namespace

int main(int count, char** arguments) {
  const int64_t tries = count > 1 ? std::atoll(arguments[1]) : 4000;
  int64_t wrong = 0;
  for (int64_t i = 0; i < tries && wrong < 10; i++) wrong += tryOne(i) ? 0 : 1;
  std::printf("%s: %ld products, %ld wrong\n", nameOf(instructionSet()), (long)tries, (long)wrong);
  return wrong == 0 ? 0 : 1;
}
