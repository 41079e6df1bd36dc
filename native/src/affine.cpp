#include "guarded.h"
#include "kernels.h"
#include "reference.h"
#include "sgemm.h"
#include "workers.h"

using namespace mimir;

namespace {

void check_affine(const at::Tensor& x, const at::Tensor& w, const at::Tensor& b, const at::Tensor& y) {
  check_matrix(x, "x");
  check_matrix(w, "w");
  check_matrix(y, "y");
  TORCH_CHECK(w.size(1) == x.size(1) && b.numel() == w.size(0) && y.size(0) == x.size(0) && y.size(1) == w.size(0),
              "an affine block of weights ", w.sizes(), " and bias ", b.sizes(), " cannot take ", x.sizes(), " to ",
              y.sizes());
}

// ---- the reference: the same formulas with ATen operators, on any device and type ----

void reference_forward(const at::Tensor& x, const at::Tensor& w, const at::Tensor& b, int activation, at::Tensor y) {
  at::addmm_out(y, b, x, w.t());
  reference_activation(y, activation);
}

void reference_backward(const at::Tensor& x, const at::Tensor& w, const at::Tensor& y, int activation, at::Tensor dy,
                        at::Tensor* dx, at::Tensor* dw, at::Tensor* db, double alpha_w, double alpha_b, double beta) {
  reference_derivative(dy, y, activation);
  if (dx) at::mm_out(*dx, dy, w);
  if (!dw) return;
  if (beta == 0) {
    dw->zero_();
    db->zero_();
  }
  dw->addmm_(dy.t(), x, beta, alpha_w);
  db->mul_(beta).add_(dy.sum(0), alpha_b);
}

// ---- host floats: products shared among the workers, each with the pointwise pass on the block that it just made ----

void fast_forward(const at::Tensor& x, const at::Tensor& w, const at::Tensor& b, int activation, const at::Tensor& y) {
  const int64_t n = x.size(0), in = x.size(1), out = w.size(0);
  const Product whole{false, true, n, out, in, 1, floats(x), in, floats(w), in, 0, floats(y), out};
  const float* bias = floats(b);
  Workers::shared().run([&](int index, int count) {
    const Product mine = part(whole, index, count);
    if (mine.m <= 0 || mine.n <= 0) return;
    sgemm(mine);
    const int64_t first_column = (mine.c - whole.c) % out;
    bias_activation(mine.c, bias + first_column, mine.m, mine.n, out, activation);
  });
}

void fast_backward(const at::Tensor& x, const at::Tensor& w, const at::Tensor& y, int activation, const at::Tensor& dy,
                   at::Tensor* dx, at::Tensor* dw, at::Tensor* db, double alpha_w, double alpha_b, double beta) {
  const int64_t n = x.size(0), in = x.size(1), out = w.size(0);
  Workers& workers = Workers::shared();

  // By columns, so that each column sum has one order of summation whatever the number of threads.
  std::vector<float> sums(out);
  workers.run([&](int index, int count) {
    const Range columns = share(out, index, count, 16);
    if (columns.size() > 0)
      activation_derivative(floats(dy) + columns.begin, floats(y) + columns.begin, n, columns.size(), out, activation,
                            sums.data() + columns.begin);
  });
  if (dx) sgemm_parallel({false, false, n, in, out, 1, floats(dy), out, floats(w), in, 0, floats(*dx), in});
  if (!dw) return;
  sgemm_parallel({true, false, out, in, n, static_cast<float>(alpha_w), floats(dy), out, floats(x), in,
                  static_cast<float>(beta), floats(*dw), in});
  float* bias = floats(*db);
  for (int64_t c = 0; c < out; ++c)
    bias[c] = (beta == 0 ? 0.0f : static_cast<float>(beta) * bias[c]) + static_cast<float>(alpha_b) * sums[c];
}

}  // namespace

extern "C" {

int mimir_affine_forward(
    const mimir_tensor* x, const mimir_tensor* w, const mimir_tensor* b, int activation, mimir_tensor* y) {
  return guarded([&] {
    check_affine(x->value, w->value, b->value, y->value);
    if (fast_route(x->value, w->value, b->value, y->value))
      fast_forward(x->value, w->value, b->value, activation, y->value);
    else
      reference_forward(x->value, w->value, b->value, activation, y->value);
  });
}

int mimir_affine_backward(const mimir_tensor* x, const mimir_tensor* w, const mimir_tensor* y, int activation,
                          mimir_tensor* dy, mimir_tensor* dx, mimir_tensor* dw, mimir_tensor* db, double alpha_w,
                          double alpha_b, double beta) {
  return guarded([&] {
    TORCH_CHECK((dw == nullptr) == (db == nullptr), "the gradients of weights and bias come together");
    check_affine(x->value, w->value, db ? db->value : w->value.select(1, 0), y->value);
    TORCH_CHECK(dy->value.sizes() == y->value.sizes() && (!dx || dx->value.sizes() == x->value.sizes()) &&
                    (!dw || dw->value.sizes() == w->value.sizes()),
                "a gradient does not have the shape of its value");
    at::Tensor* const to_x = dx ? &dx->value : nullptr;
    at::Tensor* const to_w = dw ? &dw->value : nullptr;
    at::Tensor* const to_b = db ? &db->value : nullptr;
    const bool fast = fast_route(x->value, w->value, y->value, dy->value, to_x ? *to_x : x->value,
                                 to_w ? *to_w : w->value, to_b ? *to_b : w->value);
    if (fast)
      fast_backward(x->value, w->value, y->value, activation, dy->value, to_x, to_w, to_b, alpha_w, alpha_b, beta);
    else
      reference_backward(x->value, w->value, y->value, activation, dy->value, to_x, to_w, to_b, alpha_w, alpha_b, beta);
  });
}

}  // extern "C"
