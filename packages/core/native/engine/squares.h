// Squares by AMX: a processor's instruction multiplies 16 rows by 16 words of bfloat16 pairs with 16 words by 16 lanes, and adds
// what comes out to 16 by 16 floats. A square of words is [row][word] on the left and [word][lane] on the right.
#pragma once
#include "vectors.h"

#if defined(__AVX512BF16__) && defined(__AVX512BW__) && defined(__linux__)
#define CW_SQUARES __attribute__((target("amx-tile,amx-bf16")))
#endif

#if defined(CW_SQUARES)
namespace {

constexpr bool hasSquares = true;
constexpr int squareBytes = lanes * 4;                // of a row
constexpr int64_t squareWords = lanes * lanes;

// Sums are tiles 0 to 3, squares on the left 4 and 5, on the right 6 and 7. On the left and of sums there may be fewer rows, and
// fewer words that are summed up.
struct alignas(64) Squares {
  uint8_t palette = 1, startRow = 0, reserved[14] = {};
  uint16_t rowBytes[16] = {64, 64, 64, 64, 64, 64, 64, 64};
  uint8_t rows[16] = {16, 16, 16, 16, 16, 16, 16, 16};

  Squares() = default;
  Squares(int64_t leftRows, int64_t words) {
    for (int tile = 0; tile < 6; tile++) rows[tile] = (uint8_t)leftRows;
    for (int tile = 4; tile < 6; tile++) rowBytes[tile] = (uint16_t)(words * 4);
    for (int tile = 6; tile < 8; tile++) rows[tile] = (uint8_t)words;
  }
};

}  // namespace
#else
namespace {
constexpr bool hasSquares = false;  // never chosen
}
#endif
