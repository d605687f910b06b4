// How fast matrix products are: GFLOP/s, and GB/s of weights where the rows are few; the better quarter of several tries.
//
//     ./products-bench wall          by the clock, on all threads
//     ./products-bench core          by the processor's time, for one core: what other programs do shows less
//     ./products-bench core thin     only the shapes whose name has that in it
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstring>
#include <ctime>
#include <random>
#include <string>
#include <vector>

#include "array.h"
#include "products.h"

using namespace counterweight;

namespace {

struct Shape {
  const char* name;
  int64_t batch, rows, inner, columns;
  bool leftTransposed, rightTransposed;
};

constexpr Shape shapes[] = {
    {"x W'", 1, 1024, 576, 1536, false, true},         {"x W", 1, 1024, 576, 1536, false, false},
    {"x W' back", 1, 1024, 1536, 576, false, true},    {"x W back", 1, 1024, 1536, 576, false, false},
    {"x W' short", 1, 256, 576, 1536, false, true},    {"x W short", 1, 256, 1536, 576, false, false},
    {"x W' long", 1, 2560, 576, 1536, false, true},    {"x' y", 1, 576, 1024, 1536, true, false},
    {"head", 1, 256, 576, 49152, false, true},         {"square", 1, 2048, 2048, 2048, false, true},
    {"tiny x W'", 1, 2560, 64, 64, false, true},       {"tiny up", 1, 2560, 64, 256, false, true},
    {"tiny head", 1, 2560, 64, 512, false, true},      {"tiny x' y", 1, 64, 2560, 64, true, false},
    {"rank down", 1, 1024, 576, 16, false, false},     {"rank up", 1, 1024, 16, 576, false, true},
    {"rank grad", 1, 576, 1024, 16, true, false},      {"scores 64", 36, 256, 64, 256, false, true},
    {"values 64", 36, 256, 256, 64, false, false},     {"scores 8", 80, 256, 8, 256, false, true},
    {"values 8", 80, 256, 256, 8, false, false},       {"thin 1 x W'", 1, 1, 576, 1536, false, true},
    {"thin 1 x W", 1, 1, 576, 1536, false, false},     {"thin 1 head", 1, 1, 576, 49152, false, true},
    {"thin 1 big x W", 1, 1, 4096, 4096, false, false}, {"thin 1 big x W'", 1, 1, 4096, 4096, false, true},
    {"thin 4 x W'", 1, 4, 576, 1536, false, true},     {"thin 4 x W", 1, 4, 576, 1536, false, false},
    {"thin 8 x W'", 1, 8, 576, 1536, false, true},     {"thin 8 x W", 1, 8, 576, 1536, false, false},
    {"few 12 x W'", 1, 12, 576, 1536, false, true},    {"few 16 x W'", 1, 16, 576, 1536, false, true},
    {"few 16 x W", 1, 16, 576, 1536, false, false},    {"few 32 x W'", 1, 32, 576, 1536, false, true},
    {"few 64 x W'", 1, 64, 576, 1536, false, true},    {"few 64 x W", 1, 64, 576, 1536, false, false},
};

std::vector<char> valuesOf(int64_t count, bool isBfloat16) {
  static std::mt19937 generator(1);
  std::uniform_real_distribution<float> uniform(-1, 1);
  std::vector<char> values(static_cast<size_t>(count) * (isBfloat16 ? 2 : 4));
  for (int64_t i = 0; i < count; i++) {
    const float value = uniform(generator);
    char bytes[4];
    std::memcpy(bytes, &value, 4);
    if (isBfloat16) std::memcpy(&values[static_cast<size_t>(i * 2)], bytes + 2, 2);
    else std::memcpy(&values[static_cast<size_t>(i * 4)], bytes, 4);
  }
  return values;
}

bool byCore = false;

double now() {
  if (byCore) return static_cast<double>(std::clock()) / CLOCKS_PER_SEC;
  return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

// Seconds that one product takes.
double timeOf(const Product& product) {
  std::vector<double> times;
  multiply(product);
  const double first = now();
  multiply(product);
  const double once = std::max(1e-7, now() - first);
  const int64_t repeats = std::max<int64_t>(1, static_cast<int64_t>(0.004 / once));
  while (times.size() < 5 || (times.size() < 40 && now() - first < 0.3)) {
    const double start = now();
    for (int64_t i = 0; i < repeats; i++) multiply(product);
    times.push_back((now() - start) / static_cast<double>(repeats));
  }
  std::sort(times.begin(), times.end());
  return times[times.size() / 4];
}

// Blocks whose levels are any bytes; the values are small, and as fast as others.
std::vector<char> blocksOf(int64_t count, Stored stored) {
  std::vector<char> values = valuesOf(bytesOf(stored, count) / 2, true);
  const auto size = static_cast<size_t>(bytesOf(stored, blockValues));
  for (size_t block = 0; block < values.size(); block += size) {
    for (size_t at = 1; at < (stored == Stored::q4_1 ? 4 : 2); at += 2) values[block + at] = 0x20;
  }
  return values;
}

double measure(const Shape& shape, bool leftIsBfloat16, Stored stored) {
  const std::vector<char> left = valuesOf(shape.batch * shape.rows * shape.inner, leftIsBfloat16);
  const int64_t count = shape.batch * shape.inner * shape.columns;
  const std::vector<char> right = isInBlocks(stored) ? blocksOf(count, stored) : valuesOf(count, stored == Stored::bfloat16);
  std::vector<char> out(static_cast<size_t>(shape.batch * shape.rows * shape.columns) * (leftIsBfloat16 ? 2 : 4));
  Product product;
  product.batch = shape.batch, product.rows = shape.rows, product.inner = shape.inner, product.columns = shape.columns;
  product.left = {left.data(), leftIsBfloat16 ? Stored::bfloat16 : Stored::float32, shape.leftTransposed ? 1 : shape.inner,
                  shape.leftTransposed ? shape.rows : 1, shape.rows * shape.inner};
  product.right = {right.data(), stored, shape.rightTransposed ? 1 : shape.columns,
                   shape.rightTransposed ? shape.inner : 1, shape.inner * shape.columns};
  product.out = out.data(), product.outIsBfloat16 = leftIsBfloat16;
  product.outStride = shape.columns, product.outBatchStride = shape.rows * shape.columns;
  return timeOf(product);
}

}  // namespace

int main(int count, char** arguments) {
  byCore = count > 1 && std::string(arguments[1]) == "core";
  std::printf("%-16s %-26s", nameOf(instructionSet()), "GFLOP/s (GB/s)");
  for (const char* kind : {"f32", "pairs", "widened", "mixed", "q8_0", "q4_0", "q4_1"}) std::printf(" %9s", kind);
  std::printf("\n");
  for (const Shape& shape : shapes) {
    if (count > 2 && std::string(shape.name).find(arguments[2]) == std::string::npos) continue;
    char size[64];
    std::snprintf(size, sizeof(size), "%ld x [%ld, %ld, %ld]", (long)shape.batch, (long)shape.rows, (long)shape.inner,
                  (long)shape.columns);
    std::printf("%-16s %-26s", shape.name, size);
    const double products = 2e-9 * static_cast<double>(shape.batch * shape.rows * shape.inner * shape.columns);
    const double weights = 1e-9 * static_cast<double>(shape.inner * shape.columns);
    const auto show = [&](bool leftIsBfloat16, Stored stored) {
      const double seconds = measure(shape, leftIsBfloat16, stored);
      std::printf(" %9.1f", products / seconds);
      if (shape.rows < 32) std::printf(" (%.1f)", weights * static_cast<double>(bytesOf(stored, 32)) / 32 / seconds);
      std::fflush(stdout);
    };
    show(false, Stored::float32);
    setBfloat16Pairs(true);
    show(true, Stored::bfloat16);
    setBfloat16Pairs(false);
    show(true, Stored::bfloat16);
    show(false, Stored::bfloat16);
    // Matrices in blocks have no batch, and lie in whole blocks.
    const int64_t inRow = shape.rightTransposed ? shape.inner : shape.columns;
    if (shape.batch == 1 && inRow % blockValues == 0) {
      for (const Stored stored : {Stored::q8_0, Stored::q4_0, Stored::q4_1}) show(false, stored);
    }
    std::printf("\n");
  }
  return 0;
}
