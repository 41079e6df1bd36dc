#include "normalise_kernels.h"

#include <cmath>

#include "guarded.h"
#include "workers.h"

using namespace mimir;

namespace {

constexpr int64_t kParallel = 1 << 15;  // elements that pay for waking a worker
constexpr int64_t kGrain = 16;          // columns of a share, so that workers do not write one cache line

void check_shapes(const at::Tensor& x, const at::Tensor& out, const at::Tensor& gamma, const at::Tensor& beta) {
  check_matrix(x, "x");
  TORCH_CHECK(x.sizes() == out.sizes(), "shapes ", x.sizes(), " and ", out.sizes(), " differ");
  TORCH_CHECK(gamma.numel() == x.size(1) && beta.numel() == x.size(1), "a scale and a shift for each of ", x.size(1),
              " values are needed");
}

// ---- layer normalisation: the reference with ATen operators ----

at::Tensor row_inverse(const at::Tensor& centred, double epsilon) {
  return (centred.square().mean(1, /*keepdim=*/true) + epsilon).rsqrt_();
}

void reference_layer_norm(const at::Tensor& x, const at::Tensor& gamma, const at::Tensor& beta, double epsilon,
                          at::Tensor y) {
  const auto centred = x - x.mean(1, /*keepdim=*/true);
  y.copy_(centred * row_inverse(centred, epsilon) * gamma + beta);
}

void reference_layer_norm_backward(const at::Tensor& x, const at::Tensor& gamma, double epsilon, const at::Tensor& dy,
                                   at::Tensor* dx, at::Tensor dgamma, at::Tensor dbeta) {
  const auto centred = x - x.mean(1, /*keepdim=*/true);
  const auto inverse = row_inverse(centred, epsilon);
  const auto normalised = centred * inverse;
  dgamma.copy_((dy * normalised).sum(0));
  dbeta.copy_(dy.sum(0));
  if (!dx) return;
  const auto d = dy * gamma;
  dx->copy_(inverse * (d - d.mean(1, /*keepdim=*/true) - normalised * (d * normalised).mean(1, /*keepdim=*/true)));
}

// ---- batch normalisation on host floats, by columns: one order of summation whatever the number of threads ----

void fast_batch_norm(const at::Tensor& x, const at::Tensor& gamma, const at::Tensor& beta, const at::Tensor& mean,
                     const at::Tensor& variance, bool training, double momentum, double epsilon, float* saved,
                     const at::Tensor& y) {
  const int64_t n = x.size(0), d = x.size(1);
  parallel_for(d, kGrain, std::max<int64_t>(1, kParallel / n), [&](int64_t begin, int64_t end) {
    const int64_t columns = end - begin;
    std::vector<float> middle(columns), spread(columns), scale(columns), shift(columns);
    float *running = floats(mean) + begin, *running_spread = floats(variance) + begin;
    if (training) {
      column_moments(floats(x) + begin, middle.data(), spread.data(), n, columns, d);
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
      scale[c] = inverse * floats(gamma)[begin + c];
      shift[c] = floats(beta)[begin + c] - middle[c] * scale[c];
    }
    scale_and_shift(floats(x) + begin, scale.data(), shift.data(), floats(y) + begin, n, columns, d);
  });
}

void fast_batch_norm_backward(const at::Tensor& x, const at::Tensor& gamma, const at::Tensor& saved,
                              const at::Tensor& dy, at::Tensor* dx, const at::Tensor& dgamma, const at::Tensor& dbeta) {
  const int64_t n = x.size(0), d = x.size(1);
  parallel_for(d, kGrain, std::max<int64_t>(1, kParallel / n), [&](int64_t begin, int64_t end) {
    const int64_t columns = end - begin;
    const float *mean = floats(saved) + begin, *inverse = floats(saved) + d + begin;
    float *sums = floats(dbeta) + begin, *projections = floats(dgamma) + begin;
    batch_norm_sums(floats(x) + begin, floats(dy) + begin, mean, inverse, sums, projections, n, columns, d);
    if (!dx) return;
    // dx = scale * (dy - sum / n - (x - mean) * inverse * projection / n)
    std::vector<float> a(columns), b(columns), c(columns);
    for (int64_t i = 0; i < columns; ++i) {
      a[i] = inverse[i] * floats(gamma)[begin + i];
      b[i] = -a[i] * inverse[i] * projections[i] / n;
      c[i] = -a[i] * sums[i] / n - b[i] * mean[i];
    }
    combine(floats(dy) + begin, floats(x) + begin, a.data(), b.data(), c.data(), floats(*dx) + begin, n, columns, d);
  });
}

}  // namespace

extern "C" {

int mimir_layer_norm_forward(
    const mimir_tensor* x, const mimir_tensor* gamma, const mimir_tensor* beta, double epsilon, mimir_tensor* y) {
  return guarded([&] {
    check_shapes(x->value, y->value, gamma->value, beta->value);
    if (!fast_route(x->value, gamma->value, beta->value, y->value))
      return reference_layer_norm(x->value, gamma->value, beta->value, epsilon, y->value);

    const int64_t d = x->value.size(1);
    parallel_for(x->value.size(0), 1, std::max<int64_t>(1, kParallel / d), [&](int64_t begin, int64_t end) {
      std::vector<float> mean(end - begin), inverse(end - begin);
      const float* from = floats(x->value) + begin * d;
      row_moments(from, static_cast<float>(epsilon), mean.data(), inverse.data(), end - begin, d);
      layer_norm(from, floats(gamma->value), floats(beta->value), mean.data(), inverse.data(),
                 floats(y->value) + begin * d, end - begin, d);
    });
  });
}

int mimir_layer_norm_backward(const mimir_tensor* x, const mimir_tensor* gamma, double epsilon, const mimir_tensor* dy,
                              mimir_tensor* dx, mimir_tensor* dgamma, mimir_tensor* dbeta) {
  return guarded([&] {
    check_shapes(x->value, dy->value, dgamma->value, dbeta->value);
    at::Tensor* const to_x = dx ? &dx->value : nullptr;
    TORCH_CHECK(!to_x || to_x->sizes() == x->value.sizes(), "a gradient does not have the shape of its value");
    if (!fast_route(x->value, gamma->value, dy->value, to_x ? *to_x : x->value, dgamma->value, dbeta->value)) {
      return reference_layer_norm_backward(
          x->value, gamma->value, epsilon, dy->value, to_x, dgamma->value, dbeta->value);
    }
    const int64_t n = x->value.size(0), d = x->value.size(1);
    std::vector<float> mean(n), inverse(n);
    parallel_for(n, 1, std::max<int64_t>(1, kParallel / d), [&](int64_t begin, int64_t end) {
      row_moments(floats(x->value) + begin * d, static_cast<float>(epsilon), mean.data() + begin,
                  inverse.data() + begin, end - begin, d);
    });
    parallel_for(d, kGrain, std::max<int64_t>(1, kParallel / n), [&](int64_t begin, int64_t end) {
      layer_norm_sums(floats(x->value) + begin, floats(dy->value) + begin, mean.data(), inverse.data(),
                      floats(dgamma->value) + begin, floats(dbeta->value) + begin, n, end - begin, d);
    });
    if (!to_x) return;
    parallel_for(n, 1, std::max<int64_t>(1, kParallel / d), [&](int64_t begin, int64_t end) {
      layer_norm_derivative(floats(x->value) + begin * d, floats(dy->value) + begin * d, floats(gamma->value),
                            mean.data() + begin, inverse.data() + begin, floats(*to_x) + begin * d, end - begin, d);
    });
  });
}

int mimir_batch_norm_forward(const mimir_tensor* x, const mimir_tensor* gamma, const mimir_tensor* beta,
                             mimir_tensor* running_mean, mimir_tensor* running_variance, int training, double momentum,
                             double epsilon, mimir_tensor* saved, mimir_tensor* out) {
  return guarded([&] {
    check_shapes(x->value, out->value, gamma->value, beta->value);
    at::Tensor mean = running_mean->value, variance = running_variance->value;
    if (fast_route(x->value, gamma->value, beta->value, mean, variance, saved ? saved->value : mean, out->value)) {
      return fast_batch_norm(x->value, gamma->value, beta->value, mean, variance, training != 0, momentum, epsilon,
                             saved ? floats(saved->value) : nullptr, out->value);
    }
    if (training) {
      mean = x->value.mean(0);
      variance = (x->value - mean).square_().mean(0);
      running_mean->value.lerp_(mean, momentum);
      running_variance->value.lerp_(variance, momentum);
    }
    const auto inverse = (variance + epsilon).rsqrt_();
    if (saved) {
      saved->value.select(0, 0).copy_(mean);
      saved->value.select(0, 1).copy_(inverse);
    }
    const auto scale = inverse * gamma->value;
    at::addcmul_out(out->value, beta->value - mean * scale, x->value, scale);
  });
}

int mimir_batch_norm_backward(const mimir_tensor* x, const mimir_tensor* gamma, const mimir_tensor* saved,
                              const mimir_tensor* dy, mimir_tensor* dx, mimir_tensor* dgamma, mimir_tensor* dbeta) {
  return guarded([&] {
    check_shapes(x->value, dy->value, dgamma->value, dbeta->value);
    at::Tensor* const to_x = dx ? &dx->value : nullptr;
    if (fast_route(x->value, gamma->value, saved->value, dy->value, to_x ? *to_x : x->value, dgamma->value,
                   dbeta->value)) {
      return fast_batch_norm_backward(
          x->value, gamma->value, saved->value, dy->value, to_x, dgamma->value, dbeta->value);
    }
    const auto inverse = saved->value.select(0, 1);
    const auto normalised = (x->value - saved->value.select(0, 0)).mul_(inverse);
    const auto sum = dy->value.sum(0);
    const auto projection = (dy->value * normalised).sum(0);
    dgamma->value.copy_(projection);
    dbeta->value.copy_(sum);
    if (!to_x) return;
    const double n = static_cast<double>(x->value.size(0));
    to_x->copy_((dy->value - sum / n - normalised * (projection / n)).mul_(inverse * gamma->value));
  });
}

}  // extern "C"
