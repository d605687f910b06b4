// Products of packed operands. The left one is packed for all threads; the right one by each thread for the columns that it
// takes, so that these stay in its cache while all rows go by.
#include <algorithm>
#include <atomic>

#include "multiplication.h"
#include "parallel.h"

namespace counterweight {
namespace {

constexpr int64_t mostWords = 1024;                  // of the inner dimension that one pass goes through
constexpr int64_t mostPacked = int64_t{1} << 21;     // words of the left operand that are packed at a time
constexpr int64_t cachedWords = int64_t{128} << 10;  // of the right operand's, for the second cache
constexpr int64_t mostSteps = 8;                     // of columns that a thread takes at a time
constexpr int64_t fewestRows = 128;                  // that are worth packing columns for
constexpr int64_t manyRows = 4;                      // at once, more than which are better packed

// A part of a product that fits in what is packed at a time.
struct Block {
  int64_t row, rows, column, columns, value, inner;
};

Side leftSide(const Multiplication& problem, const Block& block) {
  const Operand& left = problem.left;
  const int64_t first = block.row * left.rowStride + block.value * left.columnStride;
  return {left.data, left.stored, first, left.rowStride, left.columnStride, block.rows, block.inner, problem.pairs};
}

Side rightSide(const Multiplication& problem, const Block& block) {
  const Operand& right = problem.right;
  const int64_t first = block.column * right.columnStride + block.value * right.rowStride;
  return {right.data, right.stored, first, right.columnStride, right.rowStride, block.columns, block.inner, problem.pairs};
}

Sums sumsFrom(Sums sums, const Block& block) {
  const int64_t start = block.row * sums.startRowStride + block.column * sums.startColumnStride;
  sums.start = offsetBy(sums.start, sums.startIsBfloat16, start);
  sums.out = offsetBy(sums.out, sums.outIsBfloat16, block.row * sums.outRowStride + block.column * sums.outColumnStride);
  return sums;
}

template <class Work>
void forEach(bool parallel, int64_t count, const Work& work) {
  if (parallel && count > 1) return parallelFor(count, work);
  for (int64_t i = 0; i < count; i++) work(i);
}

void packLeft(const Side& side, Packed as, float* panels, bool parallel) {
  constexpr int64_t atOnce = 4;
  const int64_t count = partsOf(side.count, productTables().lanes);
  const auto pack = as == Packed::squares ? productTables().packSquares : productTables().pack;
  forEach(parallel, partsOf(count, atOnce), [&](int64_t i) {
    pack(side, i * atOnce, std::min(count, (i + 1) * atOnce), panels);
  });
}

// How many columns and rows a thread takes at a time.
struct Share {
  int64_t columns, rows;
};

Share shareOf(const PackedProduct& packed, bool parallel) {
  const int64_t step = productTables().columnStep;
  const int64_t wanted = parallel && threads() > 1 ? 4 * threads() : 1;
  int64_t steps = std::clamp<int64_t>(cachedWords / std::max<int64_t>(1, packed.words * step), 1, mostSteps);
  while (steps > 1 && partsOf(packed.columns, steps * step) < wanted) steps--;
  const int64_t across = partsOf(packed.columns, steps * step);
  const int64_t down = std::clamp<int64_t>(wanted / across, 1, partsOf(packed.rows, fewestRows));
  return {steps * step, roundUp(partsOf(packed.rows, down), productTables().lanes)};
}

bool multiplyShares(const PackedProduct& packed, const Side& right, bool parallel) {
  const ProductTables& tables = productTables();
  const Share share = shareOf(packed, parallel);
  const int64_t across = partsOf(packed.columns, share.columns);
  std::atomic<bool> enough{true};
  forEach(parallel, across * partsOf(packed.rows, share.rows), [&](int64_t i) {
    const int64_t row = i / across * share.rows, column = i % across * share.columns;
    const int64_t toColumn = std::min(column + share.columns, packed.columns);
    float* panels = threadScratch(roundUp(toColumn - column, tables.lanes) * packed.words + 1);
    if (!panels) return enough.store(false);
    Side side = right;
    side.first += column * right.laneStride;
    side.count = toColumn - column;
    tables.pack(side, 0, partsOf(side.count, tables.lanes), panels);
    PackedProduct mine = packed;
    mine.right = panels;
    mine.rightColumn = column;
    tables.tile(mine, row, std::min(row + share.rows, packed.rows), column, toColumn);
  });
  return enough;
}

Packed howLeftLies(const Multiplication& problem, int64_t words) {
  const ProductTables& tables = productTables();
  const bool hasSquares = tables.hasSquares && instructionSet() == InstructionSet::amx;
  if (hasSquares && problem.pairs && problem.inner % (2 * tables.lanes) == 0) return Packed::squares;
  // Rows of words that lie together can be multiplied as they are. Many at once push each other out of the nearest cache
  // where they lie a power of two apart: these are packed unless they meet few columns.
  const Operand& operand = problem.left;
  const bool inWords = operand.columnStride == 1 && problem.inner == words * (problem.pairs ? 2 : 1) &&
                       operand.stored == (problem.pairs ? Stored::bfloat16 : Stored::float32);
  const bool isMuch = tables.rowStep > manyRows && problem.columns > 4 * tables.columnStep;
  return inWords && !isMuch ? Packed::rows : Packed::panels;
}

}  // namespace

bool multiplyPacked(const Multiplication& problem) {
  const ProductTables& tables = productTables();
  const int64_t perWord = problem.pairs ? 2 : 1;
  const int64_t words = partsOf(problem.inner, perWord);
  const int64_t passes = std::max<int64_t>(1, partsOf(words, mostWords));
  // Passes begin with whole blocks.
  const int64_t passWords = std::min(words, roundUp(partsOf(words, passes), blockValues));
  const int64_t most = mostPacked / std::max<int64_t>(1, passWords) / tables.lanes * tables.lanes;
  const int64_t blockRows = std::min(problem.rows, most);
  // Sums of several passes wait in f32.
  const bool needsSums = problem.sums.outIsBfloat16 && passes > 1;
  const int64_t blockColumns = needsSums ? std::min(problem.columns, mostPacked / blockRows / blockValues * blockValues) : problem.columns;

  const Packed leftIs = howLeftLies(problem, words);
  const bool packsLeft = leftIs != Packed::rows;
  const Floats left(packsLeft ? roundUp(blockRows, tables.lanes) * passWords : 0);
  const Floats sums(needsSums ? blockRows * blockColumns : 0);
  if ((packsLeft && passWords > 0 && !left.get()) || (needsSums && !sums.get())) return false;

  const auto multiplyBlock = [&](const Block& block, int64_t pass) {
    const Side side = leftSide(problem, block);
    if (packsLeft) packLeft(side, leftIs, left.get(), problem.parallel);
    PackedProduct packed = {block.rows, block.columns, partsOf(block.inner, perWord),
                            packsLeft ? left.get() : offsetBy(side.data, side.stored, side.first), leftIs,
                            bytesOf(problem.left.stored, problem.left.rowStride),
                            nullptr, 0, problem.pairs, sumsFrom(problem.sums, block)};
    if (pass > 0) {
      packed.sums.start = needsSums ? sums.get() : packed.sums.out;
      packed.sums.startIsBfloat16 = false;
      packed.sums.startRowStride = needsSums ? blockColumns : packed.sums.outRowStride;
    }
    if (needsSums && pass + 1 < passes) {
      packed.sums.out = sums.get(), packed.sums.outIsBfloat16 = false, packed.sums.outRowStride = blockColumns;
    }
    return multiplyShares(packed, rightSide(problem, block), problem.parallel);
  };
  for (int64_t row = 0; row < problem.rows; row += blockRows) {
    for (int64_t column = 0; column < problem.columns; column += blockColumns) {
      for (int64_t pass = 0; pass < passes; pass++) {
        const int64_t value = pass * passWords * perWord;
        const Block block = {row, std::min(blockRows, problem.rows - row), column,
                             std::min(blockColumns, problem.columns - column), value,
                             std::min(passWords * perWord, problem.inner - value)};
        if (!multiplyBlock(block, pass)) return false;
      }
    }
  }
  return true;
}

}  // namespace counterweight
