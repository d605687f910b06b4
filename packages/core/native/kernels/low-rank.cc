// Adapters of a joined layer: CwLowRankDown, CwLowRankUp, CwLowRankGrad. Plain twin: src/model/low-rank.ts.
//
// The layer's columns belong to its parts, one beside the other, and so do the ranks: the matrix of part p is
// B_p [columns_p, ranks_p]. Transposed, a matrix is A [ranks_p, columns_p].
//
//     down   [n, ranks]    scale_p · x[:, columns_p] · B_p
//     up     [n, columns]  base += scale_p · down[:, ranks_p] · B_pᵀ, in place: whoever calls it owns the base
//     grad   B_p's shape   scale_p · x[:, columns_p]ᵀ · down[:, ranks_p]
#include "low-rank.h"

#include <algorithm>
#include <atomic>
#include <vector>

#include "call.h"
#include "parallel.h"

namespace counterweight {
namespace {

struct Part {
  int64_t columns = 0, column = 0;  // how many, and the first
  int64_t ranks = 0, rank = 0;
  float scale = 1;
  const float* matrix = nullptr;
  Dims dims;
};

struct Parts {
  std::vector<Part> list;
  int64_t columns = 0;
  int64_t ranks = 0;
  bool transposed = false;
};

// The scales are input `scalesInput`, the matrices all inputs after it.
Parts partsOf(Call& call, int scalesInput) {
  Parts parts;
  parts.transposed = call.attribute("transposed") != 0;
  const int count = call.inputCount() - scalesInput - 1;
  const float* scales = call.floats(scalesInput, {count});
  for (int input = scalesInput + 1; input < call.inputCount(); input++) {
    const Dims dims = call.inputShape(input);
    if (dims.size() != 2) call.fail("an adapter's matrix has two dimensions");
    if (!call.ok()) return parts;
    Part part;
    part.dims = dims;
    part.columns = dims[parts.transposed ? 1 : 0];
    part.ranks = dims[parts.transposed ? 0 : 1];
    part.column = parts.columns;
    part.rank = parts.ranks;
    part.matrix = call.floats(input, dims);
    if (!call.ok()) return parts;
    part.scale = scales[input - scalesInput - 1];
    parts.columns += part.columns;
    parts.ranks += part.ranks;
    parts.list.push_back(part);
  }
  return parts;
}

// Columns by ranks, or ranks by columns: whichever way round a product wants to have it.
Panel panelOf(const Part& part, bool transposed, bool ranksInRows) {
  const int64_t byRank = transposed ? part.columns : 1;
  const int64_t byColumn = transposed ? 1 : part.ranks;
  if (ranksInRows) return {part.matrix, part.ranks, part.columns, byRank, byColumn, part.scale};
  return {part.matrix, part.columns, part.ranks, byColumn, byRank, part.scale};
}

const void* offsetBy(const Array& array, int64_t values) {
  return static_cast<const char*>(array.data) + values * (array.isBfloat16 ? 2 : 4);
}

// Whether AMX multiplies: sums over whole squares of words, or over one that is not whole.
bool inSquares(bool isBfloat16, int64_t inner) {
  const bool fits = inner % 32 == 0 || (inner < 32 && inner % 2 == 0);
  return isBfloat16 && fits && inner > 0 && lowRankVectors().hasSquares && instructionSet() == InstructionSet::amx;
}

struct Packed {
  std::vector<std::vector<float>> panels;
};

Packed packAll(const Parts& parts, bool ranksInRows, bool isBfloat16) {
  const LowRankVectors& vectors = lowRankVectors();
  Packed packed;
  for (const Part& part : parts.list) {
    const Panel panel = panelOf(part, parts.transposed, ranksInRows);
    std::vector<float> values(static_cast<size_t>(vectors.packedSize(panel.rows, panel.columns, isBfloat16)));
    vectors.pack(panel, isBfloat16, values.data());
    packed.panels.push_back(std::move(values));
  }
  return packed;
}

void multiplyRows(Call& call, const std::vector<ThinProduct>& products, int64_t rows, int64_t rowCost) {
  int64_t inner = 1;
  for (const ThinProduct& product : products) inner = std::max(inner, product.inner);
  std::atomic<bool> enough{true};
  parallelRows(rows, rowCost, [&](int64_t from, int64_t to) {
    float* scratch = threadScratch(lowRankVectors().thinScratch(inner));
    if (!scratch) return enough.store(false);
    for (const ThinProduct& product : products) lowRankVectors().thin(product, from, to, scratch);
  });
  if (!enough) call.failForMemory();
}

void down(Call& call) {
  const Parts parts = partsOf(call, 1);
  const Dims dims = call.inputShape(0);
  if (!call.ok()) return;
  const int64_t rows = dims.empty() ? 0 : dims[0];
  const Array x = call.array(0, {rows, parts.columns});
  const Array out = call.output(0, {rows, parts.ranks}, x.isBfloat16);
  if (!call.ok()) return;
  const Packed packed = packAll(parts, false, x.isBfloat16);
  std::vector<ThinProduct> products;
  for (size_t i = 0; i < parts.list.size(); i++) {
    const Part& part = parts.list[i];
    products.push_back({x.isBfloat16, inSquares(x.isBfloat16, part.columns), offsetBy(x, part.column), parts.columns, packed.panels[i].data(), part.columns,
                        part.ranks, nullptr, const_cast<void*>(offsetBy(out, part.rank)), parts.ranks});
  }
  multiplyRows(call, products, rows, parts.columns * 4);
}

void up(Call& call) {
  const Parts parts = partsOf(call, 2);
  const Dims dims = call.inputShape(0);
  if (!call.ok()) return;
  const int64_t rows = dims.empty() ? 0 : dims[0];
  const Array base = call.array(0, {rows, parts.columns});
  const Array low = call.array(1, {rows, parts.ranks});
  if (call.ok() && base.isBfloat16 != low.isBfloat16) call.fail("the inputs are not of one type");
  if (!call.ok()) return;
  const Packed packed = packAll(parts, true, base.isBfloat16);
  std::vector<ThinProduct> products;
  for (size_t i = 0; i < parts.list.size(); i++) {
    const Part& part = parts.list[i];
    products.push_back({base.isBfloat16, inSquares(base.isBfloat16, part.ranks), offsetBy(low, part.rank), parts.ranks, packed.panels[i].data(), part.ranks,
                        part.columns, offsetBy(base, part.column), const_cast<void*>(offsetBy(base, part.column)),
                        parts.columns});
  }
  multiplyRows(call, products, rows, parts.columns * 4);
}

void gradient(Call& call) {
  const Parts parts = partsOf(call, 2);
  const Dims dims = call.inputShape(0);
  if (!call.ok()) return;
  const LowRankVectors& vectors = lowRankVectors();
  std::atomic<bool> enough{true};
  const int64_t rows = dims.empty() ? 0 : dims[0];
  const Array x = call.array(0, {rows, parts.columns});
  const Array low = call.array(1, {rows, parts.ranks});
  if (call.ok() && x.isBfloat16 != low.isBfloat16) call.fail("the inputs are not of one type");
  for (size_t i = 0; i < parts.list.size() && call.ok(); i++) {
    const Part& part = parts.list[i];
    float* sum = call.outputFloats(static_cast<int>(i), part.dims);
    if (!sum) return;
    std::vector<float> packed(static_cast<size_t>(vectors.downSize(rows, part.ranks, x.isBfloat16)));
    vectors.packDown(offsetBy(low, part.rank), parts.ranks, rows, part.ranks, x.isBfloat16, packed.data());
    // Ranks are rows of squares here, and rows of x are words, of which there are whole squares.
    const bool fits = part.ranks > 0 && (part.ranks <= 16 || part.ranks % 16 == 0);
    const OuterProduct product = {x.isBfloat16,
                                  fits && inSquares(x.isBfloat16, 32),
                                  offsetBy(x, part.column),
                                  parts.columns,
                                  rows,
                                  packed.data(),
                                  part.ranks,
                                  part.scale,
                                  sum,
                                  parts.transposed ? part.columns : 1,
                                  parts.transposed ? 1 : part.ranks};
    const int64_t blocks = (part.columns + vectors.columnBlock - 1) / vectors.columnBlock;
    parallelFor(blocks, [&](int64_t block) {
      float* scratch = threadScratch(vectors.outerScratch(part.ranks));
      if (!scratch) return enough.store(false);
      const int64_t from = block * vectors.columnBlock;
      vectors.outer(product, from, std::min(part.columns, from + vectors.columnBlock), scratch);
    });
  }
  if (!enough) call.failForMemory();
}

}  // namespace

bool registerLowRank(Registry& registry) {
  const std::initializer_list<const char*> attributes = {"T: {float, bfloat16}", "parts: int",
                                                         "transposed: int"};
  return registerOperation<down>({"CwLowRankDown", attributes, {"x: T", "scales: float", "matrices: parts * float"}, {"down: T"}},
                                 registry) &&
         registerOperation<up>(
             {"CwLowRankUp", attributes, {"base: T", "down: T", "scales: float", "matrices: parts * float"}, {}}, registry) &&
         registerOperation<gradient>({"CwLowRankGrad",
                                      attributes,
                                      {"x: T", "down: T", "scales: float", "matrices: parts * float"},
                                      {"gradients: parts * float"}},
                                     registry);
}

}  // namespace counterweight
