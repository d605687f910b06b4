#include "parallel.h"

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <cstdlib>
#include <mutex>
#include <system_error>
#include <thread>

namespace counterweight {
namespace {

class Pool {
 public:
  Pool() {
    const int64_t helpers = static_cast<int64_t>(std::thread::hardware_concurrency()) - 1;
    for (int64_t i = 0; i < helpers; i++) {
      try {
        std::thread([this] { help(); }).detach();
      } catch (const std::system_error&) {
        break;  // fewer threads, then
      }
    }
  }

  void run(int64_t count, const std::function<void(int64_t)>& work) {
    std::lock_guard<std::mutex> oneAtATime(callers_);
    {
      std::lock_guard<std::mutex> lock(mutex_);
      work_ = &work;
      count_ = count;
      next_ = 0;
      round_++;
    }
    wake_.notify_all();
    takeWork(count, work);
    std::unique_lock<std::mutex> lock(mutex_);
    done_.wait(lock, [this] { return busy_ == 0; });
    work_ = nullptr;
  }

 private:
  void takeWork(int64_t count, const std::function<void(int64_t)>& work) {
    for (int64_t index = next_++; index < count; index = next_++) work(index);
  }

  void help() {
    int64_t seen = 0;
    std::unique_lock<std::mutex> lock(mutex_);
    for (;;) {
      wake_.wait(lock, [&] { return round_ != seen; });
      seen = round_;
      if (!work_) continue;  // woken after the others had done it all
      busy_++;
      const auto* work = work_;
      const int64_t count = count_;
      lock.unlock();
      takeWork(count, *work);
      lock.lock();
      if (--busy_ == 0) done_.notify_all();
    }
  }

  std::mutex callers_;
  std::mutex mutex_;
  std::condition_variable wake_;
  std::condition_variable done_;
  const std::function<void(int64_t)>* work_ = nullptr;
  int64_t count_ = 0;
  std::atomic<int64_t> next_{0};
  int64_t round_ = 0;
  int64_t busy_ = 0;
};

struct Scratch {
  float* memory = nullptr;
  size_t bytes = 0;
  ~Scratch() { std::free(memory); }
};

}  // namespace

void parallelFor(int64_t count, const std::function<void(int64_t)>& work) {
  // Never taken down: its threads sleep until the process ends, and must not outlive what they wait on.
  static Pool* pool = new Pool;
  if (count > 0) pool->run(count, work);
}

void parallelRows(int64_t rows, int64_t rowCost, const std::function<void(int64_t, int64_t)>& work) {
  constexpr int64_t smallest = 16384;  // values
  const int64_t most = 4 * static_cast<int64_t>(std::max(1u, std::thread::hardware_concurrency()));
  const int64_t stretches = std::max<int64_t>(1, std::min({most, rows, rows * rowCost / smallest}));
  if (stretches == 1) {
    if (rows > 0) work(0, rows);
    return;
  }
  parallelFor(stretches, [&](int64_t i) { work(rows * i / stretches, rows * (i + 1) / stretches); });
}

float* threadScratch(int64_t floats) {
  static thread_local Scratch scratch;
  // Never none: whoever asks for nothing takes null for a lack of memory.
  const size_t bytes = (static_cast<size_t>(floats) * sizeof(float) / 64 + 1) * 64;
  if (bytes > scratch.bytes) {
    std::free(scratch.memory);
    void* memory = nullptr;
    const bool got = posix_memalign(&memory, 64, bytes) == 0;
    scratch.memory = got ? static_cast<float*>(memory) : nullptr;
    scratch.bytes = got ? bytes : 0;
  }
  return scratch.memory;
}

}  // namespace counterweight
