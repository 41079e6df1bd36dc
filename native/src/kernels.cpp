#include "kernels.h"

#include <cmath>
#include <cstdlib>
#include <cstring>
#include <limits>
#include <string>

#include "row_math.h"
#include "vector_math.h"

namespace mimir {

const char* instruction_set() {
#if defined(__x86_64__)
  static const char* const chosen = [] {
    // MIMIR_ISA=avx2 or sse2 forbids the matrix products what is wider, for tests and measurements.
    const char* const given = std::getenv("MIMIR_ISA");
    const std::string most = given ? given : "";
    __builtin_cpu_init();
    const bool avx2 = __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") && most != "sse2";
    if (!avx2) return "sse2";
    const bool avx512 = __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512vl") &&
                        __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512bw") && most != "avx2";
    return avx512 ? "avx512" : "avx2";
  }();
  return chosen;
#else
  return "generic";
#endif
}

MIMIR_VARIANTS
void bias_activation(float* y, const float* bias, int64_t rows, int64_t columns, int64_t stride, int activation) {
  for (int64_t r = 0; r < rows; ++r) {
    float* row = y + r * stride;
    switch (activation) {
      case kSigmoid:
        for (int64_t c = 0; c < columns; ++c) row[c] = fast_sigmoid(row[c] + bias[c]);
        break;
      case kTanh:
        for (int64_t c = 0; c < columns; ++c) row[c] = fast_tanh(row[c] + bias[c]);
        break;
      case kRelu:
        for (int64_t c = 0; c < columns; ++c) {
          const float z = row[c] + bias[c];
          row[c] = z < 0 ? 0.0f : z;
        }
        break;
      default:
        for (int64_t c = 0; c < columns; ++c) row[c] += bias[c];
    }
  }
}

MIMIR_VARIANTS
void activation_derivative(float* __restrict dy, const float* __restrict y, int64_t rows, int64_t columns,
                           int64_t stride, int activation, float* __restrict sums) {
  for (int64_t r = 0; r < rows; ++r) {
    float* d = dy + r * stride;
    const float* out = y + r * stride;
    switch (activation) {
      case kSigmoid:
        for (int64_t c = 0; c < columns; ++c) sums[c] += d[c] *= out[c] * (1 - out[c]);
        break;
      case kTanh:
        for (int64_t c = 0; c < columns; ++c) sums[c] += d[c] *= 1 - out[c] * out[c];
        break;
      case kRelu:
        for (int64_t c = 0; c < columns; ++c) sums[c] += d[c] = out[c] > 0 ? d[c] : 0.0f;
        break;
      default:
        for (int64_t c = 0; c < columns; ++c) sums[c] += d[c];
    }
  }
}

MIMIR_VARIANTS
void softmax_rows(const float* x, float* out, int64_t rows, int64_t columns, bool logarithm) {
  for (int64_t r = 0; r < rows; ++r, x += columns, out += columns) {
    const float best = row_max(x, columns);
    if (logarithm) {
      const float shift = best + static_cast<float>(std::log(row_exp_sum(x, columns, best)));
      for (int64_t c = 0; c < columns; ++c) out[c] = x[c] - shift;
    } else {
      const float scale = static_cast<float>(1 / row_exp(x, out, columns, best));
      for (int64_t c = 0; c < columns; ++c) out[c] *= scale;
    }
  }
}

MIMIR_VARIANTS
LossSums cross_entropy_rows(const float* logits, const int32_t* targets, const float* weights, float* gradient,
                            int64_t rows, int64_t columns) {
  LossSums sums;
  for (int64_t r = 0; r < rows; ++r) {
    const float* x = logits + r * columns;
    const float weight = weights ? weights[r] : 1.0f;
    const int32_t target = targets[r];
    const float best = row_max(x, columns);
    // A weight of 0 hides a frame from the loss, but not what is wrong with it.
    double total;
    if (gradient) {
      float* g = gradient + r * columns;
      total = row_exp(x, g, columns, best);
      const float scale = static_cast<float>(weight / total);
      for (int64_t c = 0; c < columns; ++c) g[c] *= scale;
      g[target] -= weight;
    } else {
      total = row_exp_sum(x, columns, best);
    }
    sums.loss += weight * (std::log(total) + best - x[target]);
    sums.frames += weight;
    if (weight > 0 && x[target] == best) {
      int64_t first = 0;
      while (x[first] != best) ++first;
      sums.correct += first == target;
    }
  }
  return sums;
}

MIMIR_VARIANTS
void dropout(const float* x, float* out, int64_t begin, int64_t end, float scale, uint32_t threshold, uint32_t key_low,
             uint32_t key_high) {
  for (int64_t i = begin; i < end; ++i) {
    const uint32_t h = mix32(mix32(static_cast<uint32_t>(i) ^ key_low) + key_high);
    // 24 bits, so that the comparison is the same in every arithmetic.
    out[i] = (h >> 8) >= threshold ? x[i] * scale : 0.0f;
  }
}

static inline float cut(float x, float bound) { return x > bound ? bound : x < -bound ? -bound : x; }

MIMIR_VARIANTS
void sgd(float* __restrict value, const float* __restrict gradient, float* __restrict correction, int64_t count,
         float rate, float momentum, float clip, float l1, float l2) {
  const float keep = 1 - l2;
  const float bound = clip > 0 ? clip : std::numeric_limits<float>::infinity();
  if (l1 == 0 && !correction) {
    for (int64_t i = 0; i < count; ++i) value[i] = keep * value[i] - rate * cut(gradient[i], bound);
  } else if (l1 == 0) {
    for (int64_t i = 0; i < count; ++i) {
      correction[i] = cut(momentum * correction[i] + gradient[i], bound);
      value[i] = keep * value[i] - rate * correction[i];
    }
  } else {
    for (int64_t i = 0; i < count; ++i) {
      float step = cut(correction ? momentum * correction[i] + gradient[i] : gradient[i], bound);
      float v = keep * value[i];
      if (v != 0) {
        const float shrink = v > 0 ? l1 : -l1;
        if ((v - rate * step - shrink > 0) != (v > 0)) {
          v = 0;
          step = 0;
        } else {
          v -= shrink;
        }
      }
      value[i] = v - rate * step;
      if (correction) correction[i] = step;
    }
  }
}

MIMIR_VARIANTS
void adam(float* __restrict value, const float* __restrict gradient, float* __restrict first, float* __restrict second,
          int64_t count, float rate, float beta1, float beta2, float epsilon, float second_scale, float decay) {
  const float keep = 1 - decay;
  for (int64_t i = 0; i < count; ++i) {
    const float g = gradient[i];
    first[i] = beta1 * first[i] + (1 - beta1) * g;
    second[i] = beta2 * second[i] + (1 - beta2) * g * g;
    value[i] = keep * value[i] - rate * first[i] / (std::sqrt(second[i] * second_scale) + epsilon);
  }
}

MIMIR_VARIANTS
double sum_squares(const float* x, int64_t count) {
  // As many sums as hide the latency of an addition.
  constexpr int kSums = 32;
  double sums[kSums] = {};
  int64_t i = 0;
  for (; i + kSums <= count; i += kSums)
    for (int l = 0; l < kSums; ++l) sums[l] += static_cast<double>(x[i + l]) * x[i + l];
  for (; i < count; ++i) sums[0] += static_cast<double>(x[i]) * x[i];
  double total = 0;
  for (const double sum : sums) total += sum;
  return total;
}

MIMIR_VARIANTS
bool all_finite(const float* x, int64_t count) {
  // The exponent bits of NaN and infinity are all ones.
  uint32_t bad = 0;
  for (int64_t i = 0; i < count; ++i) {
    uint32_t bits;
    std::memcpy(&bits, x + i, sizeof bits);
    bad |= (bits & 0x7f800000u) == 0x7f800000u;
  }
  return bad == 0;
}

}  // namespace mimir
