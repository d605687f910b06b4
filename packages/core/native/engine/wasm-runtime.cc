// What the C library leaves out where threads share WebAssembly's memory: an allocator that any thread may
// call, and threads that never end.
#if defined(__wasm__)
#include <cerrno>
#include <cstdint>
#include <cstring>

#include "lock.h"
#include "system-memory.h"

namespace {

using counterweight::Lock;
using counterweight::Locked;
using counterweight::systemAllocate;
using counterweight::systemRelease;

// Small blocks come in steps of 16 bytes out of chunks and stay among themselves; larger ones are extents.
constexpr size_t step = 16;
constexpr size_t largestSmall = 1024;
constexpr size_t chunk = 65536;

// Lies before each block.
struct Header {
  size_t bytes;   // of the block, as they were asked for
  void* extent;   // where the extent starts; null in a small block
  size_t length;  // of the extent
  size_t unused;
};
static_assert(sizeof(Header) == step);

struct Small {
  Small* next;
};

Lock lock;
Small* freeSmall[largestSmall / step + 1];
char* chunkAt = nullptr;
char* chunkEnd = nullptr;

size_t classOf(size_t bytes) { return bytes == 0 ? 1 : (bytes + step - 1) / step; }

Header* headerOf(void* block) { return static_cast<Header*>(block) - 1; }

void* allocateSmall(size_t bytes) {
  const size_t sizeClass = classOf(bytes);
  const Locked locked(lock);
  if (Small* block = freeSmall[sizeClass]) {
    freeSmall[sizeClass] = block->next;
    headerOf(block)->bytes = bytes;
    return block;
  }
  const size_t length = sizeof(Header) + sizeClass * step;
  if (!chunkAt || static_cast<size_t>(chunkEnd - chunkAt) < length) {
    chunkAt = static_cast<char*>(systemAllocate(chunk));
    if (!chunkAt) return nullptr;
    chunkEnd = chunkAt + chunk;
  }
  Header* header = reinterpret_cast<Header*>(chunkAt);
  chunkAt += length;
  *header = {bytes, nullptr, 0, 0};
  return header + 1;
}

void* allocateLarge(size_t bytes, size_t alignment) {
  const size_t space = alignment > sizeof(Header) ? alignment : sizeof(Header);
  if (bytes > SIZE_MAX - 2 * space) return nullptr;
  const size_t length = bytes + 2 * space;
  void* extent = systemAllocate(length);
  if (!extent) return nullptr;
  const uintptr_t block = (reinterpret_cast<uintptr_t>(extent) + sizeof(Header) + space - 1) / space * space;
  Header* header = headerOf(reinterpret_cast<void*>(block));
  *header = {bytes, extent, length, 0};
  return header + 1;
}

void* allocateAligned(size_t alignment, size_t bytes) {
  return alignment <= step && bytes <= largestSmall ? allocateSmall(bytes) : allocateLarge(bytes, alignment);
}

}  // namespace

extern "C" {

void* malloc(size_t bytes) { return allocateAligned(step, bytes); }

void free(void* block) {
  if (!block) return;
  Header* header = headerOf(block);
  if (header->extent) return systemRelease(header->extent, header->length);
  Small* small = static_cast<Small*>(block);
  const size_t sizeClass = classOf(header->bytes);
  const Locked locked(lock);
  small->next = freeSmall[sizeClass];
  freeSmall[sizeClass] = small;
}

void* calloc(size_t count, size_t bytes) {
  size_t size;
  if (__builtin_mul_overflow(count, bytes, &size)) return nullptr;
  void* block = malloc(size);
  return block ? memset(block, 0, size) : nullptr;
}

void* realloc(void* block, size_t bytes) {
  void* moved = malloc(bytes);
  if (!block || !moved) return moved;
  const size_t before = headerOf(block)->bytes;
  memcpy(moved, block, before < bytes ? before : bytes);
  free(block);
  return moved;
}

int posix_memalign(void** result, size_t alignment, size_t bytes) {
  void* block = allocateAligned(alignment, bytes);
  if (!block) return ENOMEM;
  *result = block;
  return 0;
}

void* aligned_alloc(size_t alignment, size_t bytes) { return allocateAligned(alignment, bytes); }

int __cxa_thread_atexit(void (*)(void*), void*, void*) { return 0; }
}
#endif
