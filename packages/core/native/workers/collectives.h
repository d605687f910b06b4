// What workers that train one model together do with each other. Every worker calls the same functions in the same
// order. Sums are made in the order of the ranks, whatever the network, so that they are the same bits each time.
#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "open-mpi.h"

namespace counterweight::workers {

class Collectives {
 public:
  // Joins the others. What went wrong, or nothing.
  std::string open(const std::string& library);
  void close();
  // Ends all workers, now.
  void abort(int code);

  int rank() const { return rank_; }
  int size() const { return size_; }
  const std::string& version() const { return mpi_.version; }

  // Everybody's bytes, by rank.
  std::vector<std::vector<uint8_t>> exchange(const uint8_t* own, size_t bytes);

  // bounds: size() + 1 of them; worker r's part of the vector is from bounds[r] to bounds[r + 1].
  // Afterwards this worker's part holds the sum of everybody's values there; the other parts are as they were.
  void sumParts(float* vector, const std::vector<int64_t>& bounds);
  // Afterwards every part holds what its worker has there.
  void shareParts(float* vector, const std::vector<int64_t>& bounds);

 private:
  void send(const void* values, size_t bytes, int to);
  void receive(void* values, size_t bytes, int from, std::vector<OpenMpi::Handle>& requests);
  void waitFor(std::vector<OpenMpi::Handle>& requests);
  // Calls visit(other) for the others, each worker beginning at another one.
  template <typename Visit>
  void forOthers(Visit visit) const {
    for (int i = 1; i < size_; i++) visit((rank_ + i) % size_);
  }

  OpenMpi mpi_;
  int rank_ = 0;
  int size_ = 1;
  bool isOpen_ = false;
  std::vector<OpenMpi::Handle> sending_;
};

}  // namespace counterweight::workers
