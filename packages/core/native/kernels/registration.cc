// Node loads this addon after TensorFlow; loading it registers our operations, which tfjs-node then calls by name.
// JavaScript: register() → undefined, or TensorFlow's message when it refused.
#include <node_api.h>

#include <string>

#include "kernels.h"

namespace counterweight {

bool registerOperation(const Operation& operation, TF_Status* status) {
  TF_OpDefinitionBuilder* definition = TF_NewOpDefinitionBuilder(operation.name);
  for (const char* input : operation.inputs) TF_OpDefinitionBuilderAddInput(definition, input);
  for (const char* output : operation.outputs) TF_OpDefinitionBuilderAddOutput(definition, output);
  TF_OpDefinitionBuilderSetShapeInferenceFunction(definition, &TF_ShapeInferenceContextSetUnknownShape);
  TF_RegisterOpDefinition(definition, status);
  if (TF_GetCode(status) != TF_OK) return false;
  // TensorFlow calls all three; there is no state to make or to free.
  TF_KernelBuilder* kernel = TF_NewKernelBuilder(
      operation.name, "CPU", [](TF_OpKernelConstruction*) -> void* { return nullptr; }, operation.compute, [](void*) {});
  TF_RegisterKernelBuilder(operation.name, kernel, status);
  return TF_GetCode(status) == TF_OK;
}

}  // namespace counterweight

static std::string registerOnce() {
  TF_Status* status = TF_NewStatus();
  const std::string problem = counterweight::registerAttention(status) ? "" : TF_Message(status);
  TF_DeleteStatus(status);
  return problem;
}

static napi_value Register(napi_env env, napi_callback_info) {
  // A process has one TensorFlow, however many threads or module registries load this.
  static const std::string problem = registerOnce();
  napi_value result;
  if (problem.empty()) napi_get_undefined(env, &result);
  else napi_create_string_utf8(env, problem.c_str(), problem.size(), &result);
  return result;
}

static napi_value Initialize(napi_env env, napi_value exports) {
  napi_value function;
  napi_create_function(env, "register", NAPI_AUTO_LENGTH, Register, nullptr, &function);
  napi_set_named_property(env, exports, "register", function);
  return exports;
}

NAPI_MODULE(NODE_GYP_MODULE_NAME, Initialize)
