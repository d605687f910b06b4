// Open MPI, found when somebody asks for it: the engine is not linked with it. Of its interface only what workers/
// collectives.cc needs. Other MPIs have other types behind the same names, and are refused.
#pragma once
#include <string>

namespace counterweight::workers {

// Open MPI's handles are pointers, and its numbers int.
struct OpenMpi {
  using Handle = void*;
  int (*initThread)(int*, char***, int required, int* provided) = nullptr;
  int (*finalize)() = nullptr;
  int (*abort)(Handle world, int code) = nullptr;
  int (*rank)(Handle world, int*) = nullptr;
  int (*size)(Handle world, int*) = nullptr;
  int (*send)(const void*, int count, Handle type, int to, int tag, Handle world, Handle* request) = nullptr;
  int (*receive)(void*, int count, Handle type, int from, int tag, Handle world, Handle* request) = nullptr;
  int (*testAll)(int count, Handle* requests, int* done, void* statuses) = nullptr;
  Handle world = nullptr;
  Handle byte = nullptr;
  std::string version;
};

// Loads a library by its path or name; `mpi` is set where the result, what went wrong, is empty.
std::string loadOpenMpi(const std::string& library, OpenMpi& mpi);

}  // namespace counterweight::workers
