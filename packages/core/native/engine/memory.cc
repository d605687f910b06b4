#include "memory.h"

#include <cstdint>

#include "lock.h"
#include "system-memory.h"

namespace counterweight {
namespace {

// Sizes are rounded up to classes, eight to a doubling, so that a block fits the next one who asks for about as much.
constexpr int stepsPerDoubling = 8;
constexpr int classes = 48 * stepsPerDoubling;
constexpr size_t alignment = 64;

// Lies before a block, and keeps its alignment.
struct alignas(alignment) Header {
  Header* next;
  size_t bytes;  // of header and block
  int sizeClass;
};
static_assert(sizeof(Header) == alignment);

// The pool holds at most this share of what was in use at one time: a step's activations are freed and asked for again.
constexpr size_t poolShare = 4;
constexpr size_t smallestLimit = size_t{64} << 20;

// When the system is asked for more, what waits is given back for it, but for this much beyond the most that was in use: what is
// held at the peak is hardly more than what is used there.
constexpr size_t slack = size_t{16} << 20;

Lock lock;
Header* freeBlocks[classes];
int largestFree = -1;  // no class above it has a free block
MemoryUsage usage;
size_t mostUsed = 0;

struct SizeClass {
  int number;
  size_t bytes;
};

SizeClass classOf(size_t bytes) {
  int doubling = 7;
  while ((size_t{2} << doubling) <= bytes) doubling++;
  const size_t base = size_t{1} << doubling;
  const size_t step = base / stepsPerDoubling;
  if (bytes <= base) return {doubling * stepsPerDoubling, base};
  const size_t steps = (bytes - base + step - 1) / step;
  return {doubling * stepsPerDoubling + static_cast<int>(steps), base + steps * step};
}

size_t larger(size_t a, size_t b) { return a > b ? a : b; }

size_t poolLimit() { return larger(mostUsed / poolShare, smallestLimit); }

// What may wait when these bytes are in use, some of them new ones of the system's.
size_t poolLimitBeside(size_t used) { return systemKeeps ? 0 : larger(mostUsed, used) - used + slack; }

Header* takeFree(int sizeClass) {
  Header* block = freeBlocks[sizeClass];
  if (!block) return nullptr;
  freeBlocks[sizeClass] = block->next;
  usage.pooled -= block->bytes;
  return block;
}

// The largest go first: few calls give much back.
void shrinkPool(size_t limit) {
  for (; usage.pooled > limit && largestFree >= 0; largestFree--) {
    while (usage.pooled > limit) {
      Header* block = takeFree(largestFree);
      if (!block) break;
      systemRelease(block, block->bytes);
    }
    if (usage.pooled <= limit) return;
  }
}

Header* newBlock(size_t bytes) {
  void* block = systemReuse(bytes);
  if (!block) {
    shrinkPool(poolLimitBeside(usage.used + bytes));
    block = systemAllocate(bytes);
  }
  if (!block) {
    shrinkPool(0);
    block = systemAllocate(bytes);
  }
  return static_cast<Header*>(block);
}

}  // namespace

void* allocate(size_t bytes) {
  if (bytes > SIZE_MAX / 4) return nullptr;
  // Sizes are mostly round, so that a class fits them exactly: the header comes on top of it.
  const auto [sizeClass, rounded] = classOf(bytes);
  const size_t whole = rounded + sizeof(Header);
  const Locked locked(lock);
  Header* block = takeFree(sizeClass);
  if (!block) {
    block = newBlock(whole);
    if (!block) return nullptr;
    block->bytes = whole;
    block->sizeClass = sizeClass;
  }
  usage.used += block->bytes;
  usage.blocks++;
  if (usage.used > mostUsed) mostUsed = usage.used;
  if (usage.used + usage.pooled > usage.peak) usage.peak = usage.used + usage.pooled;
  return block + 1;
}

void release(void* memory) {
  if (!memory) return;
  Header* block = static_cast<Header*>(memory) - 1;
  const Locked locked(lock);
  usage.used -= block->bytes;
  usage.blocks--;
  usage.pooled += block->bytes;
  block->next = freeBlocks[block->sizeClass];
  freeBlocks[block->sizeClass] = block;
  if (block->sizeClass > largestFree) largestFree = block->sizeClass;
  shrinkPool(poolLimit());
}

MemoryUsage memoryUsage() {
  const Locked locked(lock);
  return usage;
}

void emptyPool() {
  const Locked locked(lock);
  shrinkPool(0);
}

}  // namespace counterweight
