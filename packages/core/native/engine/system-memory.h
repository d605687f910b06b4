// Memory from the system, for memory.h: aligned to 64 bytes, and given back at once.
#pragma once
#include <cstddef>

namespace counterweight {

// WebAssembly's memory only grows: what is released stays with the process.
#if defined(__wasm__)
constexpr bool systemKeeps = true;
#else
constexpr bool systemKeeps = false;
#endif

// Null without memory.
void* systemAllocate(size_t bytes);
// With the bytes that were asked for.
void systemRelease(void* memory, size_t bytes);

}  // namespace counterweight
