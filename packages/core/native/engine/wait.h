// Waiting on a word of memory until another thread changes it: what locks and the pool of threads are made of. C++'s own
// where there is one; in WebAssembly its instruction. A page's main thread may not wait there: it computes alone.
#pragma once
#include <atomic>
#include <cstdint>

namespace counterweight {

using Word = std::atomic<int32_t>;

// Returns when the word is not `value` any more, or at some time before.
inline void waitWhile(Word& word, int32_t value) {
#if defined(__wasm__)
#if defined(__wasm_atomics__)
  __builtin_wasm_memory_atomic_wait32(reinterpret_cast<int32_t*>(&word), value, -1);
#endif
#else
  word.wait(value);
#endif
}

inline void wakeAll(Word& word) {
#if defined(__wasm__)
#if defined(__wasm_atomics__)
  __builtin_wasm_memory_atomic_notify(reinterpret_cast<int32_t*>(&word), 0x7fffffff);
#endif
#else
  word.notify_all();
#endif
}

}  // namespace counterweight
