// The pointwise passes of a GRU on host floats: some cells of one row of a step. Every pointer is to the first of `count`
// cells; the gates r, z, n of a row, and their biases, lie `stride` apart.
#pragma once
#include <cstdint>

namespace mimir {

// gates: the sums of inputs (r and z with the recurrent ones) without bias; they become what they are after their
// non-linearities. query: the recurrent sum of n without its bias, which is added.
void gru_cells_forward(int64_t count, int64_t stride, const float* bias, const float* bias_q, const float* before,
                       float* gates, float* query, float* y);
// dy: the derivative of the output, but for `carry`, which becomes what these cells hand straight to the frame before.
// gates and query become derivatives; those of the biases are added to sums and sums_q.
void gru_cells_backward(int64_t count, int64_t stride, const float* dy, const float* before, float* gates, float* query,
                        float* carry, float* sums, float* sums_q);

}  // namespace mimir
