#pragma once
#include <node_api.h>

namespace counterweight {

// What Node sees of workers/collectives.h; Open MPI is loaded when `open` is called.
napi_value makeMpi(napi_env env);

}  // namespace counterweight
