// system-memory.h where there is no system: extents of WebAssembly's memory beyond what the linker has laid out.
#if defined(__wasm__)
#include "system-memory.h"

#include <cstdint>

#include "lock.h"

extern unsigned char __heap_base;  // the linker's

namespace counterweight {
namespace {

constexpr size_t grain = 64;
constexpr size_t page = 65536;
// Pages that nobody has touched cost nothing, growing does: all threads hear of it.
constexpr size_t leastGrowth = size_t{16} << 20;
// From here on blocks are cut from the end of what is free, away from the small ones: otherwise one small block that stays
// keeps the next large one out, and the memory grows.
constexpr size_t large = size_t{8} << 20;

// Lies at the start of memory that is free. In the order of addresses; neighbours are one.
struct Free {
  Free* next;
  size_t bytes;
  char* end() { return reinterpret_cast<char*>(this) + bytes; }
};

Lock lock;
Free* first = nullptr;
bool started = false;

size_t rounded(size_t bytes) { return ((bytes > 0 ? bytes : 1) + grain - 1) / grain * grain; }

void insert(char* from, size_t bytes) {
  Free** link = &first;
  Free* before = nullptr;
  while (*link && reinterpret_cast<char*>(*link) < from) {
    before = *link;
    link = &before->next;
  }
  Free* after = *link;
  Free* block;
  if (before && before->end() == from) {
    block = before;
    block->bytes += bytes;
  } else {
    block = reinterpret_cast<Free*>(from);
    *block = {after, bytes};
    *link = block;
  }
  if (after && block->end() == reinterpret_cast<char*>(after)) {
    block->bytes += after->bytes;
    block->next = after->next;
  }
}

// What lies between the linker's part and the end of the memory at the start.
void start() {
  started = true;
  const uintptr_t base = (reinterpret_cast<uintptr_t>(&__heap_base) + grain - 1) / grain * grain;
  const uintptr_t end = __builtin_wasm_memory_size(0) * page;
  if (end > base) insert(reinterpret_cast<char*>(base), end - base);
}

bool growBy(size_t bytes) {
  const size_t pages = (bytes + page - 1) / page;
  const size_t before = __builtin_wasm_memory_grow(0, pages);
  if (before == SIZE_MAX) return false;
  insert(reinterpret_cast<char*>(before * page), pages * page);
  return true;
}

bool grow(size_t bytes) {
  size_t missing = bytes;
  for (Free* block = first; block; block = block->next) {
    const bool last = reinterpret_cast<uintptr_t>(block->end()) == __builtin_wasm_memory_size(0) * page;
    if (last) missing -= block->bytes < missing ? block->bytes : missing;
  }
  return growBy(missing > leastGrowth ? missing : leastGrowth) || growBy(missing);
}

// The smallest that is large enough.
Free** best(size_t bytes) {
  Free** found = nullptr;
  for (Free** link = &first; *link; link = &(*link)->next) {
    if ((*link)->bytes >= bytes && (!found || (*link)->bytes < (*found)->bytes)) found = link;
  }
  return found;
}

}  // namespace

void* systemAllocate(size_t bytes) {
  if (bytes > SIZE_MAX - page) return nullptr;
  const size_t size = rounded(bytes);
  const Locked locked(lock);
  if (!started) start();
  Free** link = best(size);
  if (!link && grow(size)) link = best(size);
  if (!link) return nullptr;
  Free* block = *link;
  if (size >= large && block->bytes > size) {
    block->bytes -= size;
    return block->end();
  }
  Free* next = block->next;
  if (block->bytes > size) {
    Free* rest = reinterpret_cast<Free*>(reinterpret_cast<char*>(block) + size);
    *rest = {next, block->bytes - size};
    next = rest;
  }
  *link = next;
  return block;
}

void systemRelease(void* memory, size_t bytes) {
  const Locked locked(lock);
  insert(static_cast<char*>(memory), rounded(bytes));
}

}  // namespace counterweight
#endif
