#include "lstm_layer.h"

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

// The first phase: the input products of all steps, and the weights of the recurrence.
void prepare(const LstmLayer& layer, const LstmPiece& piece, StageClock& clock) {
  const int64_t c = layer.shape.cells, r = layer.shape.output, in = layer.shape.input;
  const LstmShare& own = piece.own;
  pack_gates(layer.values.w_x, in, layer, own.cells, piece.packed);
  clock.end(kPacking);
  multiply_gates(layer.x, in, layer.s.rows, piece.packed, in, layer, own.cells, 0, false);
  clock.end(kInputProducts);
  pack_gates(layer.values.w_r, r, layer, own.cells, piece.packed);
  if (layer.shape.projects)
    pack_weights(layer.values.w_p + own.outputs.begin * c, c, true, own.outputs.size(), c,
                 piece.packed + 4 * packed_size(own.cells.size(), r));
  clock.end(kPacking);
}

void cells(const LstmLayer& layer, const LstmPiece& piece, int64_t t, StageClock& clock) {
  const auto& s = layer.s;
  const LstmShare& own = piece.own;
  const int64_t c = layer.shape.cells, r = layer.shape.output, row = s.begin(t), rows = s.count(t), from = layer.before(t);
  const int64_t have = layer.shared(t, from);
  if (have > 0)
    multiply_gates(layer.y + s.begin(from) * layer.y_stride, layer.y_stride, have, piece.packed, r, layer, own.cells, row,
                   true);
  if (layer.carries && have == 0)
    multiply_gates(layer.output0, r, rows, piece.packed, r, layer, own.cells, row, true);
  clock.end(kRecurrentProducts);
  float* memory = layer.shape.projects ? layer.memory + row * c : layer.y + row * layer.y_stride;
  const int64_t memory_stride = layer.shape.projects ? c : layer.y_stride;
  const LstmCells part = layer.cells_in(own.cells);
  for (int64_t k = 0; k < rows; ++k) {
    const int64_t at = (row + k) * c + own.cells.begin;
    lstm_cells_forward(part, layer.gates + (row + k) * 4 * c + own.cells.begin,
                       layer.cells_before(t, k) + own.cells.begin, layer.cells + at, layer.hidden + at,
                       memory + k * memory_stride + own.cells.begin);
  }
  clock.end(kPointwise);
}

void project(const LstmLayer& layer, const LstmPiece& piece, int64_t t, StageClock& clock) {
  const int64_t c = layer.shape.cells, row = layer.s.begin(t);
  packed_gemm(layer.memory + row * c, c, layer.s.count(t),
              piece.packed + 4 * packed_size(piece.own.cells.size(), layer.shape.output), piece.own.outputs.size(), c,
              layer.y + row * layer.y_stride + piece.own.outputs.begin, layer.y_stride, false);
  clock.end(kRecurrentProducts);
}

}  // namespace

void lstm_forward(const LstmCall& call) {
  const auto layers = layers_of(call);
  const int64_t c = call.shape.cells, r = call.shape.output;
  for (int d = 0; d < call.count; ++d) {
    call.s.load(call.directions[d].state, c + r, 0, c, layers[d].cells0);
    call.s.load(call.directions[d].state, c + r, c, r, layers[d].output0);
  }
  const int64_t a_step = call.shape.projects ? 2 : 1;
  run_phases(call.shape, call.count, 1 + a_step * call.s.steps, forward_scratch,
             [&](const LstmPiece& piece, StageClock& clock) {
               const LstmLayer& layer = layers[piece.direction];
               if (piece.phase == 0) return prepare(layer, piece, clock);
               const int64_t t = layer.step((piece.phase - 1) / a_step, true);
               (piece.phase - 1) % a_step == 0 ? cells(layer, piece, t, clock) : project(layer, piece, t, clock);
             });
  for (int d = 0; d < call.count; ++d) {
    call.s.save(call.directions[d].state, c + r, 0, c, layers[d].cells, c);
    call.s.save(call.directions[d].state, c + r, c, r, layers[d].y, layers[d].y_stride);
  }
}

}  // namespace mimir
