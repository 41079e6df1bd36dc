#include "lstm_fast.h"

#include <cstring>
#include <limits>

#include "lstm_kernels.h"
#include "lstm_stages.h"
#include "packed_gemm.h"
#include "scratch.h"
#include "workers.h"

namespace mimir {

thread_local double lstm_stages[kLstmStages];

namespace {

// Cells are cut where lines of the cache end, outputs where vectors do.
constexpr int64_t kCellGrain = 16, kOutputGrain = 8;

const float* floats_or_null(const mimir_tensor* t) { return t ? floats(t->value) : nullptr; }

// One direction of a layer as plain memory.
struct Layer {
  const Sequences& s;
  LstmShape shape;
  bool reverse, carries;
  const mimir_lstm_parameters &values, &gradients;
  LstmViews views;
  LstmCells cells_of_layer;
  const float* x;
  float *gates, *cells, *hidden, *memory, *cells0, *output0;
  float* y;  // outputs in the forward pass
  int64_t y_stride;

  Layer(const Sequences& sequences, const LstmShape& of, const mimir_lstm_direction& d, const mimir_lstm_limits& limits,
        const at::Tensor& inputs, const at::Tensor& outputs, int index)
      : s(sequences),
        shape(of),
        reverse(d.reverse != 0),
        carries(d.state && sequences.given.streams),
        values(d.values),
        gradients(d.gradients),
        views(lstm_views(d, sequences, of)),
        x(floats(inputs)),
        gates(floats(views.gates)),
        cells(floats(views.cells)),
        hidden(floats(views.hidden)),
        memory(floats(views.memory)),
        cells0(floats(views.cells0)),
        output0(floats(views.output0)),
        y(floats(outputs) + index * of.output),
        y_stride(outputs.size(1)) {
    const auto or_none = [](double limit) {
      return limit > 0 ? static_cast<float>(limit) : std::numeric_limits<float>::infinity();
    };
    cells_of_layer = {of.cells,
                      of.cells,
                      floats(values.bias->value),
                      floats_or_null(values.peephole_i),
                      floats_or_null(values.peephole_f),
                      floats_or_null(values.peephole_o),
                      or_none(limits.cell_clip),
                      or_none(limits.diff_clip),
                      or_none(limits.cell_diff_clip)};
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

// What one of the threads of a direction owns: the gates and memory of some cells, and some of the outputs.
struct Share {
  Range cells, outputs;

  Share(const LstmShape& shape, int index, int count)
      : cells(mimir::share(shape.cells, index, count, kCellGrain)),
        outputs(shape.projects ? mimir::share(shape.output, index, count, kOutputGrain) : cells) {}
};

// The threads of a job: where the directions of a layer go at once, each has its own team.
struct Teams {
  int count, directions;
  bool parted;

  Teams(int threads, int of) : count(threads), directions(of), parted(of == 2 && threads % 2 == 0) {}

  int size() const { return parted ? count / 2 : count; }

  // Calls work(direction, index in the team, threads of the team) for each direction that thread `index` works on.
  template <typename Work>
  void each(int index, Work&& work) const {
    if (parted) return work(index % 2, index / 2, size());
    for (int d = 0; d < directions; ++d) work(d, index, count);
  }
};

// ---- forward ----

int64_t forward_scratch(const LstmShape& shape, const Share& own) {
  const int64_t input = 4 * packed_size(own.cells.size(), shape.input);
  const int64_t recurrent = 4 * packed_size(own.cells.size(), shape.output);
  const int64_t projection = shape.projects ? packed_size(own.outputs.size(), shape.cells) : 0;
  return std::max(input, recurrent + projection);
}

void pack_gates(const float* w, int64_t columns, const Layer& layer, const Range& own, float* packed) {
  for (int q = 0; q < 4; ++q)
    pack_weights(w + (q * layer.shape.cells + own.begin) * columns, columns, true, own.size(), columns,
                 packed + q * packed_size(own.size(), columns));
}

// gates (+)= inputs * w^T for the gates of the own cells.
void multiply_gates(const float* inputs, int64_t stride, int64_t rows, const float* packed, int64_t columns,
                    const Layer& layer, const Range& own, int64_t row, bool add) {
  const int64_t c = layer.shape.cells;
  for (int q = 0; q < 4; ++q)
    packed_gemm(inputs, stride, rows, packed + q * packed_size(own.size(), columns), own.size(), columns,
                layer.gates + row * 4 * c + q * c + own.begin, 4 * c, add);
}

void forward(const Layer& layer, const Share& own, float* packed, int count, Barrier& barrier) {
  const auto& s = layer.s;
  const int64_t c = layer.shape.cells, r = layer.shape.output;
  StageClock clock;
  pack_gates(floats(layer.values.w_x->value), layer.shape.input, layer, own.cells, packed);
  clock.end(kPacking);
  multiply_gates(layer.x, layer.shape.input, s.rows, packed, layer.shape.input, layer, own.cells, 0, false);
  clock.end(kInputProducts);

  float* projection = packed + 4 * packed_size(own.cells.size(), r);
  pack_gates(floats(layer.values.w_r->value), r, layer, own.cells, packed);
  if (layer.shape.projects)
    pack_weights(floats(layer.values.w_p->value) + own.outputs.begin * c, c, true, own.outputs.size(), c, projection);
  clock.end(kPacking);

  const LstmCells cells = layer.cells_in(own.cells);
  for (int64_t i = 0; i < s.steps; ++i) {
    const int64_t t = layer.step(i, true), row = s.begin(t), rows = s.count(t), from = layer.before(t);
    const int64_t have = layer.shared(t, from);
    if (have > 0)
      multiply_gates(layer.y + s.begin(from) * layer.y_stride, layer.y_stride, have, packed, r, layer, own.cells, row, true);
    if (layer.carries && have == 0)
      multiply_gates(layer.output0, r, rows, packed, r, layer, own.cells, row, true);
    clock.end(kRecurrentProducts);
    float* memory = layer.shape.projects ? layer.memory + row * c : layer.y + row * layer.y_stride;
    const int64_t memory_stride = layer.shape.projects ? c : layer.y_stride;
    for (int64_t k = 0; k < rows; ++k) {
      const int64_t at = (row + k) * c + own.cells.begin;
      lstm_cells_forward(cells, layer.gates + (row + k) * 4 * c + own.cells.begin,
                         layer.cells_before(t, k) + own.cells.begin, layer.cells + at, layer.hidden + at,
                         memory + k * memory_stride + own.cells.begin);
    }
    clock.end(kPointwise);
    barrier.wait(count);
    clock.end(kWaiting);
    if (!layer.shape.projects) continue;
    packed_gemm(memory, c, rows, projection, own.outputs.size(), c, layer.y + row * layer.y_stride + own.outputs.begin,
                layer.y_stride, false);
    clock.end(kRecurrentProducts);
    barrier.wait(count);
    clock.end(kWaiting);
  }
}

// ---- backward ----

int64_t backward_scratch(const LstmShape& shape, const Share& own) {
  return packed_size(own.outputs.size(), 4 * shape.cells) +
         (shape.projects ? packed_size(own.cells.size(), shape.output) : 0);
}

// Memory that the threads of a direction share.
struct BackwardBuffers {
  float* carry;          // [S, C]
  float* memory;         // [S, C], the derivative of the memory
  float* output_before;  // [N, R], for each row the output that its gates saw
};

void zero(const mimir_tensor* t, int64_t begin, int64_t size) {
  if (t) std::memset(floats(t->value) + begin, 0, size * sizeof(float));
}

// `dy` becomes the derivative of the outputs with what the later frames hand back.
void backward(const Layer& layer, const Share& own, float* dy, const BackwardBuffers& buffers, float* packed, int index,
              int count, Barrier& barrier) {
  const auto& s = layer.s;
  const auto& to = layer.gradients;
  const int64_t c = layer.shape.cells, r = layer.shape.output, stride = layer.y_stride, own_cells = own.cells.size();
  StageClock clock;
  float* projection = packed + packed_size(own.outputs.size(), 4 * c);
  pack_weights(floats(layer.values.w_r->value) + own.outputs.begin, r, false, own.outputs.size(), 4 * c, packed);
  if (layer.shape.projects)
    pack_weights(floats(layer.values.w_p->value) + own.cells.begin, c, false, own_cells, r, projection);
  clock.end(kPacking);

  for (int q = 0; q < 4; ++q) zero(to.bias, q * c + own.cells.begin, own_cells);
  for (const auto* peephole : {to.peephole_i, to.peephole_f, to.peephole_o}) zero(peephole, own.cells.begin, own_cells);
  const auto own_part = [&](const mimir_tensor* t) { return t ? floats(t->value) + own.cells.begin : nullptr; };
  const LstmSums sums{own_part(to.bias), own_part(to.peephole_i), own_part(to.peephole_f), own_part(to.peephole_o)};
  const LstmCells cells = layer.cells_in(own.cells);

  const Range steps = share(s.steps, index, count);
  for (int64_t t = steps.begin; t < steps.end; ++t)
    for (int64_t k = 0; k < s.count(t); ++k)
      std::memcpy(buffers.output_before + (s.begin(t) + k) * r, layer.output_before(t, k), r * sizeof(float));
  clock.end(kWeightGradients);

  for (int64_t i = 0; i < s.steps; ++i) {
    const int64_t t = layer.step(i, false), row = s.begin(t), rows = s.count(t), from = layer.after(t);
    const int64_t have = layer.shared(t, from);
    float* dr = dy + row * stride;
    if (have > 0)
      packed_gemm(layer.gates + s.begin(from) * 4 * c, 4 * c, have, packed, own.outputs.size(), 4 * c,
                  dr + own.outputs.begin, stride, true);
    clock.end(kRecurrentProducts);
    const float* memory = dr;
    int64_t memory_stride = stride;
    if (layer.shape.projects) {
      barrier.wait(count);
      clock.end(kWaiting);
      packed_gemm(dr, stride, rows, projection, own_cells, r, buffers.memory + own.cells.begin, c, false);
      clock.end(kRecurrentProducts);
      memory = buffers.memory;
      memory_stride = c;
    }
    for (int64_t k = 0; k < rows; ++k) {
      const int64_t at = (row + k) * c + own.cells.begin;
      float* carry = buffers.carry + k * c + own.cells.begin;
      if (k >= have) std::memset(carry, 0, own_cells * sizeof(float));
      lstm_cells_backward(cells, memory + k * memory_stride + own.cells.begin,
                          layer.gates + (row + k) * 4 * c + own.cells.begin, layer.cells_before(t, k) + own.cells.begin,
                          layer.cells + at, layer.hidden + at, carry, sums);
    }
    clock.end(kPointwise);
    barrier.wait(count);
    clock.end(kWaiting);
  }
}

// Of the calling thread: for packed weights, and for what the threads of a backward pass share.
thread_local Scratch packing, sharing;

std::vector<Layer> layers_of(const Sequences& s, const at::Tensor& x, const mimir_lstm_direction* directions, int count,
                             const LstmShape& shape, const mimir_lstm_limits& limits, const at::Tensor& y) {
  std::vector<Layer> layers;
  layers.reserve(count);
  for (int d = 0; d < count; ++d) layers.emplace_back(s, shape, directions[d], limits, x, y, d);
  return layers;
}

// The memory that the largest share of a direction takes.
template <typename Size>
int64_t largest(const LstmShape& shape, const Teams& teams, Size&& size) {
  int64_t most = 0;
  for (int i = 0; i < teams.size(); ++i) most = std::max(most, size(shape, Share(shape, i, teams.size())));
  return Scratch::rounded(most);
}

// Runs work(direction, its share, packing memory, index in its team, size of its team, barrier of its team) in all threads,
// each with the packing memory that `size` says.
template <typename Size, typename Work>
void run_teams(const LstmShape& shape, int directions, Size&& size, Work&& work) {
  const auto needed = [&](int threads) { return threads * largest(shape, Teams(threads, directions), size); };
  const int64_t most = std::max(needed(Workers::shared().count()), needed(1));
  packing.reserve(most);
  float* const packed = packing.take(most);
  Barrier barriers[2];
  Workers::shared().run_together([&](int index, int count) {
    const Teams teams(count, directions);
    float* const own = packed + index * largest(shape, teams, size);
    teams.each(index, [&](int direction, int i, int n) { work(direction, Share(shape, i, n), own, i, n, barriers[direction]); });
  });
}

// dx = the sum over the directions of dgates * w_x, by columns.
void input_gradient(const std::vector<Layer>& layers, float* dx, float* packed, int index, int count) {
  const int64_t in = layers[0].shape.input, gates = 4 * layers[0].shape.cells;
  const Range own = share(in, index, count, kOutputGrain);
  for (size_t d = 0; d < layers.size() && own.size() > 0; ++d) {
    pack_weights(floats(layers[d].values.w_x->value) + own.begin, in, false, own.size(), gates, packed);
    packed_gemm(layers[d].gates, gates, layers[d].s.rows, packed, own.size(), gates, dx + own.begin, in, d > 0);
  }
}

// The gradients of the matrices, by rows. `dy` and the outputs before each row are one direction's.
void weight_gradients(const Layer& layer, const float* dy, const float* output_before, float* packed, int index,
                      int count) {
  const int64_t c = layer.shape.cells, r = layer.shape.output, in = layer.shape.input, n = layer.s.rows;
  const auto& to = layer.gradients;
  const Range gates = share(4 * c, index, count, kCellGrain), outputs = share(r, index, count, kCellGrain);
  const OuterProduct of_gates[] = {{layer.x, in, in, floats(to.w_x->value) + gates.begin * in, in},
                                   {output_before, r, r, floats(to.w_r->value) + gates.begin * r, r}};
  outer_products(layer.gates + gates.begin, 4 * c, gates.size(), n, of_gates, 2, packed);
  if (!layer.shape.projects) return;
  const OuterProduct of_outputs{layer.memory, c, c, floats(to.w_p->value) + outputs.begin * c, c};
  outer_products(dy + outputs.begin, layer.y_stride, outputs.size(), n, &of_outputs, 1, packed);
}

int64_t gradient_scratch(const LstmShape& shape, int index, int count) {
  const OuterProduct widths[] = {{nullptr, 0, shape.input, nullptr, 0}, {nullptr, 0, shape.output, nullptr, 0},
                                 {nullptr, 0, shape.cells, nullptr, 0}};
  const int64_t input = packed_size(share(shape.input, index, count, kOutputGrain).size(), 4 * shape.cells);
  return Scratch::rounded(std::max({input, outer_scratch(widths, 2), outer_scratch(widths + 2, 1)}));
}

}  // namespace

bool lstm_is_fast(const at::Tensor& x, const mimir_lstm_direction* directions, int count, const at::Tensor& y) {
  bool fast = fast_route(x, y);
  for (int d = 0; d < count; ++d) {
    const auto& v = directions[d].values;
    fast = fast && fast_route(directions[d].workspace->value);
    for (const auto* t : {v.w_x, v.w_r, v.bias, v.peephole_i, v.peephole_f, v.peephole_o, v.w_p})
      fast = fast && (!t || is_host_float(t->value));
  }
  return fast;
}

void lstm_forward_fast(const Sequences& s, const at::Tensor& x, const mimir_lstm_direction* directions, int count,
                       const LstmShape& shape, const mimir_lstm_limits& limits, const at::Tensor& y) {
  const auto layers = layers_of(s, x, directions, count, shape, limits, y);
  for (int d = 0; d < count; ++d) lstm_load_state(directions[d], s, layers[d].views);
  run_teams(shape, count, forward_scratch,
            [&](int d, const Share& own, float* packed, int, int team, Barrier& barrier) {
              forward(layers[d], own, packed, team, barrier);
            });
  for (int d = 0; d < count; ++d)
    lstm_save_state(directions[d], s, layers[d].views, y.narrow(1, d * shape.output, shape.output));
}

void lstm_backward_fast(const Sequences& s, const at::Tensor& x, const mimir_lstm_direction* directions, int count,
                        const LstmShape& shape, const mimir_lstm_limits& limits, const at::Tensor& y,
                        const at::Tensor& dy, at::Tensor* dx) {
  const auto layers = layers_of(s, x, directions, count, shape, limits, y);
  const int64_t c = shape.cells, r = shape.output, n = s.rows;
  sharing.reserve(count * (2 * Scratch::rounded(s.sequences * c) + Scratch::rounded(n * r)));
  BackwardBuffers buffers[2];
  for (int d = 0; d < count; ++d)
    buffers[d] = {sharing.take(s.sequences * c), sharing.take(s.sequences * c), sharing.take(n * r)};
  run_teams(shape, count, backward_scratch,
            [&](int d, const Share& own, float* packed, int index, int team, Barrier& barrier) {
              backward(layers[d], own, floats(dy) + d * r, buffers[d], packed, index, team, barrier);
            });

  const int threads = Workers::shared().count();
  const int64_t size = gradient_scratch(shape, 0, 1);  // a share of it takes no more
  packing.reserve(size * threads);
  float* const packed = packing.take(size * threads);
  Workers::shared().run([&](int index, int team) {
    StageClock clock;
    if (dx) input_gradient(layers, floats(*dx), packed + index * size, index, team);
    clock.end(kInputGradients);
    for (int d = 0; d < count; ++d)
      weight_gradients(layers[d], floats(dy) + d * r, buffers[d].output_before, packed + index * size, index, team);
    clock.end(kWeightGradients);
  });
}

}  // namespace mimir
