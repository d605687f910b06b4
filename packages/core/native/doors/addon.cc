// The engine as a Node add-on. See engine/engine.h for what goes through the mailbox; addresses are numbers.
#include <node_api.h>

#include <cstdint>
#include <cstring>
#include <utility>

#include "arguments.h"
#include "engine.h"
#include "instruction-sets.h"
#include "memory.h"
#include "parallel.h"
#if !defined(_WIN32)
#include "mpi.h"
#endif

namespace {

using namespace counterweight;

napi_value toAddress(napi_env env, const void* memory) {
  return toNumber(env, static_cast<double>(reinterpret_cast<uintptr_t>(memory)));
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
  setFunctions(env, exports, functions);
  napi_set_named_property(env, exports, "mailbox", makeMailbox(env));
#if !defined(_WIN32)
  napi_set_named_property(env, exports, "mpi", makeMpi(env));
#endif
  return exports;
}
