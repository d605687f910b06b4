#include "parallel.h"

#include <algorithm>
#if !defined(__wasm__)
#include <cstdlib>
#include <system_error>
#include <thread>
#endif

#include "lock.h"
#include "memory.h"

namespace counterweight {
namespace {

class Pool {
 public:
  void setThreads(int count) {
    const Locked oneAtATime(callers_);
    threads_ = std::max(1, count);
    start();
  }

  int threads() {
    if (threads_ == 0) setThreads(defaultThreads());
    return threads_;
  }

  void run(int64_t count, const std::function<void(int64_t)>& work) {
    if (threads() == 1 || count == 1) {
      for (int64_t index = 0; index < count; index++) work(index);
      return;
    }
    const Locked oneAtATime(callers_);
    work_ = &work;
    count_ = count;
    next_ = 0;
    places_ = threads_ - 1;
    open_ = 1;
    round_++;
    if (sleeping_ > 0) wakeAll(round_);
    takeWork();
    open_ = 0;
    waitUntil(busy_, [](int32_t busy) { return busy == 0; });
  }

  void help() {
    int32_t seen = 0;
    for (;;) {
      sleeping_++;
      waitUntil(round_, [seen](int32_t round) { return round != seen; });
      sleeping_--;
      seen = round_;
      // Whoever is busy before the caller has closed the round is waited for; whoever comes later sees that it is closed.
      busy_++;
      if (open_ != 0 && places_-- > 0) takeWork();
      if (--busy_ == 0) wakeAll(busy_);
    }
  }

 private:
  static int defaultThreads() {
#if defined(__wasm__)
    return 1;
#else
    return static_cast<int>(std::max(1u, std::thread::hardware_concurrency()));
#endif
  }

  void start() {
#if !defined(__wasm__)
    for (; started_ < threads_ - 1; started_++) {
      try {
        std::thread([this] { help(); }).detach();
      } catch (const std::system_error&) {
        break;  // fewer threads, then
      }
    }
#endif
  }

  void takeWork() {
    const auto& work = *work_;
    const int64_t count = count_;
    for (int64_t index = next_++; index < count; index = next_++) work(index);
  }

  // Threads sleep at once, and never spin: whoever else computes on this machine needs the processor, and a thread that
  // has slept is served sooner when it has work. Spinning for 20 microseconds made a step twice as slow beside others.
  template <typename Condition>
  static void waitUntil(Word& word, Condition holds) {
    for (int32_t value = word.load(); !holds(value); value = word.load()) waitWhile(word, value);
  }

  Lock callers_;
  int threads_ = 0;  // not asked for yet
  [[maybe_unused]] int started_ = 0;
  const std::function<void(int64_t)>* work_ = nullptr;
  int64_t count_ = 0;
  std::atomic<int64_t> next_{0};
  Word round_{0};
  Word open_{0};
  Word places_{0};  // helpers that may join the round
  Word busy_{0};
  Word sleeping_{0};
};

// Never taken down: its threads sleep until the process ends, and must not outlive what they wait on.
Pool& pool() {
  static Pool* const only = new Pool;
  return *only;
}

struct Scratch {
  void* memory = nullptr;
  size_t bytes = 0;
  ~Scratch() { release(memory); }
};

}  // namespace

void setThreads(int count) { pool().setThreads(count); }

int threads() { return pool().threads(); }

void helpForever() { pool().help(); }

void parallelFor(int64_t count, const std::function<void(int64_t)>& work) {
  if (count > 0) pool().run(count, work);
}

void parallelRows(int64_t rows, int64_t rowCost, const std::function<void(int64_t, int64_t)>& work) {
  constexpr int64_t smallest = 16384;  // values
  const int64_t most = 4 * threads();
  const int64_t stretches = std::max<int64_t>(1, std::min({most, rows, rows * rowCost / smallest}));
  if (stretches == 1) {
    if (rows > 0) work(0, rows);
    return;
  }
  parallelFor(stretches, [&](int64_t i) { work(rows * i / stretches, rows * (i + 1) / stretches); });
}

float* threadScratch(int64_t floats) {
  static thread_local Scratch scratch;
  const size_t bytes = static_cast<size_t>(floats) * sizeof(float);
  if (!scratch.memory || bytes > scratch.bytes) {
    release(scratch.memory);
    scratch.memory = allocate(bytes);
    scratch.bytes = scratch.memory ? bytes : 0;
  }
  return static_cast<float*>(scratch.memory);
}

}  // namespace counterweight
