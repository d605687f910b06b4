// The memory of tensors and of kernels' scratch: blocks aligned to 64 bytes, reused from a pool whose size is bounded.
#pragma once
#include <cstddef>

namespace counterweight {

// Null without memory. Nothing is cleared. Any thread may call.
void* allocate(size_t bytes);

// A block of `allocate`, or null. It goes to the pool, or back to the system when the pool is full.
void release(void* block);

struct MemoryUsage {
  size_t used = 0;    // bytes in blocks that are allocated
  size_t pooled = 0;  // bytes that wait for the next who asks for as much
  size_t peak = 0;    // of used and pooled together
  size_t blocks = 0;  // allocated
};

MemoryUsage memoryUsage();

// Gives what waits in the pool back to the system, and forgets how much was in use: something else begins.
void emptyPool();

}  // namespace counterweight
