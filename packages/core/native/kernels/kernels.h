// What a kernel file needs of TensorFlow's C interface.
#pragma once
#include <initializer_list>
#include <utility>
#include <vector>

#include "tensorflow/c/kernels.h"
#include "tensorflow/c/ops.h"
#include "tensorflow/c/tf_tensor.h"

namespace counterweight {

// One call of a kernel: inputs and outputs with their owners, and the first thing that went wrong.
class Call {
 public:
  explicit Call(TF_OpKernelContext* context) : context_(context), status_(TF_NewStatus()) {}
  Call(const Call&) = delete;
  Call& operator=(const Call&) = delete;
  ~Call() {
    if (TF_GetCode(status_) != TF_OK) TF_OpKernelContext_Failure(context_, status_);
    for (TF_Tensor* tensor : tensors_) TF_DeleteTensor(tensor);
    TF_DeleteStatus(status_);
  }

  // Null when there is no such input or it is not of this shape.
  const float* input(int index, const std::vector<int64_t>& dims) {
    TF_Tensor* tensor = take(index);
    if (!tensor) return nullptr;
    if (shapeOf(tensor) == dims) return static_cast<const float*>(TF_TensorData(tensor));
    fail("the inputs' shapes do not fit each other");
    return nullptr;
  }

  std::vector<int64_t> inputShape(int index) {
    TF_Tensor* tensor = take(index);
    return tensor ? shapeOf(tensor) : std::vector<int64_t>{};
  }

  float* output(int index, const std::vector<int64_t>& dims) {
    size_t bytes = sizeof(float);
    for (const int64_t dim : dims) bytes *= static_cast<size_t>(dim);
    TF_Tensor* tensor =
        TF_AllocateOutput(context_, index, TF_FLOAT, dims.data(), static_cast<int>(dims.size()), bytes, status_);
    if (!tensor) return nullptr;
    tensors_.push_back(tensor);
    return static_cast<float*>(TF_TensorData(tensor));
  }

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

  static std::vector<int64_t> shapeOf(const TF_Tensor* tensor) {
    std::vector<int64_t> dims(static_cast<size_t>(TF_NumDims(tensor)));
    for (size_t i = 0; i < dims.size(); i++) dims[i] = TF_Dim(tensor, static_cast<int>(i));
    return dims;
  }

  TF_OpKernelContext* context_;
  TF_Status* status_;
  std::vector<TF_Tensor*> tensors_;
};

struct Operation {
  const char* name;
  std::initializer_list<const char*> inputs;
  std::initializer_list<const char*> outputs;
  void (*compute)(void*, TF_OpKernelContext*);
};

// Registers an operation with its kernel for the CPU. @returns false, with the reason in `status`, where it cannot.
bool registerOperation(const Operation& operation, TF_Status* status);

// One for every kernel file.
bool registerAttention(TF_Status* status);

}  // namespace counterweight
