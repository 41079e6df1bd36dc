// The pointwise passes of an LSTM on host floats: some cells of one row of a step.
#pragma once
#include <cstdint>

namespace mimir {

// Every pointer is to the first of `count` cells; the four gates g, i, f, o of a row lie `gate_stride` apart.
struct LstmCells {
  int64_t count, gate_stride;
  const float* bias;  // as the gates
  const float *peephole_i, *peephole_f, *peephole_o;  // null without peepholes
  float cell_clip, diff_clip, cell_diff_clip;          // infinity for none
};

// gates: the sums of inputs, without the bias; they become what they are after their non-linearities.
void lstm_cells_forward(const LstmCells& layer, float* gates, const float* cells_before, float* cells, float* hidden,
                        float* memory);

struct LstmSums {
  float* bias;                                  // as the gates
  float *peephole_i, *peephole_f, *peephole_o;  // null without peepholes
};
// memory: the derivative of the layer's memory. gates become derivatives. carry: what the next frame hands back to these
// cells; becomes what these hand to the frame before. The derivatives of bias and peepholes are added to `sums`.
void lstm_cells_backward(const LstmCells& layer, const float* memory, float* gates, const float* cells_before,
                         const float* cells, const float* hidden, float* carry, const LstmSums& sums);

}  // namespace mimir
