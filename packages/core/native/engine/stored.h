// How the values of a matrix are stored: as floats, or quantised, in blocks of 32 values that lie together in a row. A block
// has a scale, and each value as a level of it; the blocks are those of llama.cpp's types of the same names, byte by byte:
//
//     q8_0   scale · level               level from -127 to 127, 34 bytes
//     q4_0   scale · (level − 8)         level from 0 to 15, 18 bytes
//     q4_1   scale · level + minimum     level from 0 to 15, 20 bytes
//
// Scale and minimum are IEEE halves. Of two levels in a byte the lower bits are the one among the first 16. A row ends with a
// whole block, whose levels beyond the row's end are anything: nobody uses their values, which are finite.
#pragma once
#include <cstdint>

namespace counterweight {

enum class Stored : uint8_t { float32, bfloat16, q8_0, q4_0, q4_1 };

constexpr int64_t blockValues = 32;

struct BlockQ8_0 {
  uint16_t scale;
  int8_t levels[32];
};

struct BlockQ4_0 {
  uint16_t scale;
  uint8_t levels[16];
};

struct BlockQ4_1 {
  uint16_t scale, minimum;
  uint8_t levels[16];
};

static_assert(sizeof(BlockQ8_0) == 34 && sizeof(BlockQ4_0) == 18 && sizeof(BlockQ4_1) == 20, "no gaps");

inline bool isInBlocks(Stored stored) { return stored >= Stored::q8_0; }

// Of so many values; where they are in blocks, of whole ones.
inline int64_t bytesOf(Stored stored, int64_t values) {
  switch (stored) {
    case Stored::float32: return values * 4;
    case Stored::bfloat16: return values * 2;
    case Stored::q8_0: return values / blockValues * static_cast<int64_t>(sizeof(BlockQ8_0));
    case Stored::q4_0: return values / blockValues * static_cast<int64_t>(sizeof(BlockQ4_0));
    default: return values / blockValues * static_cast<int64_t>(sizeof(BlockQ4_1));
  }
}

// Values from the beginning of a row to that of the next one.
inline int64_t rowValues(Stored stored, int64_t columns) {
  return isInBlocks(stored) ? (columns + blockValues - 1) / blockValues * blockValues : columns;
}

}  // namespace counterweight
