#pragma once
#include "wait.h"

namespace counterweight {

// 0 free, 1 taken, 2 taken and waited for.
class Lock {
 public:
  void take() {
    int32_t expected = 0;
    if (word_.compare_exchange_strong(expected, 1)) return;
    while (word_.exchange(2) != 0) waitWhile(word_, 2);
  }
  void leave() {
    if (word_.exchange(0) == 2) wakeAll(word_);
  }

 private:
  Word word_{0};
};

class Locked {
 public:
  explicit Locked(Lock& lock) : lock_(lock) { lock_.take(); }
  Locked(const Locked&) = delete;
  Locked& operator=(const Locked&) = delete;
  ~Locked() { lock_.leave(); }

 private:
  Lock& lock_;
};

}  // namespace counterweight
