// The engine as a WebAssembly module. See engine/engine.h for what goes through the mailbox. The module takes its memory,
// which threads share, from JavaScript; a worker that enters helpForever() with a stack and thread-local variables of its
// own is one of the engine's threads.
#if defined(__wasm__)
#include <cstddef>
#include <cstdlib>

#include "engine.h"
#include "memory.h"
#include "parallel.h"

#define EXPORT(name) __attribute__((export_name(#name)))

using namespace counterweight;

extern "C" {
EXPORT(mailbox) double* wasmMailbox() { return mailbox(); }
EXPORT(run) int wasmRun() { return run() ? 0 : 1; }
EXPORT(message) const char* wasmMessage() { return message(); }
EXPORT(describe) const char* wasmDescribe() { return describe().c_str(); }
EXPORT(setThreads) void wasmSetThreads(int count) { setThreads(count); }
EXPORT(threads) int wasmThreads() { return threads(); }
EXPORT(helpForever) void wasmHelpForever() { helpForever(); }
// For a thread's stack and variables; for ever, and no part of what memoryUsage() counts.
EXPORT(reserve) void* wasmReserve(size_t bytes) { return std::malloc(bytes); }
EXPORT(allocate) void* wasmAllocate(size_t bytes) { return allocate(bytes); }
EXPORT(free) void wasmFree(void* block) { release(block); }
EXPORT(emptyPool) void wasmEmptyPool() { emptyPool(); }

// used, pooled, peak, blocks
EXPORT(memoryUsage) const size_t* wasmMemoryUsage() {
  static size_t parts[4];
  const MemoryUsage usage = memoryUsage();
  parts[0] = usage.used;
  parts[1] = usage.pooled;
  parts[2] = usage.peak;
  parts[3] = usage.blocks;
  return parts;
}

EXPORT(instructionSet) const char* wasmInstructionSet() {
#if defined(__wasm_relaxed_simd__)
  return "relaxed-simd";
#else
  return "simd128";
#endif
}
}
#endif
