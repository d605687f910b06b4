// What an operation needs of a call: its inputs, outputs and attributes.
#pragma once
#include <cstdint>
#include <initializer_list>
#include <string>
#include <vector>

#include "array.h"
#include "stored.h"

namespace counterweight {

using Dims = std::vector<int64_t>;

// The numbers are those of the mailbox.
enum class Type { float32 = 0, bfloat16 = 1, int32 = 2, boolean = 3, q8_0 = 4, q4_0 = 5, q4_1 = 6 };

// Matrices in blocks (stored.h) are [rows, columns]; the few operations that take them say so.
inline bool isInBlocks(Type type) { return type >= Type::q8_0; }

// Of a matrix's values.
inline Stored storedAs(Type type) {
  switch (type) {
    case Type::bfloat16: return Stored::bfloat16;
    case Type::q8_0: return Stored::q8_0;
    case Type::q4_0: return Stored::q4_0;
    case Type::q4_1: return Stored::q4_1;
    default: return Stored::float32;
  }
}

// Of a value, where values lie one by one.
inline int64_t bytesOf(Type type) { return type == Type::boolean ? 1 : type == Type::bfloat16 ? 2 : 4; }

inline int64_t sizeOf(const Dims& dims) {
  int64_t size = 1;
  for (const int64_t dim : dims) size *= dim;
  return size;
}

struct Tensor {
  void* data = nullptr;
  Type type = Type::float32;
  Dims dims;

  int64_t size() const { return sizeOf(dims); }
  template <typename T>
  T* values() const {
    return static_cast<T*>(data);
  }
};

struct Operation {
  const char* name;
  // `epsilon: float`, `heads: int`, `perm: list`; types of tensors (`T: {float, bfloat16}`) are seen in the tensors.
  std::initializer_list<const char*> attributes;
  std::initializer_list<const char*> inputs;
  std::initializer_list<const char*> outputs;
};

// One call: inputs, outputs, and the first thing that went wrong.
class Call {
 public:
  // `names` are those of the attributes, in their order.
  Call(const std::vector<std::string>& names, std::vector<Tensor> inputs, std::vector<std::vector<double>> attributes)
      : names_(names), inputs_(std::move(inputs)), attributes_(std::move(attributes)) {}
  Call(const Call&) = delete;
  Call& operator=(const Call&) = delete;
  // What a call has made that failed is of no use.
  ~Call();

  int inputCount() const { return static_cast<int>(inputs_.size()); }

  // Without data when there is no such input, or it is in blocks.
  Tensor input(int index);
  // The same, and it may be in blocks.
  Tensor stored(int index);
  Dims inputShape(int index) { return input(index).dims; }

  // Each without data when there is no such input, or it is not of this shape and type.
  Array array(int index, const Dims& dims);
  float* floats(int index, const Dims& dims) { return static_cast<float*>(typed(index, dims, Type::float32)); }
  const int32_t* integers(int index, const Dims& dims) {
    return static_cast<const int32_t*>(typed(index, dims, Type::int32));
  }

  // Outputs are made in their order.
  Tensor make(const Dims& dims, Type type);
  Array output(int index, const Dims& dims, bool isBfloat16);
  float* outputFloats(int index, const Dims& dims) { return static_cast<float*>(output(index, dims, false).data); }

  double attribute(const char* name);
  const std::vector<double>& list(const char* name);

  void fail(const char* message) {
    if (ok()) problem_ = message;
  }
  void failForMemory() { fail("no memory"); }
  bool ok() const { return problem_ == nullptr; }

  const char* problem() const { return problem_; }
  const std::vector<Tensor>& outputs() const { return outputs_; }

 private:
  void* typed(int index, const Dims& dims, Type type);

  const std::vector<std::string>& names_;
  std::vector<Tensor> inputs_;
  std::vector<std::vector<double>> attributes_;
  std::vector<Tensor> outputs_;
  const char* problem_ = nullptr;
};

using Compute = void (*)(Call&);

// All operations, by their number.
struct Registry {
  struct Entry {
    std::string name;
    std::vector<std::string> attributes;  // those that are numbers
    Compute compute;
  };
  std::vector<Entry> entries;
};

bool registerWith(const Operation& operation, Compute compute, Registry& registry);

template <Compute compute>
bool registerOperation(const Operation& operation, Registry& registry) {
  return registerWith(operation, compute, registry);
}

#include "registrations.h"

}  // namespace counterweight
