#include "gru.h"

#include <cstring>

#include "gru_kernels.h"
#include "packed_gemm.h"
#include "scratch.h"
#include "workers.h"

namespace mimir {

namespace {

constexpr int64_t kCellGrain = 16, kInputGrain = 8;

int64_t previous(const Sequences& s, int64_t t) { return t == 0 ? 0 : s.count(t); }
int64_t following(const Sequences& s, int64_t t) { return t + 1 < s.steps ? s.count(t + 1) : 0; }

const float* before(const GruLayer& layer, int64_t t) {
  return t == 0 ? layer.output0 : layer.y + layer.s.begin(t - 1) * layer.cells;
}

// ---- forward: each piece owns some cells, and their three gates ----

int64_t forward_scratch(const GruLayer& layer, int64_t own) {
  return Scratch::rounded(3 * std::max(packed_size(own, layer.input), packed_size(own, layer.cells)));
}

void pack_gates(const float* w, int64_t columns, int64_t cells, const Range& own, float* packed) {
  for (int q = 0; q < 3; ++q)
    pack_weights(w + (q * cells + own.begin) * columns, columns, true, own.size(), columns,
                 packed + q * packed_size(own.size(), columns));
}

void prepare_forward(const GruLayer& layer, const Range& own, float* packed) {
  const int64_t c = layer.cells, in = layer.input, n = own.size();
  pack_gates(layer.w_x, in, c, own, packed);
  for (int q = 0; q < 3; ++q)
    packed_gemm(layer.x, in, layer.s.rows, packed + q * packed_size(n, in), n, in, layer.gates + q * c + own.begin, 3 * c,
                false);
  pack_gates(layer.w_r, c, c, own, packed);
}

void forward(const GruLayer& layer, const Range& own, const float* packed, int64_t t) {
  const auto& s = layer.s;
  const int64_t c = layer.cells, n = own.size();
  const int64_t row = s.begin(t), rows = s.count(t), have = layer.carries ? rows : previous(s, t);
  float *gates = layer.gates + row * 3 * c + own.begin, *query = layer.query + row * c + own.begin;
  const float* from = before(layer, t);
  for (int q = 0; q < 2 && have > 0; ++q)
    packed_gemm(from, c, have, packed + q * packed_size(n, c), n, c, gates + q * c, 3 * c, true);
  if (have > 0) packed_gemm(from, c, have, packed + 2 * packed_size(n, c), n, c, query, c, false);
  for (int64_t k = 0; k < rows; ++k) {
    if (k >= have) std::memset(query + k * c, 0, n * sizeof(float));
    gru_cells_forward(n, c, layer.bias + own.begin, layer.bias_q + own.begin, from + k * c + own.begin, gates + k * 3 * c,
                      query + k * c, layer.y + (row + k) * c + own.begin);
  }
}

// ---- backward ----

int64_t backward_scratch(const GruLayer& layer, int64_t own) {
  return Scratch::rounded(packed_size(own, 2 * layer.cells) + packed_size(own, layer.cells));
}

void prepare_backward(const GruLayer& layer, const Range& own, const GruGradients& to, float* packed) {
  const int64_t c = layer.cells, n = own.size();
  pack_weights(layer.w_r + own.begin, c, false, n, 2 * c, packed);
  pack_weights(layer.w_r + 2 * c * c + own.begin, c, false, n, c, packed + packed_size(n, 2 * c));
  for (int q = 0; q < 3; ++q) std::memset(to.bias + q * c + own.begin, 0, n * sizeof(float));
  std::memset(to.bias_q + own.begin, 0, n * sizeof(float));
}

void backward(const GruLayer& layer, const Range& own, float* dy, float* carry, const GruGradients& to,
              const float* packed, int64_t t) {
  const auto& s = layer.s;
  const int64_t c = layer.cells, n = own.size(), row = s.begin(t), rows = s.count(t), have = following(s, t);
  float* const d = dy + row * c + own.begin;
  if (have > 0) {
    packed_gemm(layer.gates + s.begin(t + 1) * 3 * c, 3 * c, have, packed, n, 2 * c, d, c, true);
    packed_gemm(layer.query + s.begin(t + 1) * c, c, have, packed + packed_size(n, 2 * c), n, c, d, c, true);
  }
  for (int64_t k = 0; k < rows; ++k) {
    float* const carried = carry + k * c + own.begin;
    if (k >= have) std::memset(carried, 0, n * sizeof(float));
    gru_cells_backward(n, c, d + k * c, before(layer, t) + k * c + own.begin, layer.gates + (row + k) * 3 * c + own.begin,
                       layer.query + (row + k) * c + own.begin, carried, to.bias + own.begin, to.bias_q + own.begin);
  }
}

// The gradients of input and matrices, each by its own rows or columns. `outputs_before` has a row for each row.
void gradients(const GruLayer& layer, const float* outputs_before, const GruGradients& to, float* packed, int index,
               int count) {
  const int64_t c = layer.cells, in = layer.input, rows = layer.s.rows;
  const Range columns = share(in, index, count, kInputGrain);
  if (to.dx && columns.size() > 0) {
    pack_weights(layer.w_x + columns.begin, in, false, columns.size(), 3 * c, packed);
    packed_gemm(layer.gates, 3 * c, rows, packed, columns.size(), 3 * c, to.dx + columns.begin, in, false);
  }

  const Range both = share(2 * c, index, count, kCellGrain), own = share(c, index, count, kCellGrain);
  const OuterProduct of_both[] = {{layer.x, in, in, to.w_x + both.begin * in, in},
                                  {outputs_before, c, c, to.w_r + both.begin * c, c}};
  outer_products(layer.gates + both.begin, 3 * c, both.size(), rows, of_both, 2, packed);
  const OuterProduct of_candidate{layer.x, in, in, to.w_x + (2 * c + own.begin) * in, in};
  outer_products(layer.gates + 2 * c + own.begin, 3 * c, own.size(), rows, &of_candidate, 1, packed);
  const OuterProduct of_query{outputs_before, c, c, to.w_r + (2 * c + own.begin) * c, c};
  outer_products(layer.query + own.begin, c, own.size(), rows, &of_query, 1, packed);
}

int64_t gradient_scratch(const GruLayer& layer) {
  const OuterProduct widths[] = {{nullptr, 0, layer.input, nullptr, 0}, {nullptr, 0, layer.cells, nullptr, 0}};
  return Scratch::rounded(std::max(packed_size(layer.input, 3 * layer.cells), outer_scratch(widths, 2)));
}

// Of the calling thread: for packed weights, and for what the threads of a backward pass share.
thread_local Scratch packing, sharing;

// Runs one phase more than there are steps in all threads: work(phase, own cells, packing memory of the piece).
template <typename Size, typename Work>
void run_cells(const GruLayer& layer, Size&& size, Work&& work) {
  const int pieces = Workers::shared().count();
  const int64_t each = size(layer, std::min(layer.cells, layer.cells / pieces + kCellGrain));
  packing.reserve(pieces * each);
  float* const packed = packing.take(pieces * each);
  Phases phases(pieces, layer.s.steps + 1);
  Workers::shared().run(pieces, [&](int index, int) {
    phases.take(
        index,
        [&](int64_t phase, int piece) { work(phase, share(layer.cells, piece, pieces, kCellGrain), packed + piece * each); },
        [] {});
  });
}

}  // namespace

void gru_forward(const GruLayer& layer) {
  run_cells(layer, forward_scratch, [&](int64_t phase, const Range& own, float* packed) {
    phase == 0 ? prepare_forward(layer, own, packed) : forward(layer, own, packed, phase - 1);
  });
}

void gru_backward(const GruLayer& layer, float* dy, const GruGradients& to) {
  const auto& s = layer.s;
  const int64_t c = layer.cells;
  sharing.reserve(Scratch::rounded(s.sequences * c) + Scratch::rounded(s.rows * c));
  float *const carry = sharing.take(s.sequences * c), *const outputs_before = sharing.take(s.rows * c);
  run_cells(layer, backward_scratch, [&](int64_t phase, const Range& own, float* packed) {
    phase == 0 ? prepare_backward(layer, own, to, packed) : backward(layer, own, dy, carry, to, packed, s.steps - phase);
  });
  for (int64_t t = 0; t < s.steps; ++t)
    std::memcpy(outputs_before + s.begin(t) * c, before(layer, t), s.count(t) * c * sizeof(float));

  const int threads = Workers::shared().count();
  const int64_t size = gradient_scratch(layer);
  packing.reserve(size * threads);
  float* const packed = packing.take(size * threads);
  Workers::shared().run(threads, [&](int index, int count) {
    gradients(layer, outputs_before, to, packed + index * size, index, count);
  });
}

}  // namespace mimir
