// WebAssembly's is in wasm-memory.cc.
#if !defined(__wasm__)
#include "system-memory.h"

#include <cstdlib>
#if defined(_WIN32)
#include <malloc.h>
#include <windows.h>
#else
#include <sys/mman.h>
#endif

namespace counterweight {
namespace {

// From here on a block has pages of its own, which go back to the system when it does.
constexpr size_t ownPages = size_t{256} << 10;
// From here on pages of 2 MiB save a walk through the page tables for every few kilobytes that a product reads.
[[maybe_unused]] constexpr size_t hugePages = size_t{4} << 20;

void* allocateSmall(size_t bytes) {
#if defined(_WIN32)
  return _aligned_malloc(bytes, 64);
#else
  void* memory = nullptr;
  return posix_memalign(&memory, 64, bytes) == 0 ? memory : nullptr;
#endif
}

void releaseSmall(void* memory) {
#if defined(_WIN32)
  _aligned_free(memory);
#else
  std::free(memory);
#endif
}

#if defined(_WIN32)
void* mapPages(size_t bytes) { return VirtualAlloc(nullptr, bytes, MEM_RESERVE | MEM_COMMIT, PAGE_READWRITE); }
void unmapPages(void* memory, size_t) { VirtualFree(memory, 0, MEM_RELEASE); }
#else
void* mapPages(size_t bytes) {
  void* memory = mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (memory == MAP_FAILED) return nullptr;
#if defined(MADV_HUGEPAGE)
  if (bytes >= hugePages) madvise(memory, bytes, MADV_HUGEPAGE);
#endif
  return memory;
}
void unmapPages(void* memory, size_t bytes) { munmap(memory, bytes); }
#endif

}  // namespace

void* systemAllocate(size_t bytes) { return bytes < ownPages ? allocateSmall(bytes) : mapPages(bytes); }

void systemRelease(void* memory, size_t bytes) {
  if (bytes < ownPages) releaseSmall(memory);
  else unmapPages(memory, bytes);
}

}  // namespace counterweight
#endif
