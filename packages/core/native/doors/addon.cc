// The engine as a Node add-on. See engine/engine.h for what goes through the mailbox; addresses are numbers.
#include <node_api.h>

#include <cstdint>
#include <cstring>
#include <utility>

#include "engine.h"
#include "instruction-sets.h"
#include "memory.h"
#include "parallel.h"

namespace {

using namespace counterweight;

template <size_t count>
struct Arguments {
  Arguments(napi_env caller, napi_callback_info info) : env(caller) {
    size_t given = count;
    napi_get_cb_info(caller, info, &given, values, nullptr, nullptr);
  }
  double number(size_t index) const {
    double value = 0;
    napi_get_value_double(env, values[index], &value);
    return value;
  }
  void* address(size_t index) const { return reinterpret_cast<void*>(static_cast<uintptr_t>(number(index))); }

  napi_env env;
  napi_value values[count];
};

napi_value toNumber(napi_env env, double value) {
  napi_value result;
  napi_create_double(env, value, &result);
  return result;
}

napi_value toAddress(napi_env env, const void* memory) {
  return toNumber(env, static_cast<double>(reinterpret_cast<uintptr_t>(memory)));
}

napi_value toText(napi_env env, const char* text) {
  napi_value result;
  napi_create_string_utf8(env, text, NAPI_AUTO_LENGTH, &result);
  return result;
}

napi_value Run(napi_env env, napi_callback_info) { return toNumber(env, run() ? 0 : 1); }
napi_value Message(napi_env env, napi_callback_info) { return toText(env, message()); }
napi_value Describe(napi_env env, napi_callback_info) { return toText(env, describe().c_str()); }
napi_value InstructionSetName(napi_env env, napi_callback_info) { return toText(env, nameOf(instructionSet())); }
napi_value Threads(napi_env env, napi_callback_info) { return toNumber(env, threads()); }

napi_value SetThreads(napi_env env, napi_callback_info info) {
  setThreads(static_cast<int>(Arguments<1>(env, info).number(0)));
  return nullptr;
}

// 0 without memory.
napi_value Allocate(napi_env env, napi_callback_info info) {
  return toAddress(env, allocate(static_cast<size_t>(Arguments<1>(env, info).number(0))));
}

napi_value Free(napi_env env, napi_callback_info info) {
  release(Arguments<1>(env, info).address(0));
  return nullptr;
}

// (address, bytes) → a copy, as an ArrayBuffer.
napi_value Read(napi_env env, napi_callback_info info) {
  const Arguments<2> given(env, info);
  const size_t bytes = static_cast<size_t>(given.number(1));
  void* copy = nullptr;
  napi_value result = nullptr;
  if (napi_create_arraybuffer(env, bytes, &copy, &result) != napi_ok) return nullptr;
  if (bytes > 0) std::memcpy(copy, given.address(0), bytes);
  return result;
}

// (address, Uint8Array)
napi_value Write(napi_env env, napi_callback_info info) {
  const Arguments<2> given(env, info);
  size_t bytes = 0;
  void* values = nullptr;
  napi_get_typedarray_info(env, given.values[1], nullptr, &bytes, &values, nullptr, nullptr);
  if (bytes > 0) std::memcpy(given.address(0), values, bytes);
  return nullptr;
}

napi_value Memory(napi_env env, napi_callback_info) {
  const MemoryUsage usage = memoryUsage();
  const std::pair<const char*, size_t> parts[] = {
      {"used", usage.used}, {"pooled", usage.pooled}, {"peak", usage.peak}, {"blocks", usage.blocks}};
  napi_value result;
  napi_create_object(env, &result);
  for (const auto& [name, bytes] : parts) {
    napi_set_named_property(env, result, name, toNumber(env, static_cast<double>(bytes)));
  }
  return result;
}

napi_value EmptyPool(napi_env, napi_callback_info) {
  emptyPool();
  return nullptr;
}

napi_value makeMailbox(napi_env env) {
  napi_value buffer;
  napi_value view;
  const size_t bytes = mailboxLength * sizeof(double);
  if (napi_create_external_arraybuffer(env, mailbox(), bytes, nullptr, nullptr, &buffer) != napi_ok) return nullptr;
  napi_create_typedarray(env, napi_float64_array, mailboxLength, buffer, 0, &view);
  return view;
}

}  // namespace

NAPI_MODULE_INIT() {
  const std::pair<const char*, napi_callback> functions[] = {
      {"run", Run},           {"message", Message},       {"describe", Describe}, {"instructionSet", InstructionSetName},
      {"threads", Threads},   {"setThreads", SetThreads}, {"allocate", Allocate}, {"free", Free},
      {"read", Read},         {"write", Write},           {"memory", Memory},     {"emptyPool", EmptyPool},
  };
  for (const auto& [name, callback] : functions) {
    napi_value function;
    napi_create_function(env, name, NAPI_AUTO_LENGTH, callback, nullptr, &function);
    napi_set_named_property(env, exports, name, function);
  }
  napi_set_named_property(env, exports, "mailbox", makeMailbox(env));
  return exports;
}
