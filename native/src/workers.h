// The threads of CPU compute: a few that live as long as the library.
#pragma once
#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <exception>
#include <mutex>
#include <thread>
#include <type_traits>
#include <vector>

namespace mimir {

// Runs a job in `count()` parts. The caller and whichever workers come take the parts one by one: the caller makes all that
// nobody else has begun, and never waits for a worker that has no core. A part is a pure function of its index, and no
// result depends on the number of parts. What a part throws is thrown again by run(), after all parts have ended.
// A caller that finds the workers busy runs all parts itself.
class Workers {
 public:
  static Workers& shared();
  ~Workers();

  int count() const { return count_.load(std::memory_order_relaxed); }
  void resize(int count);

  template <typename Part>
  void run(Part&& part) {
    run(count(), part);
  }
  // The same in so many parts, such as those that memory was laid out for.
  template <typename Part>
  void run(int parts, Part&& part) {
    run_erased([](void* p, int index, int count) { (*static_cast<std::remove_reference_t<Part>*>(p))(index, count); },
               &part, parts);
  }

 private:
  using Job = void (*)(void* context, int index, int count);
  void run_erased(Job job, void* context, int parts);
  void loop(uint64_t seen);
  void take_parts() noexcept;
  bool enter(uint64_t& seen);
  void leave();
  void stop();

  std::atomic<int> count_{1};
  std::vector<std::thread> threads_;
  std::mutex busy_;  // held by the caller whose job the workers run
  // The number of the job, whether it is open to workers, and how many of them are inside.
  alignas(64) std::atomic<uint64_t> gate_{0};
  alignas(64) std::atomic<int> next_{0};  // part
  alignas(64) std::atomic<int> sleepers_{0};
  std::mutex sleep_;
  std::condition_variable wake_, left_;
  std::mutex failing_;
  std::exception_ptr failure_;  // the first of the current job, guarded by failing_
  std::atomic<bool> stopping_{false};
  Job job_ = nullptr;
  void* context_ = nullptr;
  int parts_ = 1;
};

// A long job in phases of a few pieces each: a phase begins when the one before it has ended. Each thread makes its own
// piece of every phase, whose memory its core has near; a piece that its thread does not come for is made by another.
class Phases {
 public:
  Phases(int pieces, int64_t phases) : pieces_(pieces), phases_(phases), claims_(pieces) {}

  // Makes pieces until the last phase has ended. work(phase, piece) makes one and must not throw; waited() is called after
  // each wait.
  template <typename Work, typename Waited>
  void take(int own, Work&& work, Waited&& waited) {
    claims_[own].present.store(true, std::memory_order_relaxed);
    const auto make = [&](int piece, int64_t phase) {
      if (!claim(piece, phase)) return;
      work(phase, piece);
      end_piece();
    };
    for (int64_t phase; (phase = current()) < phases_;) {
      make(own, phase);
      for (int i = 1; i < pieces_; ++i) {
        const int piece = (own + i) % pieces_;
        if (!claims_[piece].present.load(std::memory_order_relaxed)) make(piece, phase);
      }
      if (!spin(phase)) {
        for (int i = 1; i < pieces_; ++i) make((own + i) % pieces_, phase);
        wait(phase);
      }
      waited();
    }
  }

 private:
  struct alignas(64) Claim {
    std::atomic<int64_t> next{0};  // phase whose piece is to be taken
    std::atomic<bool> present{false};
  };

  int64_t current() const { return done_.load(std::memory_order_acquire) / pieces_; }
  bool claim(int piece, int64_t phase);
  void end_piece();
  bool spin(int64_t phase) const;  // true when the phase has ended
  void wait(int64_t phase);

  int pieces_;
  int64_t phases_;
  std::vector<Claim> claims_;
  alignas(64) std::atomic<int64_t> done_{0};  // pieces, of all phases
  alignas(64) std::atomic<int> sleepers_{0};
  std::mutex sleep_;
  std::condition_variable wake_;
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
