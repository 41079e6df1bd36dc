#include "lstm.h"

#include <utility>

#include "lstm_stages.h"

using namespace mimir;

namespace mimir {

LstmViews lstm_views(const mimir_lstm_direction& d, const Sequences& s, const LstmShape& shape) {
  float* at = d.workspace;
  const auto take = [&](int64_t rows, int64_t columns) { return std::exchange(at, at + rows * columns); };
  LstmViews v;
  v.gates = take(s.rows, 4 * shape.cells);
  v.cells = take(s.rows, shape.cells);
  v.hidden = take(s.rows, shape.cells);
  v.memory = take(s.rows, shape.cells);
  v.cells0 = take(s.sequences, shape.cells);
  v.output0 = take(s.sequences, shape.output);
  return v;
}

}  // namespace mimir

namespace {

LstmShape checked(const Sequences& s, int64_t input, int64_t cells, int64_t output,
                  const mimir_lstm_direction* directions, int count) {
  require(count == 1 || count == 2, "a recurrent layer has one or two directions, got ", count);
  for (int i = 0; i < count; ++i) {
    const auto& d = directions[i];
    const auto& p = d.values;
    require(!p.peephole_i == !p.peephole_f && !p.peephole_i == !p.peephole_o, "all three peepholes come together");
    require(p.w_p || output == cells, "without a projection there are as many outputs as cells");
    require(!d.state || !d.reverse, "a sequence that is read backwards carries no state");
    if (d.state) s.check_streams(d.streams);
  }
  return {input, cells, output, directions[0].values.w_p != nullptr, directions[0].values.peephole_i != nullptr};
}

}  // namespace

extern "C" {

int mimir_lstm_workspace(int64_t rows, int64_t sequences, int64_t cells, int64_t projection, int64_t* elements) {
  return guarded([&] { *elements = rows * 7 * cells + sequences * (cells + (projection > 0 ? projection : cells)); });
}

int mimir_lstm_forward(int64_t input, int64_t cells, int64_t output,
                       const mimir_sequences* sequences, const float* x, const mimir_lstm_direction* directions,
                       int count, const mimir_lstm_limits* limits, float* y) {
  return guarded([&] {
    const Sequences s(*sequences);
    const LstmShape shape = checked(s, input, cells, output, directions, count);
    lstm_forward({s, shape, directions, count, *limits, x, y});
  });
}

int mimir_lstm_backward(int64_t input, int64_t cells, int64_t output,
                        const mimir_sequences* sequences, const float* x, const mimir_lstm_direction* directions,
                        int count, const mimir_lstm_limits* limits, const float* y, float* dy, float* dx) {
  return guarded([&] {
    const Sequences s(*sequences);
    const LstmShape shape = checked(s, input, cells, output, directions, count);
    lstm_backward({s, shape, directions, count, *limits, x, const_cast<float*>(y)}, dy, dx);
  });
}

int mimir_lstm_stages(double seconds[7]) {
  return guarded([&] {
    for (int i = 0; i < kLstmStages; ++i) seconds[i] = std::exchange(lstm_stages[i], 0.0);
  });
}

}  // extern "C"
