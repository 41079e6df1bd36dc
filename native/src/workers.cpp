#include "workers.h"

#include <utility>

#include "guarded.h"

namespace mimir {

namespace {
// About 20 microseconds: the gaps between the products of a training step are shorter, those between steps are not.
constexpr int kSpins = 400;

inline void pause() {
#if defined(__x86_64__)
  __builtin_ia32_pause();
#endif
}
}  // namespace

Workers& Workers::shared() {
  static Workers workers;
  return workers;
}

Workers::~Workers() { stop(); }

void Workers::stop() {
  {
    std::lock_guard<std::mutex> lock(sleep_);
    stopping_ = true;
    round_.fetch_add(1);
  }
  wake_.notify_all();
  for (auto& thread : threads_) thread.join();
  threads_.clear();
  stopping_ = false;
}

void Workers::resize(int count) {
  std::lock_guard<std::mutex> lock(busy_);
  if (count == count_.load()) return;
  stop();
  count_.store(count);
  const uint32_t seen = round_.load();
  for (int i = 1; i < count; ++i) threads_.emplace_back([this, i, seen] { loop(i, seen); });
}

void Workers::loop(int index, uint32_t seen) {
  for (;;) {
    for (int i = 0; i < kSpins && round_.load(std::memory_order_acquire) == seen; ++i) pause();
    if (round_.load(std::memory_order_acquire) == seen) {
      std::unique_lock<std::mutex> lock(sleep_);
      wake_.wait(lock, [&] { return round_.load() != seen; });
    }
    if (stopping_) return;
    ++seen;
    run_part(job_, context_, index, count_.load(std::memory_order_relaxed));
    pending_.fetch_sub(1, std::memory_order_release);
  }
}

void Workers::run_part(Job job, void* context, int index, int count) noexcept {
  try {
    job(context, index, count);
  } catch (...) {
    std::lock_guard<std::mutex> lock(failing_);
    if (!failure_) failure_ = std::current_exception();
  }
}

void Workers::run_erased(Job job, bool together, void* context) {
  std::unique_lock<std::mutex> lock(busy_, std::try_to_lock);
  const int count = count_.load();
  if (!lock.owns_lock() || count == 1) {
    if (together) return job(context, 0, 1);
    for (int i = 0; i < count; ++i) job(context, i, count);
    return;
  }
  job_ = job;
  context_ = context;
  pending_.store(count - 1, std::memory_order_relaxed);
  {
    std::lock_guard<std::mutex> sleeping(sleep_);
    round_.fetch_add(1, std::memory_order_release);
  }
  wake_.notify_all();
  run_part(job, context, 0, count);
  for (int i = 0; pending_.load(std::memory_order_acquire) > 0; ++i) {
    if (i < kSpins * 16)
      pause();
    else
      std::this_thread::yield();
  }
  if (failure_) std::rethrow_exception(std::exchange(failure_, nullptr));
}

void Barrier::wait(int count) {
  if (count == 1) return;
  const uint32_t seen = round_.load(std::memory_order_relaxed);
  if (arrived_.fetch_add(1, std::memory_order_acq_rel) == count - 1) {
    arrived_.store(0, std::memory_order_relaxed);
    round_.store(seen + 1, std::memory_order_release);
    return;
  }
  for (int i = 0; round_.load(std::memory_order_acquire) == seen; ++i) {
    if (i < kSpins * 16)
      pause();
    else
      std::this_thread::yield();
  }
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

int mimir_get_threads(int* threads) {
  return guarded([&] { *threads = Workers::shared().count(); });
}

}  // extern "C"
