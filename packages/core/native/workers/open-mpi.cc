#include "open-mpi.h"

#include <dlfcn.h>

namespace counterweight::workers {
namespace {

// What MPI_Get_library_version writes at most, with room to spare.
constexpr int longestVersion = 1024;

template <typename Function>
bool find(void* library, const char* name, Function& function) {
  function = reinterpret_cast<Function>(dlsym(library, name));
  return function != nullptr;
}

}  // namespace

std::string loadOpenMpi(const std::string& name, OpenMpi& mpi) {
  // Its components, loaded later, look for its names among everybody's. It is never closed.
  void* library = dlopen(name.c_str(), RTLD_NOW | RTLD_GLOBAL);
  if (!library) return dlerror();
  int (*version)(char*, int*) = nullptr;
  if (!find(library, "MPI_Get_library_version", version)) return name + " is no MPI of version 3 or newer";
  char text[8 * longestVersion] = "";
  int length = 0;
  version(text, &length);
  mpi.version = std::string(text).substr(0, std::string(text).find_first_of(",\n"));
  if (mpi.version.rfind("Open MPI", 0) != 0) return name + " is " + mpi.version + ", not Open MPI";
  const bool found = find(library, "MPI_Init_thread", mpi.initThread) && find(library, "MPI_Finalize", mpi.finalize) &&
                     find(library, "MPI_Abort", mpi.abort) && find(library, "MPI_Comm_rank", mpi.rank) &&
                     find(library, "MPI_Comm_size", mpi.size) && find(library, "MPI_Isend", mpi.send) &&
                     find(library, "MPI_Irecv", mpi.receive) && find(library, "MPI_Testall", mpi.testAll) &&
                     find(library, "ompi_mpi_comm_world", mpi.world) && find(library, "ompi_mpi_byte", mpi.byte);
  return found ? "" : mpi.version + " lacks a function that every Open MPI has";
}

}  // namespace counterweight::workers
