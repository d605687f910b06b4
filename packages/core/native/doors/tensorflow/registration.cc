// Node loads this addon after TensorFlow; loading it registers our operations, which tfjs-node then calls by name.
// JavaScript: register() → undefined, or TensorFlow's message when it refused;
//             instructionSet() → the name of the one that the kernels use on this processor.
#include <node_api.h>

#include <string>
#include <utility>

#include "instruction-sets.h"
#include "call.h"

namespace counterweight {
namespace {

// The numbers among the attributes of all operations: name → "int" or "float".
std::map<std::string, std::string>& numbers() {
  static std::map<std::string, std::string> names;
  return names;
}

void* readAttributes(TF_OpKernelConstruction* construction) {
  auto* attributes = new Attributes;
  TF_Status* status = TF_NewStatus();
  for (const auto& [name, type] : numbers()) {
    if (!TF_OpKernelConstruction_HasAttr(construction, name.c_str(), status)) continue;
    float number = 0;
    int64_t integer = 0;
    if (type == "float") TF_OpKernelConstruction_GetAttrFloat(construction, name.c_str(), &number, status);
    else TF_OpKernelConstruction_GetAttrInt64(construction, name.c_str(), &integer, status);
    (*attributes)[name] = type == "float" ? number : static_cast<double>(integer);
  }
  TF_DeleteStatus(status);
  return attributes;
}

void noteNumber(const std::string& attribute) {
  const size_t colon = attribute.find(": ");
  const std::string type = attribute.substr(colon + 2);
  if (type == "int" || type == "float") numbers()[attribute.substr(0, colon)] = type;
}

bool registerAll(Registry& registry) {
  return registerAdamW(registry) && registerAttention(registry) && registerCrossEntropy(registry) &&
         registerLowRank(registry) && registerRmsNorm(registry) && registerSwiglu(registry);
}

}  // namespace

bool registerWith(const Operation& operation, void (*compute)(void*, TF_OpKernelContext*), Registry& registry) {
  TF_Status* status = registry.status;
  TF_OpDefinitionBuilder* definition = TF_NewOpDefinitionBuilder(operation.name);
  for (const char* attribute : operation.attributes) {
    TF_OpDefinitionBuilderAddAttr(definition, attribute);
    noteNumber(attribute);
  }
  for (const char* input : operation.inputs) TF_OpDefinitionBuilderAddInput(definition, input);
  for (const char* output : operation.outputs) TF_OpDefinitionBuilderAddOutput(definition, output);
  TF_OpDefinitionBuilderSetShapeInferenceFunction(definition, &TF_ShapeInferenceContextSetUnknownShape);
  TF_RegisterOpDefinition(definition, status);
  if (TF_GetCode(status) != TF_OK) return false;
  TF_KernelBuilder* kernel =
      TF_NewKernelBuilder(operation.name, "CPU", readAttributes, compute,
                          [](void* attributes) { delete static_cast<Attributes*>(attributes); });
  TF_RegisterKernelBuilder(operation.name, kernel, status);
  return TF_GetCode(status) == TF_OK;
}

std::string registerOnce() {
  Registry registry{TF_NewStatus()};
  const std::string problem = registerAll(registry) ? "" : TF_Message(registry.status);
  TF_DeleteStatus(registry.status);
  return problem;
}

}  // namespace counterweight

static napi_value Register(napi_env env, napi_callback_info) {
  // A process has one TensorFlow, however many threads or module registries load this.
  static const std::string problem = counterweight::registerOnce();
  napi_value result;
  if (problem.empty()) napi_get_undefined(env, &result);
  else napi_create_string_utf8(env, problem.c_str(), problem.size(), &result);
  return result;
}

static napi_value InstructionSet(napi_env env, napi_callback_info) {
  napi_value result;
  napi_create_string_utf8(env, counterweight::nameOf(counterweight::instructionSet()), NAPI_AUTO_LENGTH, &result);
  return result;
}

static napi_value Initialize(napi_env env, napi_value exports) {
  const std::pair<const char*, napi_callback> functions[] = {{"register", Register}, {"instructionSet", InstructionSet}};
  for (const auto& [name, callback] : functions) {
    napi_value function;
    napi_create_function(env, name, NAPI_AUTO_LENGTH, callback, nullptr, &function);
    napi_set_named_property(env, exports, name, function);
  }
  return exports;
}

NAPI_MODULE(NODE_GYP_MODULE_NAME, Initialize)
