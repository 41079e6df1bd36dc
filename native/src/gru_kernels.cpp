#include "gru_kernels.h"

#include "kernels.h"
#include "vector_math.h"

// The pointers of a call never overlap, which the pragma says to the compiler.
#define MIMIR_INDEPENDENT _Pragma("GCC ivdep")

namespace mimir {

MIMIR_VARIANTS
void gru_cells_forward(int64_t count, int64_t stride, const float* bias, const float* bias_q, const float* before,
                       float* gates, float* query, float* y) {
  float *r = gates, *z = r + stride, *n = z + stride;
  const float *bias_r = bias, *bias_z = bias_r + stride, *bias_n = bias_z + stride;
  // A loop a non-linearity: the processor overlaps many turns of a short loop, and hardly two of a long one.
  MIMIR_INDEPENDENT
  for (int64_t c = 0; c < count; ++c) r[c] = fast_sigmoid(r[c] + bias_r[c]);
  MIMIR_INDEPENDENT
  for (int64_t c = 0; c < count; ++c) z[c] = fast_sigmoid(z[c] + bias_z[c]);
  MIMIR_INDEPENDENT
  for (int64_t c = 0; c < count; ++c) {
    query[c] += bias_q[c];
    n[c] = fast_tanh(n[c] + bias_n[c] + r[c] * query[c]);
    y[c] = n[c] + z[c] * (before[c] - n[c]);
  }
}

MIMIR_VARIANTS
void gru_cells_backward(int64_t count, int64_t stride, const float* dy, const float* before, float* gates, float* query,
                        float* carry, float* sums, float* sums_q) {
  float *r = gates, *z = r + stride, *n = z + stride;
  float *sum_r = sums, *sum_z = sum_r + stride, *sum_n = sum_z + stride;
  MIMIR_INDEPENDENT
  for (int64_t c = 0; c < count; ++c) {
    const float reset = r[c], update = z[c], candidate = n[c], d_output = dy[c] + carry[c];
    const float d_candidate = d_output * (1 - update) * (1 - candidate * candidate);
    const float d_update = d_output * (before[c] - candidate) * update * (1 - update);
    const float d_reset = d_candidate * query[c] * reset * (1 - reset), d_query = d_candidate * reset;
    carry[c] = d_output * update;
    r[c] = d_reset;
    z[c] = d_update;
    n[c] = d_candidate;
    query[c] = d_query;
    sum_r[c] += d_reset;
    sum_z[c] += d_update;
    sum_n[c] += d_candidate;
    sums_q[c] += d_query;
  }
}

}  // namespace mimir
