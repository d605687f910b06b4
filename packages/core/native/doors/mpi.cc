#include "mpi.h"

#include <cstring>

#include "arguments.h"
#include "collectives.h"

namespace counterweight {
namespace {

// Never taken down: MPI is of the process, and outlives whatever called it.
workers::Collectives& collectives() {
  static workers::Collectives* const only = new workers::Collectives;
  return *only;
}

// (library) → {rank, size, version}; throws what is wrong with it.
napi_value Open(napi_env env, napi_callback_info info) {
  char library[4096];
  napi_get_value_string_utf8(env, Arguments<1>(env, info).values[0], library, sizeof library, nullptr);
  const std::string problem = collectives().open(library);
  if (!problem.empty()) {
    napi_throw_error(env, nullptr, problem.c_str());
    return nullptr;
  }
  napi_value result;
  napi_create_object(env, &result);
  napi_set_named_property(env, result, "rank", toNumber(env, collectives().rank()));
  napi_set_named_property(env, result, "size", toNumber(env, collectives().size()));
  napi_set_named_property(env, result, "version", toText(env, collectives().version().c_str()));
  return result;
}

// (Uint8Array) → everybody's, as ArrayBuffers
napi_value Exchange(napi_env env, napi_callback_info info) {
  size_t bytes = 0;
  void* own = nullptr;
  napi_get_typedarray_info(env, Arguments<1>(env, info).values[0], nullptr, &bytes, &own, nullptr, nullptr);
  const auto all = collectives().exchange(static_cast<const uint8_t*>(own), bytes);
  napi_value result;
  napi_create_array_with_length(env, all.size(), &result);
  for (size_t worker = 0; worker < all.size(); worker++) {
    void* copy = nullptr;
    napi_value buffer = nullptr;
    if (napi_create_arraybuffer(env, all[worker].size(), &copy, &buffer) != napi_ok) return nullptr;
    if (!all[worker].empty()) std::memcpy(copy, all[worker].data(), all[worker].size());
    napi_set_element(env, result, static_cast<uint32_t>(worker), buffer);
  }
  return result;
}

using Parts = void (workers::Collectives::*)(float*, const std::vector<int64_t>&);

// (address, Float64Array of bounds)
template <Parts parts>
napi_value WithParts(napi_env env, napi_callback_info info) {
  const Arguments<2> given(env, info);
  size_t count = 0;
  void* values = nullptr;
  napi_get_typedarray_info(env, given.values[1], nullptr, &count, &values, nullptr, nullptr);
  const double* bounds = static_cast<const double*>(values);
  (collectives().*parts)(static_cast<float*>(given.address(0)), std::vector<int64_t>(bounds, bounds + count));
  return nullptr;
}

napi_value Close(napi_env, napi_callback_info) {
  collectives().close();
  return nullptr;
}

napi_value Abort(napi_env env, napi_callback_info info) {
  collectives().abort(static_cast<int>(Arguments<1>(env, info).number(0)));
  return nullptr;
}

}  // namespace

napi_value makeMpi(napi_env env) {
  const std::pair<const char*, napi_callback> functions[] = {
      {"open", Open},
      {"exchange", Exchange},
      {"sumParts", WithParts<&workers::Collectives::sumParts>},
      {"shareParts", WithParts<&workers::Collectives::shareParts>},
      {"close", Close},
      {"abort", Abort},
  };
  napi_value mpi;
  napi_create_object(env, &mpi);
  setFunctions(env, mpi, functions);
  return mpi;
}

}  // namespace counterweight
