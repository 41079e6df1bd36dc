// Memory that the calling thread keeps for the next call, so that a training step allocates nothing.
#pragma once
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <new>

namespace mimir {

class Scratch {
 public:
  // Makes room for `floats` floats and forgets what was taken.
  void reserve(int64_t floats) {
    taken_ = 0;
    if (floats <= size_) return;
    memory_.reset();
    size_ = 0;
    const int64_t rounded = (floats + kGrain - 1) / kGrain * kGrain;
    memory_.reset(static_cast<float*>(std::aligned_alloc(64, rounded * sizeof(float))));
    if (!memory_) throw std::bad_alloc();
    size_ = rounded;
  }

  // What take() uses up for `floats` floats.
  static int64_t rounded(int64_t floats) { return (floats + kGrain - 1) / kGrain * kGrain; }

  float* take(int64_t floats) {
    float* taken = memory_.get() + taken_;
    taken_ += rounded(floats);
    return taken;
  }

 private:
  static constexpr int64_t kGrain = 16;  // a line of the cache
  std::unique_ptr<float, decltype(&std::free)> memory_{nullptr, std::free};
  int64_t size_ = 0, taken_ = 0;
};

}  // namespace mimir
