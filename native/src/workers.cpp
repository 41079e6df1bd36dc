#include "workers.h"

#include <chrono>
#include <utility>

#include "guarded.h"

namespace mimir {

namespace {

constexpr uint64_t kOpen = 1 << 15, kInside = kOpen - 1, kNumber = ~(kOpen | kInside);

inline void pause() {
#if defined(__x86_64__)
  __builtin_ia32_pause();
#endif
}

using Clock = std::chrono::steady_clock;

// Waits for a condition: spinning at first, since the gaps within a training step are microseconds, then with the core left
// to others between the looks. False when the time is over; a thread that then sleeps is soon on a core again.
template <typename Condition>
bool wait_a_while(Condition&& condition, int spin_microseconds, int yield_microseconds) {
  constexpr int kLooks = 16;
  for (int i = 0; i < kLooks; ++i) {
    if (condition()) return true;
    pause();
  }
  const auto begin = Clock::now();
  const auto passed = [&] {
    return std::chrono::duration_cast<std::chrono::microseconds>(Clock::now() - begin).count();
  };
  while (passed() < spin_microseconds)
    for (int i = 0; i < kLooks; ++i) {
      if (condition()) return true;
      pause();
    }
  while (passed() < spin_microseconds + yield_microseconds) {
    if (condition()) return true;
    std::this_thread::yield();
  }
  return condition();
}

constexpr int kSpin = 15, kYield = 60;  // microseconds

}  // namespace

Workers& Workers::shared() {
  static Workers workers;
  return workers;
}

Workers::~Workers() { stop(); }

void Workers::stop() {
  {
    std::lock_guard<std::mutex> lock(sleep_);
    stopping_.store(true);
  }
  wake_.notify_all();
  for (auto& thread : threads_) thread.join();
  threads_.clear();
  stopping_.store(false);
}

void Workers::resize(int count) {
  std::lock_guard<std::mutex> lock(busy_);
  if (count == count_.load()) return;
  stop();
  count_.store(count);
  const uint64_t seen = gate_.load() & kNumber;
  for (int i = 1; i < count; ++i) threads_.emplace_back([this, seen] { loop(seen); });
}

// Goes inside a job that is open and was not seen before.
bool Workers::enter(uint64_t& seen) {
  uint64_t gate = gate_.load(std::memory_order_acquire);
  while ((gate & kOpen) && (gate & kNumber) != seen)
    if (gate_.compare_exchange_weak(gate, gate + 1, std::memory_order_acq_rel)) {
      seen = gate & kNumber;
      return true;
    }
  return false;
}

void Workers::leave() {
  const uint64_t before = gate_.fetch_sub(1, std::memory_order_acq_rel);
  if ((before & kInside) != 1 || (before & kOpen)) return;
  { std::lock_guard<std::mutex> lock(sleep_); }
  left_.notify_one();
}

void Workers::loop(uint64_t seen) {
  const auto called = [&] {
    const uint64_t gate = gate_.load();
    return stopping_.load() || ((gate & kOpen) && (gate & kNumber) != seen);
  };
  for (;;) {
    if (!wait_a_while(called, kSpin, kYield)) {
      std::unique_lock<std::mutex> lock(sleep_);
      sleepers_.fetch_add(1);
      wake_.wait(lock, called);
      sleepers_.fetch_sub(1);
    }
    if (stopping_.load()) return;
    if (!enter(seen)) continue;
    take_parts();
    leave();
  }
}

void Workers::take_parts() noexcept {
  for (int part; (part = next_.fetch_add(1, std::memory_order_relaxed)) < parts_;) {
    try {
      job_(context_, part, parts_);
    } catch (...) {
      std::lock_guard<std::mutex> lock(failing_);
      if (!failure_) failure_ = std::current_exception();
    }
  }
}

void Workers::run_erased(Job job, void* context, int parts) {
  std::unique_lock<std::mutex> lock(busy_, std::try_to_lock);
  if (!lock.owns_lock() || parts == 1 || count() == 1) {
    for (int i = 0; i < parts; ++i) job(context, i, parts);
    return;
  }
  job_ = job;
  context_ = context;
  parts_ = parts;
  next_.store(0, std::memory_order_relaxed);
  gate_.store(((gate_.load() & kNumber) + kOpen * 2) | kOpen);
  if (sleepers_.load() > 0) {
    { std::lock_guard<std::mutex> sleeping(sleep_); }
    wake_.notify_all();
  }
  take_parts();
  gate_.fetch_and(~kOpen, std::memory_order_acq_rel);
  const auto empty = [&] { return (gate_.load(std::memory_order_acquire) & kInside) == 0; };
  if (!wait_a_while(empty, kSpin * 4, 0)) {
    std::unique_lock<std::mutex> waiting(sleep_);
    left_.wait(waiting, empty);
  }
  if (failure_) std::rethrow_exception(std::exchange(failure_, nullptr));
}

bool Phases::claim(int piece, int64_t phase) {
  int64_t expected = phase;
  return claims_[piece].next.compare_exchange_strong(expected, phase + 1, std::memory_order_acq_rel);
}

void Phases::end_piece() {
  if ((done_.fetch_add(1) + 1) % pieces_ != 0 || sleepers_.load() == 0) return;
  { std::lock_guard<std::mutex> lock(sleep_); }
  wake_.notify_all();
}

bool Phases::spin(int64_t phase) const {
  return wait_a_while([&] { return current() > phase; }, kSpin, 0);
}

void Phases::wait(int64_t phase) {
  const auto ended = [&] { return done_.load() / pieces_ > phase; };
  if (wait_a_while(ended, kSpin, kYield)) return;
  std::unique_lock<std::mutex> lock(sleep_);
  sleepers_.fetch_add(1);
  wake_.wait(lock, ended);
  sleepers_.fetch_sub(1);
}

}  // namespace mimir

using namespace mimir;

extern "C" {

int mimir_set_threads(int threads) {
  return guarded([&] {
    require(threads >= 1, "the number of threads must be at least 1, got ", threads);
    Workers::shared().resize(threads);
  });
}

}  // extern "C"
