// AddN: the sum of any number of tensors of one shape and type, in one pass; bfloat16 is rounded once.
#include <algorithm>
#include <cstring>

#include "blocks.h"
#include "elementwise.h"
#include "parallel.h"

namespace counterweight {
namespace {

void addN(Call& call) {
  const Tensor first = call.input(0);
  for (int i = 1; i < call.inputCount(); i++) {
    if (call.input(i).dims != first.dims) call.fail("the inputs' shapes differ");
    if (call.input(i).type != first.type) call.fail("the inputs' types differ");
  }
  const Tensor out = call.make(first.dims, first.type);
  if (!call.ok()) return;
  const bool integers = first.type == Type::int32 || first.type == Type::boolean;
  const Type computed = integers ? Type::int32 : Type::float32;
  const BlockFunction add = integers ? binaryVectors().add.integers : binaryVectors().add.floats;
  const int64_t size = out.size();
  const int64_t cost = blockLength * call.inputCount();
  parallelRows((size + blockLength - 1) / blockLength, cost, [&](int64_t start, int64_t end) {
    BlockBuffer buffer;
    BlockWriter writer(out, computed);
    for (int64_t from = start * blockLength; from < std::min(end * blockLength, size); from += blockLength) {
      const int64_t count = std::min(blockLength, size - from);
      void* sum = writer.at(from);
      std::memcpy(sum, readBlock(first, computed, from, count, buffer), static_cast<size_t>(count) * 4);
      for (int i = 1; i < call.inputCount(); i++) {
        add(count, sum, readBlock(call.input(i), computed, from, count, buffer), sum, nullptr);
      }
      writer.finish(from, count);
    }
  });
}

}  // namespace

bool registerAddN(Registry& registry) { return registerOperation<addN>({"AddN", {}, {"parts: n"}, {"y"}}, registry); }

}  // namespace counterweight
