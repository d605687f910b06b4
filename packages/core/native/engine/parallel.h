// Threads of our own for the kernels.
#pragma once
#include <cstdint>
#include <functional>

namespace counterweight {

// How many threads compute, the calling one among them. At least 1.
void setThreads(int count);
int threads();

// Calls work(index) for every index below count, on all threads, and returns when all is done.
void parallelFor(int64_t count, const std::function<void(int64_t)>& work);

// Calls work(from, to) for stretches of `rows` that make up all of it: several for every thread, none of them so small
// that handing it out costs more than doing it. `rowCost` is about how many values a row holds.
void parallelRows(int64_t rows, int64_t rowCost, const std::function<void(int64_t, int64_t)>& work);

// A buffer of the calling thread, aligned to 64 bytes; valid until that thread's next call. Null without memory.
float* threadScratch(int64_t floats);

// What a helping thread does until the process ends. Where threads are not made here (WebAssembly's workers), they call it.
void helpForever();

}  // namespace counterweight
