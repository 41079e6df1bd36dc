#include <cmath>

#include "kernels.h"
#include "row_math.h"

namespace mimir {

namespace {

MIMIR_INLINE float frame_weight(const SoftTargets& t, int64_t r) { return t.frame_weights ? t.frame_weights[r] : 1.0f; }

// The entry with the largest target, the lowest class among equals; -1 when no target is positive.
MIMIR_INLINE int32_t largest(const SoftTargets& t, int64_t r) {
  int32_t entry = -1;
  float best = 0;
  for (int32_t j = t.offsets[r]; j < t.offsets[r + 1]; ++j)
    if (t.weights[j] > best) {
      best = t.weights[j];
      entry = j;
    }
  return entry;
}

}  // namespace

MIMIR_VARIANTS
void soft_cross_entropy_rows(const float* logits, int64_t stride, int64_t columns, const SoftTargets& targets,
                             float* gradient, double* log_posteriors, int32_t* correct, int64_t begin, int64_t end) {
  for (int64_t r = begin; r < end; ++r) {
    const float* x = logits + r * stride;
    const int32_t from = targets.offsets[r], to = targets.offsets[r + 1];
    float mass = 0;
    for (int32_t j = from; j < to; ++j) mass += targets.weights[j];
    const float weight = frame_weight(targets, r) * mass;
    const float best = row_max(x, columns);
    double total;
    if (gradient) {
      float* g = gradient + r * stride;
      total = row_exp(x, g, columns, best);
      const float scale = static_cast<float>(weight / total);
      for (int64_t c = 0; c < columns; ++c) g[c] *= scale;
      for (int32_t j = from; j < to; ++j) g[targets.classes[j]] -= weight * targets.weights[j];
    } else {
      total = row_exp_sum(x, columns, best);
    }
    const double shift = best + std::log(total);
    for (int32_t j = from; j < to; ++j) log_posteriors[j] = x[targets.classes[j]] - shift;

    const int32_t entry = largest(targets, r);
    correct[r] = 0;
    if (entry >= 0 && x[targets.classes[entry]] == best) {
      int64_t first = 0;
      while (x[first] != best) ++first;
      correct[r] = first == targets.classes[entry];
    }
  }
}

MIMIR_VARIANTS
double squared_error_rows(const float* output, int64_t stride, int64_t columns, const SoftTargets& targets,
                          float* gradient, int64_t begin, int64_t end) {
  double loss = 0;
  for (int64_t r = begin; r < end; ++r) {
    const float* y = output + r * stride;
    const float weight = frame_weight(targets, r);
    double squares = sum_squares(y, columns);
    for (int32_t j = targets.offsets[r]; j < targets.offsets[r + 1]; ++j) {
      const double value = y[targets.classes[j]], difference = value - targets.weights[j];
      squares += difference * difference - value * value;
    }
    loss += 0.5 * weight * squares;
    if (!gradient) continue;
    float* g = gradient + r * stride;
    for (int64_t c = 0; c < columns; ++c) g[c] = weight * y[c];
    for (int32_t j = targets.offsets[r]; j < targets.offsets[r + 1]; ++j)
      g[targets.classes[j]] -= weight * targets.weights[j];
  }
  return loss;
}

MIMIR_VARIANTS
void parametric_relu(const float* __restrict x, const float* __restrict alpha, const float* __restrict beta,
                     float* __restrict y, int64_t rows, int64_t columns, int64_t stride) {
  for (int64_t r = 0; r < rows; ++r)
    for (int64_t c = 0; c < columns; ++c) {
      const float in = x[r * stride + c];
      y[r * stride + c] = in * (in >= 0 ? alpha[c] : beta[c]);
    }
}

MIMIR_VARIANTS
void parametric_relu_derivative(const float* __restrict x, const float* __restrict alpha, const float* __restrict beta,
                                const float* __restrict dy, float* __restrict dx, float* __restrict dalpha,
                                float* __restrict dbeta, int64_t rows, int64_t columns, int64_t stride) {
  for (int64_t r = 0; r < rows; ++r) {
    const int64_t row = r * stride;
    for (int64_t c = 0; c < columns; ++c) {
      const float in = x[row + c], product = in * dy[row + c];
      dalpha[c] += in >= 0 ? product : 0.0f;
      dbeta[c] += in >= 0 ? 0.0f : product;
    }
    if (dx)
      for (int64_t c = 0; c < columns; ++c) dx[row + c] = dy[row + c] * (x[row + c] >= 0 ? alpha[c] : beta[c]);
  }
}

}  // namespace mimir
