// Reductions over one row of floats, written so that they vectorise.
#pragma once
#include <cstdint>

#include "vector_math.h"

namespace mimir {

// Sixteen running values, so that reductions vectorise without reordering what the source says.
constexpr int kLanes = 16;

MIMIR_INLINE float row_max(const float* x, int64_t n) {
  float lanes[kLanes];
  for (int l = 0; l < kLanes; ++l) lanes[l] = x[0];
  int64_t c = 0;
  for (; c + kLanes <= n; c += kLanes)
    for (int l = 0; l < kLanes; ++l) lanes[l] = x[c + l] > lanes[l] ? x[c + l] : lanes[l];
  for (; c < n; ++c) lanes[0] = x[c] > lanes[0] ? x[c] : lanes[0];
  float best = lanes[0];
  for (int l = 1; l < kLanes; ++l) best = lanes[l] > best ? lanes[l] : best;
  return best;
}

// out[c] = exp(x[c] - shift); returns the sum.
MIMIR_INLINE double row_exp(const float* x, float* out, int64_t n, float shift) {
  float lanes[kLanes] = {};
  int64_t c = 0;
  for (; c + kLanes <= n; c += kLanes)
    for (int l = 0; l < kLanes; ++l) lanes[l] += out[c + l] = fast_exp(x[c + l] - shift);
  for (; c < n; ++c) lanes[0] += out[c] = fast_exp(x[c] - shift);
  double total = 0;
  for (int l = 0; l < kLanes; ++l) total += lanes[l];
  return total;
}

MIMIR_INLINE double row_exp_sum(const float* x, int64_t n, float shift) {
  float lanes[kLanes] = {};
  int64_t c = 0;
  for (; c + kLanes <= n; c += kLanes)
    for (int l = 0; l < kLanes; ++l) lanes[l] += fast_exp(x[c + l] - shift);
  for (; c < n; ++c) lanes[0] += fast_exp(x[c] - shift);
  double total = 0;
  for (int l = 0; l < kLanes; ++l) total += lanes[l];
  return total;
}

}  // namespace mimir
