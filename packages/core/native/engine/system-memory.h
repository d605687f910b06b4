// Memory from the system, for memory.h: aligned to 64 bytes, and given back at once.
#pragma once
#include <cstddef>

namespace counterweight {

// Null without memory.
void* systemAllocate(size_t bytes);
// With the bytes that were asked for.
void systemRelease(void* memory, size_t bytes);

}  // namespace counterweight
