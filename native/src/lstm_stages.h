// Where the time of a recurrent layer goes, on each thread.
#pragma once
#include <chrono>

namespace mimir {

enum LstmStage {
  kPacking,
  kInputProducts,
  kRecurrentProducts,
  kPointwise,
  kWaiting,
  kInputGradients,
  kWeightGradients,
  kLstmStages
};

extern thread_local double lstm_stages[kLstmStages];

// A reading takes some tens of nanoseconds, a stage of one step microseconds.
class StageClock {
 public:
  void end(LstmStage stage) {
    const auto now = std::chrono::steady_clock::now();
    lstm_stages[stage] += std::chrono::duration<double>(now - last_).count();
    last_ = now;
  }

 private:
  std::chrono::steady_clock::time_point last_ = std::chrono::steady_clock::now();
};

}  // namespace mimir
