// The threads of CPU compute: a few that live as long as the library, and a static partition of every job among them.
#pragma once
#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <exception>
#include <mutex>
#include <thread>
#include <vector>

namespace mimir {

// Runs a job in `count()` parts, part 0 on the calling thread. A part is a pure function of its index, so the result does
// not depend on which thread runs it or when; a caller that finds the workers busy runs all parts itself.
// What a part throws is thrown again by run(), after all parts have ended.
// BLAS libraries are called with one thread each from here: two thread pools of their own would only fight.
class Workers {
 public:
  static Workers& shared();
  ~Workers();

  int count() const { return count_.load(std::memory_order_relaxed); }
  void resize(int count);

  template <typename Part>
  void run(Part&& part) {
    run_erased([](void* p, int index, int count) { (*static_cast<std::remove_reference_t<Part>*>(p))(index, count); },
               false, &part);
  }

  // The same for a job whose parts wait for each other, at a Barrier: all at once, or one part alone where the workers are
  // busy or the caller is the only thread. Such a part must not throw.
  template <typename Part>
  void run_together(Part&& part) {
    run_erased([](void* p, int index, int count) { (*static_cast<std::remove_reference_t<Part>*>(p))(index, count); },
               true, &part);
  }

 private:
  using Job = void (*)(void* context, int index, int count);
  void run_erased(Job job, bool together, void* context);
  void loop(int index, uint32_t seen);
  void run_part(Job job, void* context, int index, int count) noexcept;
  void stop();

  std::atomic<int> count_{1};
  std::vector<std::thread> threads_;
  std::mutex busy_;  // held by the caller whose job the workers run
  std::mutex sleep_;
  std::condition_variable wake_;
  std::atomic<uint32_t> round_{0};
  std::atomic<int> pending_{0};
  std::mutex failing_;
  std::exception_ptr failure_;  // the first of the current job, guarded by failing_
  bool stopping_ = false;
  Job job_ = nullptr;
  void* context_ = nullptr;
};

// Where threads wait for the last of `count`, again and again: spinning, since the steps between are microseconds.
class Barrier {
 public:
  void wait(int count);

 private:
  alignas(64) std::atomic<int> arrived_{0};
  alignas(64) std::atomic<uint32_t> round_{0};
};

struct Range {
  int64_t begin, end;
  int64_t size() const { return end - begin; }
};

// Part `index` of `count` of [0, total), cut at multiples of `grain`.
inline Range share(int64_t total, int index, int count, int64_t grain = 1) {
  const int64_t grains = (total + grain - 1) / grain;
  const auto cut = [&](int64_t i) { return std::min(total, grains * i / count * grain); };
  return {cut(index), cut(index + 1)};
}

// Calls body(begin, end) over [0, total), in parallel when it is worth waking the workers.
template <typename Body>
void parallel_for(int64_t total, int64_t grain, int64_t worthwhile, Body&& body) {
  if (total < worthwhile || Workers::shared().count() == 1) {
    body(int64_t{0}, total);
    return;
  }
  Workers::shared().run([&](int index, int count) {
    const Range range = share(total, index, count, grain);
    if (range.size() > 0) body(range.begin, range.end);
  });
}

}  // namespace mimir
