#include "guarded.h"
#include "kernels.h"
#include "workers.h"

using namespace mimir;

namespace {

constexpr int64_t kParallel = 1 << 15;  // elements that pay for waking a worker

void check_same(const at::Tensor& x, const at::Tensor& y) {
  check_matrix(x, "x");
  TORCH_CHECK(x.sizes() == y.sizes(), "shapes ", x.sizes(), " and ", y.sizes(), " differ");
}

void check_slopes(const at::Tensor& x, const at::Tensor& alpha, const at::Tensor& beta) {
  TORCH_CHECK(alpha.numel() == x.size(1) && beta.numel() == x.size(1), "a slope for each of ", x.size(1),
              " dimensions is needed");
}

at::Tensor places(const int32_t* indices, int64_t count, int64_t dim, at::Device device) {
  for (int64_t i = 0; i < count; ++i)
    TORCH_CHECK(indices[i] >= 0 && indices[i] < dim, "column ", indices[i], " is not one of ", dim);
  return at::from_blob(const_cast<int32_t*>(indices), {count}, at::TensorOptions().dtype(at::kInt))
      .to(at::TensorOptions().dtype(at::kLong).device(device));
}

}  // namespace

extern "C" {

int mimir_activation(const mimir_tensor* x, int activation, mimir_tensor* y) {
  return guarded([&] {
    check_same(x->value, y->value);
    switch (activation) {
      case kSigmoid: at::sigmoid_out(y->value, x->value); break;
      case kTanh: at::tanh_out(y->value, x->value); break;
      case kRelu: at::clamp_min_out(y->value, x->value, 0); break;
      default: y->value.copy_(x->value);
    }
  });
}

int mimir_activation_backward(const mimir_tensor* y, int activation, const mimir_tensor* dy, mimir_tensor* dx) {
  return guarded([&] {
    check_same(y->value, dy->value);
    check_same(y->value, dx->value);
    const auto& out = y->value;
    switch (activation) {
      case kSigmoid: at::mul_out(dx->value, dy->value, out * (1 - out)); break;
      case kTanh: at::mul_out(dx->value, dy->value, 1 - out * out); break;
      case kRelu: at::mul_out(dx->value, dy->value, out > 0); break;
      default: dx->value.copy_(dy->value);
    }
  });
}

int mimir_parametric_relu(const mimir_tensor* x, const mimir_tensor* alpha, const mimir_tensor* beta, mimir_tensor* y) {
  return guarded([&] {
    const auto &in = x->value, &a = alpha->value, &b = beta->value;
    check_same(in, y->value);
    check_slopes(in, a, b);
    if (!fast_route(in, a, b, y->value)) {
      y->value.copy_(in * at::where(in >= 0, a, b));
      return;
    }
    const int64_t dim = in.size(1);
    parallel_for(in.size(0), 1, kParallel / std::max<int64_t>(1, dim), [&](int64_t begin, int64_t end) {
      parametric_relu(floats(in) + begin * dim, floats(a), floats(b), floats(y->value) + begin * dim, end - begin, dim,
                      dim);
    });
  });
}

int mimir_parametric_relu_backward(const mimir_tensor* x, const mimir_tensor* alpha, const mimir_tensor* beta,
                                   const mimir_tensor* dy, mimir_tensor* dx, mimir_tensor* dalpha,
                                   mimir_tensor* dbeta) {
  return guarded([&] {
    const auto &in = x->value, &a = alpha->value, &b = beta->value, &d = dy->value;
    check_same(in, d);
    if (dx) check_same(in, dx->value);
    check_slopes(in, a, b);
    check_slopes(in, dalpha->value, dbeta->value);
    if (!fast_route(in, a, b, d, dx ? dx->value : d, dalpha->value, dbeta->value)) {
      dalpha->value.copy_((d * in.clamp_min(0)).sum(0));
      dbeta->value.copy_((d * in.clamp_max(0)).sum(0));
      if (dx) dx->value.copy_(d * at::where(in >= 0, a, b));
      return;
    }
    const int64_t dim = in.size(1);
    dalpha->value.zero_();
    dbeta->value.zero_();
    // By columns, so that each sum has one order of summation whatever the number of threads.
    parallel_for(dim, 16, in.numel() < kParallel ? dim + 1 : 0, [&](int64_t begin, int64_t end) {
      parametric_relu_derivative(floats(in) + begin, floats(a) + begin, floats(b) + begin, floats(d) + begin,
                                 dx ? floats(dx->value) + begin : nullptr, floats(dalpha->value) + begin,
                                 floats(dbeta->value) + begin, in.size(0), end - begin, dim);
    });
  });
}

int mimir_copy_columns(const mimir_tensor* x, const int32_t* indices, int64_t count, mimir_tensor* out) {
  return guarded([&] {
    check_matrix(x->value, "x");
    out->value.copy_(x->value.index_select(1, places(indices, count, x->value.size(1), x->value.device())));
  });
}

int mimir_copy_columns_backward(const mimir_tensor* dy, const int32_t* indices, int64_t count, mimir_tensor* dx) {
  return guarded([&] {
    check_matrix(dx->value, "dx");
    dx->value.zero_();
    dx->value.index_add_(1, places(indices, count, dx->value.size(1), dx->value.device()), dy->value);
  });
}

int mimir_column_sums(const mimir_tensor* a, const mimir_tensor* b, mimir_tensor* out) {
  return guarded([&] {
    check_matrix(a->value, "a");
    if (b) check_same(a->value, b->value);
    out->value.copy_((b ? a->value * b->value : a->value).sum(0));
  });
}

}  // extern "C"
