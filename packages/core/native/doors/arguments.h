// What the functions of the add-on are given, and give back. Addresses are numbers.
#pragma once
#include <node_api.h>

#include <cstddef>
#include <cstdint>
#include <utility>

namespace counterweight {

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

inline napi_value toNumber(napi_env env, double value) {
  napi_value result;
  napi_create_double(env, value, &result);
  return result;
}

inline napi_value toText(napi_env env, const char* text) {
  napi_value result;
  napi_create_string_utf8(env, text, NAPI_AUTO_LENGTH, &result);
  return result;
}

template <size_t count>
void setFunctions(napi_env env, napi_value object, const std::pair<const char*, napi_callback> (&functions)[count]) {
  for (const auto& [name, callback] : functions) {
    napi_value function;
    napi_create_function(env, name, NAPI_AUTO_LENGTH, callback, nullptr, &function);
    napi_set_named_property(env, object, name, function);
  }
}

}  // namespace counterweight
