#include "lstm_layer.h"

namespace mimir {

namespace {

// For what the threads of a pass share.
thread_local Scratch sharing;

int64_t backward_scratch(const LstmShape& shape, const LstmShare& own) {
  return packed_size(own.outputs.size(), 4 * shape.cells) +
         (shape.projects ? packed_size(own.cells.size(), shape.output) : 0);
}

// Memory that the threads of a direction share.
struct BackwardBuffers {
  float* carry;          // [S, C]
  float* memory;         // [S, C], the derivative of the memory
  float* output_before;  // [N, R], for each row the output that its gates saw
};

void zero(float* t, int64_t begin, int64_t size) {
  if (t) std::memset(t + begin, 0, size * sizeof(float));
}

// The first phase: the weights, the sums at zero, and this piece's part of what the gates saw.
void prepare(const LstmLayer& layer, const LstmPiece& piece, const BackwardBuffers& buffers, StageClock& clock) {
  const auto& s = layer.s;
  const auto& to = layer.gradients;
  const LstmShare& own = piece.own;
  const int64_t c = layer.shape.cells, r = layer.shape.output, own_cells = own.cells.size();
  pack_weights(layer.values.w_r + own.outputs.begin, r, false, own.outputs.size(), 4 * c, piece.packed);
  if (layer.shape.projects)
    pack_weights(layer.values.w_p + own.cells.begin, c, false, own_cells, r,
                 piece.packed + packed_size(own.outputs.size(), 4 * c));
  clock.end(kPacking);

  for (int q = 0; q < 4; ++q) zero(to.bias, q * c + own.cells.begin, own_cells);
  for (float* peephole : {to.peephole_i, to.peephole_f, to.peephole_o}) zero(peephole, own.cells.begin, own_cells);
  const Range steps = share(s.steps, piece.index, piece.count);
  for (int64_t t = steps.begin; t < steps.end; ++t)
    for (int64_t k = 0; k < s.count(t); ++k)
      std::memcpy(buffers.output_before + (s.begin(t) + k) * r, layer.output_before(t, k), r * sizeof(float));
  clock.end(kWeightGradients);
}

// `dy` becomes the derivative of the outputs with what the later frames hand back.
void outputs(const LstmLayer& layer, const LstmPiece& piece, float* dy, int64_t t, StageClock& clock) {
  const auto& s = layer.s;
  const int64_t c = layer.shape.cells, from = layer.after(t), have = layer.shared(t, from);
  if (have > 0)
    packed_gemm(layer.gates + s.begin(from) * 4 * c, 4 * c, have, piece.packed, piece.own.outputs.size(), 4 * c,
                dy + s.begin(t) * layer.y_stride + piece.own.outputs.begin, layer.y_stride, true);
  clock.end(kRecurrentProducts);
}

void cells(const LstmLayer& layer, const LstmPiece& piece, const float* dy, const BackwardBuffers& buffers, int64_t t,
           StageClock& clock) {
  const auto& s = layer.s;
  const auto& to = layer.gradients;
  const Range& own = piece.own.cells;
  const int64_t c = layer.shape.cells, r = layer.shape.output, stride = layer.y_stride;
  const int64_t row = s.begin(t), rows = s.count(t), have = layer.shared(t, layer.after(t));
  const float* memory = dy + row * stride;
  int64_t memory_stride = stride;
  if (layer.shape.projects) {
    packed_gemm(memory, stride, rows, piece.packed + packed_size(piece.own.outputs.size(), 4 * c), own.size(), r,
                buffers.memory + own.begin, c, false);
    clock.end(kRecurrentProducts);
    memory = buffers.memory;
    memory_stride = c;
  }
  const auto own_part = [&](float* of) { return of ? of + own.begin : nullptr; };
  const LstmSums sums{own_part(to.bias), own_part(to.peephole_i), own_part(to.peephole_f), own_part(to.peephole_o)};
  const LstmCells part = layer.cells_in(own);
  for (int64_t k = 0; k < rows; ++k) {
    const int64_t at = (row + k) * c + own.begin;
    float* carry = buffers.carry + k * c + own.begin;
    if (k >= have) std::memset(carry, 0, own.size() * sizeof(float));
    lstm_cells_backward(part, memory + k * memory_stride + own.begin, layer.gates + (row + k) * 4 * c + own.begin,
                        layer.cells_before(t, k) + own.begin, layer.cells + at, layer.hidden + at, carry, sums);
  }
  clock.end(kPointwise);
}

// dx = the sum over the directions of dgates * w_x, by columns.
void input_gradient(const std::vector<LstmLayer>& layers, float* dx, float* packed, int index, int count) {
  const int64_t in = layers[0].shape.input, gates = 4 * layers[0].shape.cells;
  const Range own = share(in, index, count, kOutputGrain);
  for (size_t d = 0; d < layers.size() && own.size() > 0; ++d) {
    pack_weights(layers[d].values.w_x + own.begin, in, false, own.size(), gates, packed);
    packed_gemm(layers[d].gates, gates, layers[d].s.rows, packed, own.size(), gates, dx + own.begin, in, d > 0);
  }
}

// The gradients of the matrices, by rows. `dy` and the outputs before each row are one direction's.
void weight_gradients(const LstmLayer& layer, const float* dy, const float* output_before, float* packed, int index,
                      int count) {
  const int64_t c = layer.shape.cells, r = layer.shape.output, in = layer.shape.input, n = layer.s.rows;
  const auto& to = layer.gradients;
  const Range gates = share(4 * c, index, count, kCellGrain), outputs = share(r, index, count, kCellGrain);
  const OuterProduct of_gates[] = {{layer.x, in, in, to.w_x + gates.begin * in, in},
                                   {output_before, r, r, to.w_r + gates.begin * r, r}};
  outer_products(layer.gates + gates.begin, 4 * c, gates.size(), n, of_gates, 2, packed);
  if (!layer.shape.projects) return;
  const OuterProduct of_outputs{layer.memory, c, c, to.w_p + outputs.begin * c, c};
  outer_products(dy + outputs.begin, layer.y_stride, outputs.size(), n, &of_outputs, 1, packed);
}

int64_t gradient_scratch(const LstmShape& shape, int index, int count) {
  const OuterProduct widths[] = {{nullptr, 0, shape.input, nullptr, 0}, {nullptr, 0, shape.output, nullptr, 0},
                                 {nullptr, 0, shape.cells, nullptr, 0}};
  const int64_t input = packed_size(share(shape.input, index, count, kOutputGrain).size(), 4 * shape.cells);
  return Scratch::rounded(std::max({input, outer_scratch(widths, 2), outer_scratch(widths + 2, 1)}));
}

}  // namespace

void lstm_backward(const LstmCall& call, float* dy, float* dx) {
  const auto layers = layers_of(call);
  const auto& shape = call.shape;
  const int count = call.count;
  const int64_t c = shape.cells, r = shape.output, n = call.s.rows;
  sharing.reserve(count * (2 * Scratch::rounded(call.s.sequences * c) + Scratch::rounded(n * r)));
  BackwardBuffers buffers[2];
  for (int d = 0; d < count; ++d)
    buffers[d] = {sharing.take(call.s.sequences * c), sharing.take(call.s.sequences * c), sharing.take(n * r)};
  const int64_t a_step = shape.projects ? 2 : 1;
  run_phases(shape, count, 1 + a_step * call.s.steps, backward_scratch, [&](const LstmPiece& piece, StageClock& clock) {
    const LstmLayer& layer = layers[piece.direction];
    const BackwardBuffers& shared = buffers[piece.direction];
    float* const own_dy = dy + piece.direction * r;
    if (piece.phase == 0) return prepare(layer, piece, shared, clock);
    // With a projection the cells need all outputs; without one, only those of their own columns.
    const int64_t t = layer.step((piece.phase - 1) / a_step, false);
    if ((piece.phase - 1) % a_step == 0) outputs(layer, piece, own_dy, t, clock);
    if (piece.phase % a_step == 0) cells(layer, piece, own_dy, shared, t, clock);
  });

  const int threads = Workers::shared().count();
  const int64_t size = gradient_scratch(shape, 0, 1);  // a share of it takes no more
  lstm_packing.reserve(size * threads);
  float* const packed = lstm_packing.take(size * threads);
  Workers::shared().run(threads, [&](int index, int team) {
    StageClock clock;
    if (dx) input_gradient(layers, dx, packed + index * size, index, team);
    clock.end(kInputGradients);
    for (int d = 0; d < count; ++d)
      weight_gradients(layers[d], dy + d * r, buffers[d].output_before, packed + index * size, index, team);
    clock.end(kWeightGradients);
  });
}

}  // namespace mimir
