#include "lstm_kernels.h"

#include "kernels.h"
#include "vector_math.h"

// The pointers of a call never overlap, which the pragma says to the compiler.
#define MIMIR_INDEPENDENT _Pragma("GCC ivdep")

namespace mimir {

namespace {

MIMIR_INLINE float clipped(float x, float limit) {
  x = x > limit ? limit : x;
  return x < -limit ? -limit : x;
}

// y = sigmoid(y + bias + peephole * cells).
MIMIR_INLINE void gate(float* y, const float* bias, const float* peephole, const float* cells, int64_t n) {
  if (peephole) {
    MIMIR_INDEPENDENT
    for (int64_t c = 0; c < n; ++c) y[c] = fast_sigmoid(y[c] + bias[c] + peephole[c] * cells[c]);
  } else {
    MIMIR_INDEPENDENT
    for (int64_t c = 0; c < n; ++c) y[c] = fast_sigmoid(y[c] + bias[c]);
  }
}

}  // namespace

MIMIR_VARIANTS
void lstm_cells_forward(const LstmCells& layer, float* gates, const float* cells_before, float* cells, float* hidden,
                        float* memory) {
  const int64_t n = layer.count, stride = layer.gate_stride;
  float *g = gates, *i = g + stride, *f = i + stride, *o = f + stride;
  const float *bias_g = layer.bias, *bias_i = bias_g + stride, *bias_f = bias_i + stride, *bias_o = bias_f + stride;
  const float *peep_i = layer.peephole_i, *peep_f = layer.peephole_f, *peep_o = layer.peephole_o;
  const float limit = layer.cell_clip;
  // A loop a non-linearity: the processor overlaps many turns of a short loop, and hardly two of a long one.
  MIMIR_INDEPENDENT
  for (int64_t c = 0; c < n; ++c) g[c] = fast_tanh(g[c] + bias_g[c]);
  gate(i, bias_i, peep_i, cells_before, n);
  gate(f, bias_f, peep_f, cells_before, n);
  MIMIR_INDEPENDENT
  for (int64_t c = 0; c < n; ++c) cells[c] = clipped(g[c] * i[c] + cells_before[c] * f[c], limit);
  gate(o, bias_o, peep_o, cells, n);
  MIMIR_INDEPENDENT
  for (int64_t c = 0; c < n; ++c) {
    hidden[c] = fast_tanh(cells[c]);
    memory[c] = hidden[c] * o[c];
  }
}

MIMIR_VARIANTS
void lstm_cells_backward(const LstmCells& layer, const float* memory, float* gates, const float* cells_before,
                         const float* cells, const float* hidden, float* carry, const LstmSums& sums) {
  const int64_t n = layer.count, stride = layer.gate_stride;
  float *g = gates, *i = g + stride, *f = i + stride, *o = f + stride;
  float *sum_g = sums.bias, *sum_i = sum_g + stride, *sum_f = sum_i + stride, *sum_o = sum_f + stride;
  const float limit = layer.diff_clip, cell_limit = layer.cell_diff_clip;
  if (layer.peephole_i) {
    const float *peep_i = layer.peephole_i, *peep_f = layer.peephole_f, *peep_o = layer.peephole_o;
    float *sum_pi = sums.peephole_i, *sum_pf = sums.peephole_f, *sum_po = sums.peephole_o;
    MIMIR_INDEPENDENT
    for (int64_t c = 0; c < n; ++c) {
      const float candidate = g[c], in = i[c], forget = f[c], out = o[c], squashed = hidden[c], before = cells_before[c];
      const float d_out = memory[c] * squashed * out * (1 - out);
      const float d_cell = clipped(memory[c] * out * (1 - squashed * squashed) + carry[c] + d_out * peep_o[c], cell_limit);
      const float d_forget = clipped(d_cell * before * forget * (1 - forget), limit);
      const float d_in = clipped(d_cell * candidate * in * (1 - in), limit);
      const float d_candidate = clipped(d_cell * in * (1 - candidate * candidate), limit);
      const float d_out_clipped = clipped(d_out, limit);
      carry[c] = d_cell * forget + d_in * peep_i[c] + d_forget * peep_f[c];
      g[c] = d_candidate;
      i[c] = d_in;
      f[c] = d_forget;
      o[c] = d_out_clipped;
      sum_g[c] += d_candidate;
      sum_i[c] += d_in;
      sum_f[c] += d_forget;
      sum_o[c] += d_out_clipped;
      sum_pi[c] += d_in * before;
      sum_pf[c] += d_forget * before;
      sum_po[c] += d_out_clipped * cells[c];
    }
    return;
  }
  MIMIR_INDEPENDENT
  for (int64_t c = 0; c < n; ++c) {
    const float candidate = g[c], in = i[c], forget = f[c], out = o[c], squashed = hidden[c];
    const float d_out = clipped(memory[c] * squashed * out * (1 - out), limit);
    const float d_cell = clipped(memory[c] * out * (1 - squashed * squashed) + carry[c], cell_limit);
    const float d_forget = clipped(d_cell * cells_before[c] * forget * (1 - forget), limit);
    const float d_in = clipped(d_cell * candidate * in * (1 - in), limit);
    const float d_candidate = clipped(d_cell * in * (1 - candidate * candidate), limit);
    carry[c] = d_cell * forget;
    g[c] = d_candidate;
    i[c] = d_in;
    f[c] = d_forget;
    o[c] = d_out;
    sum_g[c] += d_candidate;
    sum_i[c] += d_in;
    sum_f[c] += d_forget;
    sum_o[c] += d_out;
  }
}

}  // namespace mimir
