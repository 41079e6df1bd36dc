// What the quick passes of LSTM layers share: a layer as plain memory, and its division into pieces.
#pragma once
#include <cstring>
#include <limits>
#include <vector>

#include "lstm.h"
#include "lstm_kernels.h"
#include "lstm_stages.h"
#include "packed_gemm.h"
#include "scratch.h"
#include "workers.h"

namespace mimir {

// Cells are cut where lines of the cache end, outputs where vectors do.
inline constexpr int64_t kCellGrain = 16, kOutputGrain = 8;

// One direction of a layer as plain memory.
struct LstmLayer {
  const Sequences& s;
  LstmShape shape;
  bool reverse, carries;
  const mimir_lstm_parameters &values, &gradients;
  LstmCells cells_of_layer;
  const float* x;
  float *gates, *cells, *hidden, *memory, *cells0, *output0;
  float* y;  // outputs in the forward pass
  int64_t y_stride;

  LstmLayer(const LstmCall& call, int index)
      : s(call.s),
        shape(call.shape),
        reverse(call.directions[index].reverse != 0),
        carries(call.directions[index].state && call.s.given.streams),
        values(call.directions[index].values),
        gradients(call.directions[index].gradients),
        x(call.x),
        y(call.y + index * call.shape.output),
        y_stride(call.shape.output * call.count) {
    const LstmViews v = lstm_views(call.directions[index], s, shape);
    gates = v.gates;
    cells = v.cells;
    hidden = v.hidden;
    memory = v.memory;
    cells0 = v.cells0;
    output0 = v.output0;
    const auto or_none = [](double limit) {
      return limit > 0 ? static_cast<float>(limit) : std::numeric_limits<float>::infinity();
    };
    cells_of_layer = {shape.cells,
                      shape.cells,
                      values.bias,
                      values.peephole_i,
                      values.peephole_f,
                      values.peephole_o,
                      or_none(call.limits.cell_clip),
                      or_none(call.limits.diff_clip),
                      or_none(call.limits.cell_diff_clip)};
  }

  int64_t step(int64_t i, bool forwards) const { return forwards == reverse ? s.steps - 1 - i : i; }

  // The step that the recurrence comes from, and how many of the rows of `t` it has.
  int64_t before(int64_t t) const { return reverse ? t + 1 : t - 1; }
  int64_t after(int64_t t) const { return reverse ? t - 1 : t + 1; }
  int64_t shared(int64_t t, int64_t neighbour) const {
    return neighbour >= 0 && neighbour < s.steps ? std::min(s.count(t), s.count(neighbour)) : 0;
  }

  LstmCells cells_in(const Range& own) const {
    LstmCells part = cells_of_layer;
    part.count = own.size();
    part.bias += own.begin;
    if (part.peephole_i) {
      part.peephole_i += own.begin;
      part.peephole_f += own.begin;
      part.peephole_o += own.begin;
    }
    return part;
  }

  // The state that the cells of row `i` of step t go on from.
  const float* cells_before(int64_t t, int64_t i) const {
    const int64_t from = before(t);
    return i < shared(t, from) ? cells + (s.begin(from) + i) * shape.cells : cells0 + i * shape.cells;
  }

  const float* output_before(int64_t t, int64_t i) const {
    const int64_t from = before(t);
    return i < shared(t, from) ? y + (s.begin(from) + i) * y_stride : output0 + i * shape.output;
  }
};

// What one of the pieces of a direction owns: the gates and memory of some cells, and some of the outputs.
struct LstmShare {
  Range cells, outputs;

  LstmShare(const LstmShape& shape, int index, int count)
      : cells(mimir::share(shape.cells, index, count, kCellGrain)),
        outputs(shape.projects ? mimir::share(shape.output, index, count, kOutputGrain) : cells) {}
};

// Of the calling thread: for packed weights.
inline thread_local Scratch lstm_packing;

inline std::vector<LstmLayer> layers_of(const LstmCall& call) {
  std::vector<LstmLayer> layers;
  layers.reserve(call.count);
  for (int d = 0; d < call.count; ++d) layers.emplace_back(call, d);
  return layers;
}

// The memory that the largest of `pieces` shares takes.
template <typename Size>
int64_t largest(const LstmShape& shape, int pieces, Size&& size) {
  int64_t most = 0;
  for (int i = 0; i < pieces; ++i) most = std::max(most, size(shape, LstmShare(shape, i, pieces)));
  return Scratch::rounded(most);
}

// A call of one piece of one phase.
struct LstmPiece {
  int direction, index, count;
  LstmShare own;
  float* packed;  // of this piece, for all phases
  int64_t phase;
};

// Runs all phases of all directions in all threads: work(piece, clock), each piece with the packing memory that `size` says.
// Where the directions can go at once, each has its own half of the threads, and they never wait for each other.
template <typename Size, typename Work>
void run_phases(const LstmShape& shape, int directions, int64_t phases, Size&& size, Work&& work) {
  const int threads = Workers::shared().count();
  const bool parted = directions == 2 && threads % 2 == 0;
  const int pieces = parted ? threads / 2 : threads;
  const int64_t each = largest(shape, pieces, size);
  lstm_packing.reserve(directions * pieces * each);
  float* const packed = lstm_packing.take(directions * pieces * each);
  Phases first(pieces, phases), second(pieces, directions == 2 ? phases : 0);
  Workers::shared().run(threads, [&](int index, int) {
    const int begin = parted ? index % 2 : 0, own = parted ? index / 2 : index;
    for (int d = 0; d < directions; ++d) {
      const int direction = (begin + d) % 2;
      StageClock clock;
      (direction == 0 ? first : second)
          .take(
              own,
              [&](int64_t phase, int piece) {
                work(LstmPiece{direction, piece, pieces, LstmShare(shape, piece, pieces),
                               packed + (direction * pieces + piece) * each, phase},
                     clock);
              },
              [&] { clock.end(kWaiting); });
    }
  });
}

}  // namespace mimir
