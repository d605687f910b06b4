#include "quantize-blocks.h"

#include <algorithm>
#include <cmath>
#include <cstring>

#include "halves.h"

namespace counterweight {
namespace {

constexpr int half = blockValues / 2;

// What a scale may be at most, so that it is a half.
constexpr float largestHalf = 65504;

float roundedScale(float scale, uint16_t& bits) {
  bits = halfOf(std::clamp(scale, -largestHalf, largestHalf));
  return floatOfHalf(bits);
}

int levelOf(float value, float inverse, int least, int most) {
  return static_cast<int>(std::clamp(std::nearbyint(value * inverse), static_cast<float>(least), static_cast<float>(most)));
}

// The largest magnitude is level 127.
void quantize(const float* values, int64_t, BlockQ8_0& block) {
  float largest = 0;
  for (int i = 0; i < blockValues; i++) largest = std::max(largest, std::fabs(values[i]));
  const float scale = roundedScale(largest / 127, block.scale);
  const float inverse = scale == 0 ? 0 : 1 / scale;
  for (int i = 0; i < blockValues; i++) block.levels[i] = static_cast<int8_t>(levelOf(values[i], inverse, -127, 127));
}

// The scale is the best of those that put the value of the largest magnitude near an end of the levels: the outermost values
// pay for smaller steps among all the others.
void quantize(const float* values, int64_t count, BlockQ4_0& block) {
  float extreme = 0;
  for (int i = 0; i < blockValues; i++) extreme = std::fabs(values[i]) > std::fabs(extreme) ? values[i] : extreme;
  float leastError = INFINITY;
  for (const float end : {-8.f, -7.5f, -7.f, -6.5f, -8.5f}) {
    uint16_t bits;
    const float scale = roundedScale(extreme / end, bits);
    const float inverse = scale == 0 ? 0 : 1 / scale;
    int levels[blockValues];
    float error = 0;
    for (int i = 0; i < blockValues; i++) {
      levels[i] = levelOf(values[i], inverse, -8, 7);
      const float rest = values[i] - scale * static_cast<float>(levels[i]);
      error += i < count ? rest * rest : 0;
    }
    if (!(error < leastError)) continue;
    leastError = error;
    block.scale = bits;
    for (int i = 0; i < half; i++) {
      block.levels[i] = static_cast<uint8_t>((levels[i] + 8) | (levels[half + i] + 8) << 4);
    }
  }
}

// The least value is level 0, the greatest 15.
void quantize(const float* values, int64_t count, BlockQ4_1& block) {
  const auto [least, greatest] = std::minmax_element(values, values + count);
  const float minimum = roundedScale(*least, block.minimum);
  const float scale = roundedScale((*greatest - minimum) / 15, block.scale);
  const float inverse = scale == 0 ? 0 : 1 / scale;
  for (int i = 0; i < half; i++) {
    const int low = levelOf(values[i] - minimum, inverse, 0, 15);
    const int high = levelOf(values[half + i] - minimum, inverse, 0, 15);
    block.levels[i] = static_cast<uint8_t>(low | high << 4);
  }
}

void dequantize(const BlockQ8_0& block, float* values) {
  const float scale = floatOfHalf(block.scale);
  for (int i = 0; i < blockValues; i++) values[i] = scale * static_cast<float>(block.levels[i]);
}

void dequantize(const BlockQ4_0& block, float* values) {
  const float scale = floatOfHalf(block.scale);
  for (int i = 0; i < half; i++) {
    values[i] = scale * static_cast<float>((block.levels[i] & 15) - 8);
    values[half + i] = scale * static_cast<float>((block.levels[i] >> 4) - 8);
  }
}

void dequantize(const BlockQ4_1& block, float* values) {
  const float scale = floatOfHalf(block.scale), minimum = floatOfHalf(block.minimum);
  for (int i = 0; i < half; i++) {
    values[i] = scale * static_cast<float>(block.levels[i] & 15) + minimum;
    values[half + i] = scale * static_cast<float>(block.levels[i] >> 4) + minimum;
  }
}

template <class Block>
void quantizeInto(const float* values, int64_t count, void* to) {
  Block block;
  quantize(values, count, block);
  std::memcpy(to, &block, sizeof(block));
}

template <class Block>
void dequantizeFrom(const void* from, float* values) {
  Block block;
  std::memcpy(&block, from, sizeof(block));
  dequantize(block, values);
}

}  // namespace

void quantizeBlock(Stored stored, const float* values, int64_t count, void* block) {
  if (stored == Stored::q8_0) return quantizeInto<BlockQ8_0>(values, count, block);
  if (stored == Stored::q4_0) return quantizeInto<BlockQ4_0>(values, count, block);
  quantizeInto<BlockQ4_1>(values, count, block);
}

void dequantizeBlock(Stored stored, const void* block, float* values) {
  if (stored == Stored::q8_0) return dequantizeFrom<BlockQ8_0>(block, values);
  if (stored == Stored::q4_0) return dequantizeFrom<BlockQ4_0>(block, values);
  dequantizeFrom<BlockQ4_1>(block, values);
}

}  // namespace counterweight
