#include "lstm_layer.h"
#include "lstm_stages.h"

namespace mimir {

thread_local double lstm_stages[kLstmStages];

namespace {

int64_t forward_scratch(const LstmShape& shape, const LstmShare& own) {
  const int64_t input = 4 * packed_size(own.cells.size(), shape.input);
  const int64_t recurrent = 4 * packed_size(own.cells.size(), shape.output);
  const int64_t projection = shape.projects ? packed_size(own.outputs.size(), shape.cells) : 0;
  return std::max(input, recurrent + projection);
}

void pack_gates(const float* w, int64_t columns, const LstmLayer& layer, const Range& own, float* packed) {
  for (int q = 0; q < 4; ++q)
    pack_weights(w + (q * layer.shape.cells + own.begin) * columns, columns, true, own.size(), columns,
                 packed + q * packed_size(own.size(), columns));
}

// gates (+)= inputs * w^T for the gates of the own cells.
void multiply_gates(const float* inputs, int64_t stride, int64_t rows, const float* packed, int64_t columns,
                    const LstmLayer& layer, const Range& own, int64_t row, bool add) {
  const int64_t c = layer.shape.cells;
  for (int q = 0; q < 4; ++q)
    packed_gemm(inputs, stride, rows, packed + q * packed_size(own.size(), columns), own.size(), columns,
                layer.gates + row * 4 * c + q * c + own.begin, 4 * c, add);
}

void forward(const LstmLayer& layer, const LstmShare& own, float* packed, int count, Barrier& barrier) {
  const auto& s = layer.s;
  const int64_t c = layer.shape.cells, r = layer.shape.output;
  StageClock clock;
  pack_gates(layer.values.w_x, layer.shape.input, layer, own.cells, packed);
  clock.end(kPacking);
  multiply_gates(layer.x, layer.shape.input, s.rows, packed, layer.shape.input, layer, own.cells, 0, false);
  clock.end(kInputProducts);

  float* projection = packed + 4 * packed_size(own.cells.size(), r);
  pack_gates(layer.values.w_r, r, layer, own.cells, packed);
  if (layer.shape.projects)
    pack_weights(layer.values.w_p + own.outputs.begin * c, c, true, own.outputs.size(), c, projection);
  clock.end(kPacking);

  const LstmCells cells = layer.cells_in(own.cells);
  for (int64_t i = 0; i < s.steps; ++i) {
    const int64_t t = layer.step(i, true), row = s.begin(t), rows = s.count(t), from = layer.before(t);
    const int64_t have = layer.shared(t, from);
    if (have > 0)
      multiply_gates(layer.y + s.begin(from) * layer.y_stride, layer.y_stride, have, packed, r, layer, own.cells, row,
                     true);
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

}  // namespace

void lstm_forward(const LstmCall& call) {
  const auto layers = layers_of(call);
  const int64_t c = call.shape.cells, r = call.shape.output;
  for (int d = 0; d < call.count; ++d) {
    call.s.load(call.directions[d].state, c + r, 0, c, layers[d].cells0);
    call.s.load(call.directions[d].state, c + r, c, r, layers[d].output0);
  }
  run_teams(call.shape, call.count, forward_scratch,
            [&](int d, const LstmShare& own, float* packed, int, int team, Barrier& barrier) {
              forward(layers[d], own, packed, team, barrier);
            });
  for (int d = 0; d < call.count; ++d) {
    call.s.save(call.directions[d].state, c + r, 0, c, layers[d].cells, c);
    call.s.save(call.directions[d].state, c + r, c, r, layers[d].y, layers[d].y_stride);
  }
}

}  // namespace mimir
