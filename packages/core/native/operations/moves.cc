#include "moves.h"

#include <algorithm>
#include <cstring>

#include "parallel.h"

namespace counterweight {
namespace {

constexpr int64_t tile = 64;
constexpr int64_t shareOfRow = 16384;  // values of a row that is alone which one thread takes at a time

// As few dimensions as can be.
Move collapsed(const Move& move) {
  Move result;
  for (size_t i = 0; i < move.dims.size(); i++) {
    if (move.dims[i] == 1) continue;
    const size_t last = result.dims.size() - 1;
    const bool joins = !result.dims.empty() && result.from[last] == move.from[i] * move.dims[i] &&
                       result.to[last] == move.to[i] * move.dims[i];
    if (joins) {
      result.dims[last] *= move.dims[i];
      result.from[last] = move.from[i], result.to[last] = move.to[i];
    } else {
      result.add(move.dims[i], move.from[i], move.to[i]);
    }
  }
  if (result.dims.empty()) result.add(1, 1, 1);
  return result;
}

// Walks through the places of some dimensions, the last one fastest.
class Walk {
 public:
  Walk(const Move& move, int64_t index) : move_(move), at_(move.dims.size()) {
    for (size_t i = at_.size(); i-- > 0;) {
      at_[i] = index % move.dims[i];
      index /= move.dims[i];
      from += at_[i] * move.from[i], to += at_[i] * move.to[i];
    }
  }
  void next() {
    for (size_t i = at_.size(); i-- > 0;) {
      from += move_.from[i], to += move_.to[i];
      if (++at_[i] < move_.dims[i]) return;
      from -= move_.dims[i] * move_.from[i], to -= move_.dims[i] * move_.to[i];
      at_[i] = 0;
    }
  }
  int64_t from = 0, to = 0;

 private:
  const Move& move_;
  std::vector<int64_t> at_;
};

int64_t countOf(const Move& move) {
  int64_t count = 1;
  for (const int64_t dim : move.dims) count *= dim;
  return count;
}

struct Row {
  int64_t dim, from, to;
};

Row takeDimension(Move& move, size_t index) {
  const auto at = static_cast<std::ptrdiff_t>(index);
  const Row row = {move.dims[index], move.from[index], move.to[index]};
  move.dims.erase(move.dims.begin() + at), move.from.erase(move.from.begin() + at), move.to.erase(move.to.begin() + at);
  return row;
}

template <typename T>
void moveRow(const Row& row, const T* from, T* to) {
  if (row.to == 1 && row.from == 1) {
    if (row.dim > 8) std::memcpy(to, from, static_cast<size_t>(row.dim) * sizeof(T));
    else for (int64_t i = 0; i < row.dim; i++) to[i] = from[i];
  } else if (row.to == 1 && row.from == 0) {
    std::fill(to, to + row.dim, *from);
  } else {
    for (int64_t i = 0; i < row.dim; i++) to[i * row.to] = from[i * row.from];
  }
}

template <typename T>
void moveRows(Move outer, Row row, const T* from, T* to) {
  if (outer.dims.empty() && row.dim > 2 * shareOfRow) {  // one long row: in pieces
    const int64_t pieces = (row.dim + shareOfRow - 1) / shareOfRow;
    parallelFor(pieces, [&](int64_t piece) {
      const int64_t first = piece * shareOfRow;
      const Row part = {std::min(shareOfRow, row.dim - first), row.from, row.to};
      moveRow(part, from + first * row.from, to + first * row.to);
    });
    return;
  }
  parallelRows(countOf(outer), row.dim, [&](int64_t first, int64_t end) {
    Walk walk(outer, first);
    for (int64_t i = first; i < end; i++, walk.next()) moveRow(row, from + walk.from, to + walk.to);
  });
}

// Squares of values that lie side by side across (`along`) in the source, down (`down`) in the result.
template <typename T>
void moveTile(const Row& along, const Row& down, int64_t rows, int64_t columns, const T* from, T* to) {
  T values[tile][tile];
  for (int64_t i = 0; i < columns; i++) {
    for (int64_t k = 0; k < rows; k++) values[k][i] = from[i * down.from + k];
  }
  for (int64_t k = 0; k < rows; k++) {
    for (int64_t i = 0; i < columns; i++) to[k * along.to + i] = values[k][i];
  }
}

template <typename T>
void moveTransposed(const Move& outer, const Row& along, const Row& down, const T* from, T* to) {
  const int64_t strips = (along.dim + tile - 1) / tile;
  parallelRows(countOf(outer) * strips, tile * down.dim, [&](int64_t first, int64_t end) {
    Walk walk(outer, first / strips);
    for (int64_t i = first; i < end; i++) {
      const int64_t row = i % strips * tile;
      const int64_t rows = std::min(tile, along.dim - row);
      for (int64_t column = 0; column < down.dim; column += tile) {
        const int64_t columns = std::min(tile, down.dim - column);
        const T* source = from + walk.from + row + column * down.from;
        T* target = to + walk.to + row * along.to + column;
        if (rows == tile && columns == tile) moveTile(along, down, tile, tile, source, target);
        else moveTile(along, down, rows, columns, source, target);
      }
      if (i % strips == strips - 1) walk.next();
    }
  });
}

template <typename T>
void moveTyped(Move move, const T* from, T* to) {
  const Row last = takeDimension(move, move.dims.size() - 1);
  const auto across = std::find(move.from.begin(), move.from.end(), 1);
  if (last.from == 1 || last.to != 1 || across == move.from.end()) return moveRows(std::move(move), last, from, to);
  const Row along = takeDimension(move, static_cast<size_t>(across - move.from.begin()));
  moveTransposed(move, along, last, from, to);
}

}  // namespace

void moveValues(Move move, const void* from, void* to, int64_t bytesPerValue) {
  if (countOf(move) == 0) return;
  move = collapsed(move);
  switch (bytesPerValue) {
    case 4: return moveTyped(std::move(move), static_cast<const uint32_t*>(from), static_cast<uint32_t*>(to));
    case 2: return moveTyped(std::move(move), static_cast<const uint16_t*>(from), static_cast<uint16_t*>(to));
    default: return moveTyped(std::move(move), static_cast<const uint8_t*>(from), static_cast<uint8_t*>(to));
  }
}

std::vector<int64_t> stridesOf(const std::vector<int64_t>& dims) {
  std::vector<int64_t> strides(dims.size());
  int64_t stride = 1;
  for (size_t i = dims.size(); i-- > 0;) {
    strides[i] = stride;
    stride *= dims[i];
  }
  return strides;
}

}  // namespace counterweight
