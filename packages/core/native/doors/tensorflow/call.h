// What a kernel's operation needs of a call, by TensorFlow's C interface. (In our own engine: engine/call.h.)
#pragma once
#define CW_TENSORFLOW
#include <initializer_list>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "array.h"
#include "tensorflow/c/kernels.h"
#include "tensorflow/c/ops.h"
#include "tensorflow/c/tf_tensor.h"

namespace counterweight {

using Dims = std::vector<int64_t>;
// Numbers that a call is given beside its tensors, by name.
using Attributes = std::map<std::string, double>;

// One call of a kernel: inputs and outputs with their owners, and the first thing that went wrong.
class Call {
 public:
  Call(const Attributes& attributes, TF_OpKernelContext* context)
      : attributes_(attributes), context_(context), status_(TF_NewStatus()) {}
  Call(const Call&) = delete;
  Call& operator=(const Call&) = delete;
  ~Call() {
    if (TF_GetCode(status_) != TF_OK) TF_OpKernelContext_Failure(context_, status_);
    for (TF_Tensor* tensor : tensors_) TF_DeleteTensor(tensor);
    TF_DeleteStatus(status_);
  }

  int inputCount() { return TF_NumInputs(context_); }

  Dims inputShape(int index) {
    TF_Tensor* tensor = take(index);
    return tensor ? shapeOf(tensor) : Dims{};
  }

  // Each without data when there is no such input, or it is not of this shape and type.
  Array array(int index, const Dims& dims) {
    TF_Tensor* tensor = takeShaped(index, dims);
    if (!tensor) return {};
    const TF_DataType type = TF_TensorType(tensor);
    if (type != TF_FLOAT && type != TF_BFLOAT16) fail("an input is neither float nor bfloat16");
    return {type == TF_BFLOAT16, TF_TensorData(tensor)};
  }
  float* floats(int index, const Dims& dims) { return static_cast<float*>(typed(index, dims, TF_FLOAT)); }
  const int32_t* integers(int index, const Dims& dims) {
    return static_cast<const int32_t*>(typed(index, dims, TF_INT32));
  }

  Array output(int index, const Dims& dims, bool isBfloat16) {
    return {isBfloat16, allocate(index, dims, isBfloat16 ? TF_BFLOAT16 : TF_FLOAT, isBfloat16 ? 2 : 4)};
  }
  float* outputFloats(int index, const Dims& dims) { return static_cast<float*>(output(index, dims, false).data); }

  double attribute(const char* name) const { return attributes_.at(name); }

  void fail(const char* message) {
    if (ok()) TF_SetStatus(status_, TF_INVALID_ARGUMENT, message);
  }

  void failForMemory() { TF_SetStatus(status_, TF_RESOURCE_EXHAUSTED, "no memory for a kernel's scratch"); }

  bool ok() const { return TF_GetCode(status_) == TF_OK; }

 private:
  TF_Tensor* take(int index) {
    TF_Tensor* tensor = nullptr;
    if (ok()) TF_GetInput(context_, index, &tensor, status_);
    if (tensor) tensors_.push_back(tensor);
    return ok() ? tensor : nullptr;
  }

  TF_Tensor* takeShaped(int index, const Dims& dims) {
    TF_Tensor* tensor = take(index);
    if (!tensor || shapeOf(tensor) == dims) return tensor;
    fail("the inputs' shapes do not fit each other");
    return nullptr;
  }

  void* typed(int index, const Dims& dims, TF_DataType type) {
    TF_Tensor* tensor = takeShaped(index, dims);
    if (tensor && TF_TensorType(tensor) != type) fail("an input is of the wrong type");
    return tensor && ok() ? TF_TensorData(tensor) : nullptr;
  }

  void* allocate(int index, const Dims& dims, TF_DataType type, size_t bytesPerValue) {
    if (!ok()) return nullptr;
    size_t bytes = bytesPerValue;
    for (const int64_t dim : dims) bytes *= static_cast<size_t>(dim);
    TF_Tensor* tensor =
        TF_AllocateOutput(context_, index, type, dims.data(), static_cast<int>(dims.size()), bytes, status_);
    if (!tensor) return nullptr;
    tensors_.push_back(tensor);
    return TF_TensorData(tensor);
  }

  static Dims shapeOf(const TF_Tensor* tensor) {
    Dims dims(static_cast<size_t>(TF_NumDims(tensor)));
    for (size_t i = 0; i < dims.size(); i++) dims[i] = TF_Dim(tensor, static_cast<int>(i));
    return dims;
  }

  const Attributes& attributes_;
  TF_OpKernelContext* context_;
  TF_Status* status_;
  std::vector<TF_Tensor*> tensors_;
};

// TensorFlow's, as far as an operation has to know it.
struct Registry {
  TF_Status* status;
};

struct Operation {
  const char* name;
  // `epsilon: float`, `heads: int`, `T: {float, bfloat16}`; numbers are read with `call.attribute`.
  std::initializer_list<const char*> attributes;
  std::initializer_list<const char*> inputs;
  std::initializer_list<const char*> outputs;
};

// What registerOperation asks of TensorFlow; @returns false, with the reason in the status, where it refuses.
bool registerWith(const Operation& operation, void (*compute)(void*, TF_OpKernelContext*), Registry& registry);

// Registers an operation with its kernel for the CPU.
template <void (*compute)(Call&)>
bool registerOperation(const Operation& operation, Registry& registry) {
  return registerWith(
      operation,
      [](void* attributes, TF_OpKernelContext* context) {
        Call call(*static_cast<const Attributes*>(attributes), context);
        compute(call);
      },
      registry);
}

#include "registrations.h"

}  // namespace counterweight
