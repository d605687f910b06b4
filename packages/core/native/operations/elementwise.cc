// Operations element by element, over shapes that are broadcast. Arithmetic is in f32, or in int32 where all values are int32
// or bool; bfloat16 is widened and rounded.
#include "elementwise.h"

#include <algorithm>

#include "blocks.h"
#include "parallel.h"

namespace counterweight {
namespace {

constexpr int64_t shortestRow = 64;  // blocks run through rows that are shorter

enum class Result { ofInput, boolean, integer, floats };

// How many blocks a result takes, and where they lie: within rows, so that a side can be read where it lies.
struct Blocks {
  int64_t rowLength, blocksPerRow, count;

  Blocks(const Broadcast& common, int64_t size) {
    rowLength = common.rank == 1 || common.last() < shortestRow ? size : common.last();
    blocksPerRow = (rowLength + blockLength - 1) / blockLength;
    count = size == 0 ? 0 : size / rowLength * blocksPerRow;
  }
  int64_t from(int64_t block) const {
    const int64_t row = block / blocksPerRow;
    return std::min(row * rowLength + block % blocksPerRow * blockLength, (row + 1) * rowLength);
  }
};

// The type of a result that is of the inputs'. A single float beside bfloat16 values makes no float of them.
Type typeOfBoth(const Tensor& a, const Tensor& b) {
  if (a.type == Type::bfloat16 && b.type == Type::float32 && !b.dims.empty()) return Type::float32;
  if (a.type == Type::float32 && b.type == Type::bfloat16 && a.dims.empty()) return Type::bfloat16;
  return a.type;
}

bool isInteger(const Tensor& tensor) { return tensor.type == Type::int32 || tensor.type == Type::boolean; }

Type resultType(Result result, const Tensor& a, const Tensor& b) {
  switch (result) {
    case Result::boolean: return Type::boolean;
    case Result::integer: return Type::int32;
    case Result::floats: return isInteger(a) ? Type::float32 : a.type;
    default: return typeOfBoth(a, b);
  }
}

void computeBinary(Call& call, const Arithmetic& arithmetic, Result result) {
  const Tensor a = call.input(0);
  const Tensor b = call.input(1);
  const bool isLogical = !arithmetic.floats;
  if (isLogical && (a.type != Type::boolean || b.type != Type::boolean)) call.fail("an input is not of type bool");
  const Dims dims = broadcastShape(call, a.dims, b.dims);
  const Tensor out = call.make(dims, resultType(result, a, b));
  if (!call.ok()) return;
  const bool integers = arithmetic.integers && isInteger(a) && isInteger(b);
  const Type computed = integers ? Type::int32 : Type::float32;
  const Type given = result == Result::boolean || result == Result::integer ? Type::int32 : computed;
  const BlockFunction function = integers ? arithmetic.integers : arithmetic.floats;
  const Broadcast common = broadcast(a.dims, b.dims, dims);
  const Blocks blocks(common, out.size());
  parallelRows(blocks.count, blockLength, [&](int64_t first, int64_t end) {
    BroadcastReader left(a, common, 0, computed);
    BroadcastReader right(b, common, 1, computed);
    BlockWriter writer(out, given);
    for (int64_t block = first; block < end; block++) {
      const int64_t from = blocks.from(block);
      const int64_t count = blocks.from(block + 1) - from;
      function(count, left.read(from, count), right.read(from, count), writer.at(from), nullptr);
      writer.finish(from, count);
    }
  });
}

void computeUnary(Call& call, const Arithmetic& arithmetic, Result result, const float* parameters) {
  const Tensor x = call.input(0);
  if (!arithmetic.floats && x.type != Type::boolean) call.fail("the input is not of type bool");
  const Tensor out = call.make(x.dims, resultType(result, x, x));
  if (!call.ok()) return;
  const bool integers = arithmetic.integers && isInteger(x);
  const Type computed = integers ? Type::int32 : Type::float32;
  const Type given = result == Result::boolean ? Type::int32 : computed;
  const BlockFunction function = integers ? arithmetic.integers : arithmetic.floats;
  const int64_t size = out.size();
  parallelRows((size + blockLength - 1) / blockLength, blockLength, [&](int64_t first, int64_t end) {
    BlockBuffer buffer;
    BlockWriter writer(out, given);
    for (int64_t from = first * blockLength; from < std::min(end * blockLength, size); from += blockLength) {
      const int64_t count = std::min(blockLength, size - from);
      function(count, readBlock(x, computed, from, count, buffer), nullptr, writer.at(from), parameters);
      writer.finish(from, count);
    }
  });
}

template <Arithmetic BinaryVectors::* member, Result result>
void binary(Call& call) {
  computeBinary(call, binaryVectors().*member, result);
}

template <Arithmetic UnaryVectors::* member, Result result>
void unary(Call& call) {
  computeUnary(call, unaryVectors().*member, result, nullptr);
}

void step(Call& call) {
  const float parameters[2] = {static_cast<float>(call.attribute("alpha")), 0};
  computeUnary(call, unaryVectors().step, Result::ofInput, parameters);
}

void clip(Call& call) {
  const float parameters[2] = {static_cast<float>(call.attribute("clipValueMin")),
                               static_cast<float>(call.attribute("clipValueMax"))};
  computeUnary(call, unaryVectors().clip, Result::ofInput, parameters);
}

template <Arithmetic BinaryVectors::* member, Result result = Result::ofInput>
bool registerBinary(const char* name, Registry& registry) {
  return registerOperation<binary<member, result>>({name, {}, {"a", "b"}, {"y"}}, registry);
}

template <Arithmetic UnaryVectors::* member, Result result = Result::ofInput>
bool registerUnary(const char* name, Registry& registry) {
  return registerOperation<unary<member, result>>({name, {}, {"x"}, {"y"}}, registry);
}

}  // namespace

bool registerBinaryOperations(Registry& registry) {
  using V = BinaryVectors;
  constexpr Result boolean = Result::boolean;
  return registerBinary<&V::add>("Add", registry) && registerBinary<&V::add>("AddV2", registry) &&
         registerBinary<&V::add>("BiasAdd", registry) && registerBinary<&V::subtract>("Sub", registry) &&
         registerBinary<&V::multiply>("Multiply", registry) && registerBinary<&V::multiply>("Mul", registry) &&
         registerBinary<&V::divide>("RealDiv", registry) && registerBinary<&V::maximum>("Maximum", registry) &&
         registerBinary<&V::minimum>("Minimum", registry) && registerBinary<&V::power>("Pow", registry) &&
         registerBinary<&V::squaredDifference>("SquaredDifference", registry) &&
         registerBinary<&V::floorDivide, Result::integer>("FloorDiv", registry) &&
         registerBinary<&V::modulo>("Mod", registry) && registerBinary<&V::equal, boolean>("Equal", registry) &&
         registerBinary<&V::notEqual, boolean>("NotEqual", registry) &&
         registerBinary<&V::less, boolean>("Less", registry) &&
         registerBinary<&V::lessEqual, boolean>("LessEqual", registry) &&
         registerBinary<&V::greater, boolean>("Greater", registry) &&
         registerBinary<&V::greaterEqual, boolean>("GreaterEqual", registry) &&
         registerBinary<&V::logicalAnd, boolean>("LogicalAnd", registry) &&
         registerBinary<&V::logicalOr, boolean>("LogicalOr", registry);
}

bool registerUnaryOperations(Registry& registry) {
  using V = UnaryVectors;
  constexpr Result boolean = Result::boolean;
  return registerUnary<&V::absolute>("Abs", registry) && registerUnary<&V::negate>("Neg", registry) &&
         registerUnary<&V::sign>("Sign", registry) && registerUnary<&V::square>("Square", registry) &&
         registerUnary<&V::relu>("Relu", registry) && registerUnary<&V::exponential, Result::floats>("Exp", registry) &&
         registerUnary<&V::expm1>("Expm1", registry) && registerUnary<&V::logarithm>("Log", registry) &&
         registerUnary<&V::log1p>("Log1p", registry) && registerUnary<&V::squareRoot>("Sqrt", registry) &&
         registerUnary<&V::inverseRoot>("Rsqrt", registry) && registerUnary<&V::reciprocal>("Reciprocal", registry) &&
         registerUnary<&V::sigmoid>("Sigmoid", registry) && registerUnary<&V::tanh>("Tanh", registry) &&
         registerUnary<&V::erf>("Erf", registry) && registerUnary<&V::sine>("Sin", registry) &&
         registerUnary<&V::cosine>("Cos", registry) && registerUnary<&V::floor>("Floor", registry) &&
         registerUnary<&V::ceiling>("Ceil", registry) && registerUnary<&V::round>("Round", registry) &&
         registerUnary<&V::isNan, boolean>("IsNan", registry) &&
         registerUnary<&V::isFinite, boolean>("IsFinite", registry) &&
         registerUnary<&V::isInfinite, boolean>("IsInf", registry) &&
         registerUnary<&V::logicalNot, boolean>("LogicalNot", registry) &&
         registerOperation<step>({"Step", {"alpha: float"}, {"x"}, {"y"}}, registry) &&
         registerOperation<clip>({"ClipByValue", {"clipValueMin: float", "clipValueMax: float"}, {"x"}, {"y"}}, registry);
}

}  // namespace counterweight
