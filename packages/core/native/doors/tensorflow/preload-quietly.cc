// Loads a shared library with standard error turned away, so that TensorFlow's start-up lines do not reach the
// terminal: it prints them while it is being loaded, before it looks at TF_CPP_MIN_LOG_LEVEL.
// JavaScript: preload(path) → undefined, or the loader's message when it failed.
#include <dlfcn.h>
#include <fcntl.h>
#include <node_api.h>
#include <unistd.h>

#include <string>

static napi_value Preload(napi_env env, napi_callback_info info) {
  size_t count = 1;
  napi_value argument;
  napi_get_cb_info(env, info, &count, &argument, nullptr, nullptr);
  size_t length = 0;
  if (napi_get_value_string_utf8(env, argument, nullptr, 0, &length) != napi_ok) {
    napi_throw_type_error(env, nullptr, "preload takes the path of a library");
    return nullptr;
  }
  std::string path(length, '\0');
  napi_get_value_string_utf8(env, argument, &path[0], length + 1, &length);

  const int saved = dup(STDERR_FILENO);
  const int sink = open("/dev/null", O_WRONLY | O_CLOEXEC);
  if (saved >= 0 && sink >= 0) dup2(sink, STDERR_FILENO);
  const bool loaded = dlopen(path.c_str(), RTLD_LAZY) != nullptr;
  const std::string problem = loaded ? "" : dlerror();
  if (saved >= 0) dup2(saved, STDERR_FILENO);
  if (saved >= 0) close(saved);
  if (sink >= 0) close(sink);

  napi_value result;
  if (loaded) napi_get_undefined(env, &result);
  else napi_create_string_utf8(env, problem.c_str(), problem.size(), &result);
  return result;
}

static napi_value Initialize(napi_env env, napi_value exports) {
  napi_value function;
  napi_create_function(env, "preload", NAPI_AUTO_LENGTH, Preload, nullptr, &function);
  napi_set_named_property(env, exports, "preload", function);
  return exports;
}

NAPI_MODULE(NODE_GYP_MODULE_NAME, Initialize)
