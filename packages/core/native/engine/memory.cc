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
  Header* next;      // free ones of the class
  Header* previous;
  Header* newer;     // free ones, by when they were released
  Header* older;
  size_t bytes;      // of header and block
  int sizeClass;
};
static_assert(sizeof(Header) == alignment);

// What waits and what is used are together hardly more than was ever in use at one time: this much. A step's activations are
// freed and asked for again, and what the system gives anew it has to clear, which takes a tenth of a step's time.
constexpr size_t slack = size_t{16} << 20;
Lock lock;
Header* freeBlocks[classes];  // the newest of a class
Header* newest;
Header* oldest;
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

// What may wait when these bytes are in use. Where the system keeps what is given back, nothing waits here: there, larger blocks
// can be made of it.
size_t poolLimit(size_t used) { return systemKeeps ? 0 : larger(mostUsed, used) - used + slack; }

void putFree(Header* block) {
  Header*& first = freeBlocks[block->sizeClass];
  *block = {.next = first, .previous = nullptr, .newer = nullptr, .older = newest, .bytes = block->bytes, .sizeClass = block->sizeClass};
  if (first) first->previous = block;
  first = block;
  (newest ? newest->newer : oldest) = block;
  newest = block;
  usage.pooled += block->bytes;
}

void removeFree(Header* block) {
  (block->previous ? block->previous->next : freeBlocks[block->sizeClass]) = block->next;
  if (block->next) block->next->previous = block->previous;
  (block->newer ? block->newer->older : newest) = block->older;
  (block->older ? block->older->newer : oldest) = block->newer;
  usage.pooled -= block->bytes;
}

Header* takeFree(int sizeClass) {
  Header* block = freeBlocks[sizeClass];
  if (block) removeFree(block);
  return block;
}

// Those go first that have waited longest: what nobody asks for any more must not crowd out what is asked for again and again.
void shrinkPool(size_t limit) {
  while (usage.pooled > limit && oldest) {
    Header* block = oldest;
    removeFree(block);
    systemRelease(block, block->bytes);
  }
}

Header* newBlock(size_t bytes) {
  shrinkPool(poolLimit(usage.used + bytes));
  void* block = systemAllocate(bytes);
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
  putFree(block);
  shrinkPool(poolLimit(usage.used));
}

MemoryUsage memoryUsage() {
  const Locked locked(lock);
  MemoryUsage now = usage;
  // What the system keeps of what was used once is there for the next who asks, too.
  if (systemKeeps) now.pooled = usage.peak - usage.used;
  return now;
}

void emptyPool() {
  const Locked locked(lock);
  shrinkPool(0);
  mostUsed = usage.used;
}

}  // namespace counterweight
