#include "guarded.h"
#include "kernels.h"
#include "sgemm.h"
#include "workers.h"

using namespace mimir;

namespace {

constexpr int64_t kParallel = 1 << 16;  // elements that pay for waking a worker

// Sums float64 partial results of fixed-size pieces in order, so that the thread count does not change the sum.
template <typename Piece>
double sum_pieces(int64_t count, Piece&& piece) {
  constexpr int64_t kPiece = 1 << 14;
  const int64_t pieces = (count + kPiece - 1) / kPiece;
  std::vector<double> partial(pieces);
  parallel_for(pieces, 1, kParallel / kPiece, [&](int64_t begin, int64_t end) {
    for (int64_t i = begin; i < end; ++i) partial[i] = piece(i * kPiece, std::min(kPiece, count - i * kPiece));
  });
  double total = 0;
  for (const double value : partial) total += value;
  return total;
}

at::Tensor transposed(const at::Tensor& t, int transpose) { return transpose ? t.t() : t; }

void gemm(Gemm library, const mimir_tensor* a, int transpose_a, const mimir_tensor* b, int transpose_b, double alpha,
          double beta, mimir_tensor* c) {
  check_matrix(a->value, "a");
  check_matrix(b->value, "b");
  check_matrix(c->value, "c");
  const auto left = transposed(a->value, transpose_a), right = transposed(b->value, transpose_b);
  TORCH_CHECK(left.size(1) == right.size(0) && c->value.size(0) == left.size(0) && c->value.size(1) == right.size(1),
              "shapes ", left.sizes(), " and ", right.sizes(), " do not multiply into ", c->value.sizes());
  if (library == Gemm::kChoose && !fast_route(a->value, b->value, c->value)) {
    if (beta == 0) c->value.zero_();
    c->value.addmm_(left, right, beta, alpha);
    return;
  }
  TORCH_CHECK(fast_route(a->value, b->value, c->value), "a named library multiplies float32 in host memory only");
  TORCH_CHECK(has(library), "this BLAS is not installed");
  sgemm_parallel({transpose_a != 0, transpose_b != 0, left.size(0), right.size(1), left.size(1),
                  static_cast<float>(alpha), floats(a->value), a->value.size(1), floats(b->value), b->value.size(1),
                  static_cast<float>(beta), floats(c->value), c->value.size(1)},
                 library);
}

}  // namespace

extern "C" {

int mimir_fill(mimir_tensor* t, double value) {
  return guarded([&] { t->value.fill_(value); });
}

int mimir_copy(mimir_tensor* target, const mimir_tensor* source) {
  return guarded([&] {
    TORCH_CHECK(target->value.sizes() == source->value.sizes(), "shapes ", target->value.sizes(), " and ",
                source->value.sizes(), " differ");
    target->value.copy_(source->value);
  });
}

int mimir_scale(mimir_tensor* t, double factor) {
  return guarded([&] { t->value.mul_(factor); });
}

int mimir_add(mimir_tensor* target, const mimir_tensor* source, double scale) {
  return guarded([&] {
    TORCH_CHECK(target->value.numel() == source->value.numel(), "shapes ", target->value.sizes(), " and ",
                source->value.sizes(), " differ");
    if (!fast_route(target->value, source->value)) {
      target->value.add_(source->value.view_as(target->value), scale);
      return;
    }
    float* to = floats(target->value);
    const float* from = floats(source->value);
    parallel_for(target->value.numel(), 16, kParallel, [&](int64_t begin, int64_t end) {
      add_scaled(to + begin, from + begin, end - begin, static_cast<float>(scale));
    });
  });
}

int mimir_multiply(mimir_tensor* target, const mimir_tensor* source) {
  return guarded([&] { target->value.mul_(source->value); });
}

int mimir_clamp(mimir_tensor* t, double limit) {
  return guarded([&] { t->value.clamp_(-limit, limit); });
}

int mimir_sum(const mimir_tensor* t, double* out) {
  return guarded([&] {
    if (!fast_route(t->value)) {
      *out = t->value.sum(at::kDouble).item<double>();
      return;
    }
    const float* x = floats(t->value);
    *out = sum_pieces(t->value.numel(), [&](int64_t begin, int64_t n) { return sum(x + begin, n); });
  });
}

int mimir_sum_squares(const mimir_tensor* t, double* out) {
  return guarded([&] {
    if (!fast_route(t->value)) {
      *out = t->value.to(at::kDouble).square().sum().item<double>();
      return;
    }
    const float* x = floats(t->value);
    *out = sum_pieces(t->value.numel(), [&](int64_t begin, int64_t n) { return sum_squares(x + begin, n); });
  });
}

int mimir_is_finite(const mimir_tensor* t, int* out) {
  return guarded([&] {
    if (!fast_route(t->value)) {
      *out = at::isfinite(t->value).all().item<bool>();
      return;
    }
    std::atomic<bool> finite{true};
    const float* x = floats(t->value);
    parallel_for(t->value.numel(), 16, kParallel, [&](int64_t begin, int64_t end) {
      if (!all_finite(x + begin, end - begin)) finite = false;
    });
    *out = finite;
  });
}

int mimir_gemm(int library, const mimir_tensor* a, int transpose_a, const mimir_tensor* b, int transpose_b,
               double alpha, double beta, mimir_tensor* c) {
  return guarded([&] {
    TORCH_CHECK(library >= 0 && library <= 3, "unknown library ", library);
    gemm(static_cast<Gemm>(library), a, transpose_a, b, transpose_b, alpha, beta, c);
  });
}

int mimir_softmax(const mimir_tensor* x, int logarithm, mimir_tensor* out) {
  return guarded([&] {
    check_matrix(x->value, "x");
    TORCH_CHECK(x->value.sizes() == out->value.sizes(), "shapes ", x->value.sizes(), " and ", out->value.sizes(),
                " differ");
    if (!fast_route(x->value, out->value)) {
      out->value.copy_(logarithm ? at::log_softmax(x->value, 1) : at::softmax(x->value, 1));
      return;
    }
    const int64_t columns = x->value.size(1);
    if (columns == 0) return;
    parallel_for(x->value.size(0), 1, kParallel / columns / 4, [&](int64_t begin, int64_t end) {
      softmax_rows(floats(x->value) + begin * columns, floats(out->value) + begin * columns, end - begin, columns,
                   logarithm != 0);
    });
  });
}

int mimir_softmax_backward(const mimir_tensor* y, const mimir_tensor* dy, mimir_tensor* dx) {
  return guarded([&] {
    const auto sums = (dy->value * y->value).sum(1, /*keepdim=*/true);
    dx->value.copy_((dy->value - sums).mul_(y->value));
  });
}

}  // extern "C"
