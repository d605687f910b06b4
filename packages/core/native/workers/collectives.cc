#include "collectives.h"

#include <sched.h>
#include <time.h>

#include <algorithm>
#include <chrono>

namespace counterweight::workers {
namespace {

constexpr int tag = 0;
// MPI_THREAD_FUNNELED: the process has threads, and one of them calls.
constexpr int funneled = 1;
// Values that are received at a time from each worker, so that what is added up lies in the processor's cache.
constexpr int64_t stretch = 1 << 17;
// A message's length is an int.
constexpr size_t longestMessage = size_t{1} << 30;

// How long somebody waits before looking again. A message that is on its way is looked for all the time. Who waits longer
// sleeps an eighth of what it has waited: on a machine with other work whoever has slept is served first, and who waits for
// another worker to evaluate leaves its processor to others.
class Patience {
 public:
  void wait() const {
    const int64_t waited = nanoseconds();
    if (waited < 200'000) {
      sched_yield();
      return;
    }
    timespec pause{0, static_cast<long>(std::min(waited / 8, int64_t{2'000'000}))};
    nanosleep(&pause, nullptr);
  }

 private:
  int64_t nanoseconds() const {
    return std::chrono::duration_cast<std::chrono::nanoseconds>(std::chrono::steady_clock::now() - began_).count();
  }

  std::chrono::steady_clock::time_point began_ = std::chrono::steady_clock::now();
};

}  // namespace

std::string Collectives::open(const std::string& library) {
  const std::string problem = loadOpenMpi(library, mpi_);
  if (!problem.empty()) return problem;
  int provided = 0;
  if (mpi_.initThread(nullptr, nullptr, funneled, &provided) != 0) return mpi_.version + " does not start";
  isOpen_ = true;
  mpi_.rank(mpi_.world, &rank_);
  mpi_.size(mpi_.world, &size_);
  return "";
}

void Collectives::close() {
  if (isOpen_) mpi_.finalize();
  isOpen_ = false;
}

void Collectives::abort(int code) {
  if (isOpen_) mpi_.abort(mpi_.world, code);
}

void Collectives::send(const void* values, size_t bytes, int to) {
  for (size_t from = 0; from < bytes; from += longestMessage) {
    const int count = static_cast<int>(std::min(longestMessage, bytes - from));
    sending_.emplace_back();
    mpi_.send(static_cast<const char*>(values) + from, count, mpi_.byte, to, tag, mpi_.world, &sending_.back());
  }
}

void Collectives::receive(void* values, size_t bytes, int from, std::vector<OpenMpi::Handle>& requests) {
  for (size_t at = 0; at < bytes; at += longestMessage) {
    const int count = static_cast<int>(std::min(longestMessage, bytes - at));
    requests.emplace_back();
    mpi_.receive(static_cast<char*>(values) + at, count, mpi_.byte, from, tag, mpi_.world, &requests.back());
  }
}

void Collectives::waitFor(std::vector<OpenMpi::Handle>& requests) {
  const Patience patience;
  for (int done = 0; !done;) {
    mpi_.testAll(static_cast<int>(requests.size()), requests.data(), &done, nullptr);
    if (!done) patience.wait();
  }
  requests.clear();
}

std::vector<std::vector<uint8_t>> Collectives::exchange(const uint8_t* own, size_t bytes) {
  std::vector<uint64_t> lengths(static_cast<size_t>(size_));
  const uint64_t length = bytes;
  std::vector<OpenMpi::Handle> receiving;
  forOthers([&](int other) { receive(&lengths[static_cast<size_t>(other)], sizeof length, other, receiving); });
  forOthers([&](int other) { send(&length, sizeof length, other); });
  waitFor(receiving);
  std::vector<std::vector<uint8_t>> all(static_cast<size_t>(size_));
  forOthers([&](int other) {
    std::vector<uint8_t>& theirs = all[static_cast<size_t>(other)];
    theirs.resize(lengths[static_cast<size_t>(other)]);
    receive(theirs.data(), theirs.size(), other, receiving);
  });
  forOthers([&](int other) { send(own, bytes, other); });
  waitFor(receiving);
  waitFor(sending_);
  all[static_cast<size_t>(rank_)].assign(own, own + bytes);
  return all;
}

void Collectives::sumParts(float* vector, const std::vector<int64_t>& bounds) {
  const auto [first, last] = std::pair{bounds[static_cast<size_t>(rank_)], bounds[static_cast<size_t>(rank_) + 1]};
  const int64_t stretches = (last - first + stretch - 1) / stretch;
  forOthers([&](int other) {
    for (int64_t from = bounds[static_cast<size_t>(other)]; from < bounds[static_cast<size_t>(other) + 1]; from += stretch) {
      const int64_t count = std::min(stretch, bounds[static_cast<size_t>(other) + 1] - from);
      send(vector + from, static_cast<size_t>(count) * sizeof(float), other);
    }
  });
  // While one stretch is added up, the next one comes in.
  const auto others = static_cast<size_t>(size_) - 1;
  const auto room = static_cast<size_t>(std::min(stretch, last - first));
  std::vector<float> theirs[2] = {std::vector<float>(others * room), std::vector<float>(others * room)};
  std::vector<OpenMpi::Handle> receiving[2];
  const auto ask = [&](int64_t index) {
    if (index >= stretches) return;
    const auto count = static_cast<size_t>(std::min(stretch, last - first - index * stretch));
    forOthers([&](int other) {
      float* place = theirs[index % 2].data() + static_cast<size_t>(other < rank_ ? other : other - 1) * room;
      receive(place, count * sizeof(float), other, receiving[index % 2]);
    });
  };
  ask(0);
  for (int64_t index = 0; index < stretches; index++) {
    ask(index + 1);
    waitFor(receiving[index % 2]);
    float* own = vector + first + index * stretch;
    const int64_t count = std::min(stretch, last - first - index * stretch);
    const float* given = theirs[index % 2].data();
    // In the order of the ranks: those before this one are added up in the first one's place.
    for (int other = 1; other < rank_; other++) {
      float* sum = theirs[index % 2].data();
      const float* next = given + static_cast<size_t>(other) * room;
      for (int64_t i = 0; i < count; i++) sum[i] += next[i];
    }
    if (rank_ > 0) {
      for (int64_t i = 0; i < count; i++) own[i] = given[i] + own[i];
    }
    for (int other = rank_ + 1; other < size_; other++) {
      const float* next = given + static_cast<size_t>(other - 1) * room;
      for (int64_t i = 0; i < count; i++) own[i] += next[i];
    }
  }
  waitFor(sending_);
}

void Collectives::shareParts(float* vector, const std::vector<int64_t>& bounds) {
  const auto bytesOf = [&](int worker) {
    return static_cast<size_t>(bounds[static_cast<size_t>(worker) + 1] - bounds[static_cast<size_t>(worker)]) * sizeof(float);
  };
  std::vector<OpenMpi::Handle> receiving;
  forOthers([&](int other) { receive(vector + bounds[static_cast<size_t>(other)], bytesOf(other), other, receiving); });
  forOthers([&](int other) { send(vector + bounds[static_cast<size_t>(rank_)], bytesOf(rank_), other); });
  waitFor(receiving);
  waitFor(sending_);
}

}  // namespace counterweight::workers
