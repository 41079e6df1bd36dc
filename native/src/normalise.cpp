#include "normalise_kernels.h"

#include <cmath>
#include <vector>

#include "guarded.h"
#include "kernels.h"
#include "workers.h"

using namespace mimir;

namespace {

constexpr int64_t kGrain = 16;  // columns of a share, so that workers do not write one cache line

int64_t worthwhile(int64_t others) { return std::max<int64_t>(1, kParallel / std::max<int64_t>(1, others)); }

}  // namespace

extern "C" {

int mimir_layer_norm_forward(int64_t n, int64_t d, const float* x, const float* gamma, const float* beta, double epsilon,
                             float* y) {
  return guarded([&] {
    parallel_for(n, 1, worthwhile(d), [&](int64_t begin, int64_t end) {
      std::vector<float> mean(end - begin), inverse(end - begin);
      row_moments(x + begin * d, static_cast<float>(epsilon), mean.data(), inverse.data(), end - begin, d);
      layer_norm(x + begin * d, gamma, beta, mean.data(), inverse.data(), y + begin * d, end - begin, d);
    });
  });
}

int mimir_layer_norm_backward(int64_t n, int64_t d, const float* x, const float* gamma, double epsilon, const float* dy,
                              float* dx, float* dgamma, float* dbeta) {
  return guarded([&] {
    std::vector<float> mean(n), inverse(n);
    parallel_for(n, 1, worthwhile(d), [&](int64_t begin, int64_t end) {
      row_moments(x + begin * d, static_cast<float>(epsilon), mean.data() + begin, inverse.data() + begin, end - begin, d);
    });
    parallel_for(d, kGrain, worthwhile(n), [&](int64_t begin, int64_t end) {
      layer_norm_sums(x + begin, dy + begin, mean.data(), inverse.data(), dgamma + begin, dbeta + begin, n, end - begin, d);
    });
    if (!dx) return;
    parallel_for(n, 1, worthwhile(d), [&](int64_t begin, int64_t end) {
      layer_norm_derivative(x + begin * d, dy + begin * d, gamma, mean.data() + begin, inverse.data() + begin,
                            dx + begin * d, end - begin, d);
    });
  });
}

// Batch normalisation goes by columns: one order of summation whatever the number of threads.

int mimir_batch_norm_forward(int64_t n, int64_t d, const float* x, const float* gamma, const float* beta,
                             float* running_mean, float* running_variance, int training, double momentum, double epsilon,
                             float* saved, float* out) {
  return guarded([&] {
    parallel_for(d, kGrain, worthwhile(n), [&](int64_t begin, int64_t end) {
      const int64_t columns = end - begin;
      std::vector<float> middle(columns), spread(columns), scale(columns), shift(columns);
      float *running = running_mean + begin, *running_spread = running_variance + begin;
      if (training) {
        column_moments(x + begin, middle.data(), spread.data(), n, columns, d);
        const auto weight = static_cast<float>(momentum);
        for (int64_t c = 0; c < columns; ++c) {
          running[c] += weight * (middle[c] - running[c]);
          running_spread[c] += weight * (spread[c] - running_spread[c]);
        }
      } else {
        std::copy_n(running, columns, middle.data());
        std::copy_n(running_spread, columns, spread.data());
      }
      for (int64_t c = 0; c < columns; ++c) {
        const float inverse = 1.0f / std::sqrt(spread[c] + static_cast<float>(epsilon));
        if (saved) {
          saved[begin + c] = middle[c];
          saved[d + begin + c] = inverse;
        }
        scale[c] = inverse * gamma[begin + c];
        shift[c] = beta[begin + c] - middle[c] * scale[c];
      }
      scale_and_shift(x + begin, scale.data(), shift.data(), out + begin, n, columns, d);
    });
  });
}

int mimir_batch_norm_backward(int64_t n, int64_t d, const float* x, const float* gamma, const float* saved,
                              const float* dy, float* dx, float* dgamma, float* dbeta) {
  return guarded([&] {
    parallel_for(d, kGrain, worthwhile(n), [&](int64_t begin, int64_t end) {
      const int64_t columns = end - begin;
      const float *mean = saved + begin, *inverse = saved + d + begin;
      float *sums = dbeta + begin, *projections = dgamma + begin;
      batch_norm_sums(x + begin, dy + begin, mean, inverse, sums, projections, n, columns, d);
      if (!dx) return;
      // dx = scale * (dy - sum / n - (x - mean) * inverse * projection / n)
      std::vector<float> a(columns), b(columns), c(columns);
      for (int64_t i = 0; i < columns; ++i) {
        a[i] = inverse[i] * gamma[begin + i];
        b[i] = -a[i] * inverse[i] * projections[i] / n;
        c[i] = -a[i] * sums[i] / n - b[i] * mean[i];
      }
      combine(dy + begin, x + begin, a.data(), b.data(), c.data(), dx + begin, n, columns, d);
    });
  });
}

}  // extern "C"
