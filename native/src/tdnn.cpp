// An affine transform of several rows side by side. The rows of a step of a packed batch lie in the order of the step
// before, so that most blocks of rows are runs that a product reads and writes where they lie.
#include "guarded.h"
#include "kernels.h"
#include "reference.h"
#include "rows.h"
#include "sgemm.h"
#include "workers.h"

using namespace mimir;

namespace {

constexpr int64_t kBlock = 256;  // rows at once: what is laid side by side stays in the cache
constexpr int64_t kWide = 256;   // inputs from which an offset is worth a product of its own

struct Tdnn {
  const int32_t* rows;
  int64_t count;
  int offsets;
  int64_t in, out;

  const int32_t* of(int offset) const { return rows + offset * count; }
};

Tdnn check_tdnn(const at::Tensor& x, const int32_t* rows, int64_t count, int offsets, const at::Tensor& w,
                const at::Tensor* b, const at::Tensor& y) {
  check_matrix(x, "x");
  check_matrix(w, "w");
  check_matrix(y, "y");
  TORCH_CHECK(offsets >= 1 && w.size(1) == x.size(1) * offsets && (!b || b->numel() == w.size(0)) &&
                  y.size(0) == count && y.size(1) == w.size(0),
              "weights ", w.sizes(), " cannot take ", count, " times ", offsets, " rows of ", x.sizes(), " to ",
              y.sizes());
  check_rows(rows, count * offsets, x.size(0));
  return {rows, count, offsets, x.size(1), w.size(0)};
}

// ---- the reference ----

at::Tensor side_by_side(const at::Tensor& x, const Tdnn& t) {
  std::vector<at::Tensor> parts;
  for (int k = 0; k < t.offsets; ++k) parts.push_back(x.index_select(0, row_index(t.of(k), t.count, x.device())));
  return at::cat(parts, 1);
}

void reference_forward(const at::Tensor& x, const Tdnn& t, const at::Tensor& w, const at::Tensor* b, int activation,
                       at::Tensor y) {
  at::mm_out(y, side_by_side(x, t), w.t());
  if (b) y.add_(*b);
  reference_activation(y, activation);
}

void reference_backward(const at::Tensor& x, const Tdnn& t, const at::Tensor& w, const at::Tensor& y, int activation,
                        at::Tensor dy, at::Tensor* dx, at::Tensor* dw, at::Tensor* db, double alpha_w, double alpha_b,
                        double beta) {
  reference_derivative(dy, y, activation);
  if (dx) {
    dx->zero_();
    const auto spliced = dy.mm(w);
    for (int k = 0; k < t.offsets; ++k)
      add_rows(*dx, row_index(t.of(k), t.count, x.device()), spliced.narrow(1, k * t.in, t.in));
  }
  if (!dw) return;
  if (beta == 0) dw->zero_();
  dw->addmm_(dy.t(), side_by_side(x, t), beta, alpha_w);
  if (!db) return;
  if (beta == 0) db->zero_();
  db->mul_(beta).add_(dy.sum(0), alpha_b);
}

// ---- host floats ----

float* scratch(int64_t size) {
  static thread_local std::vector<float> memory;
  if (static_cast<int64_t>(memory.size()) < size) memory.resize(size);
  return memory.data();
}

// Calls body(first row, rows) over blocks of [begin, end).
template <typename Body>
void blocks(int64_t begin, int64_t end, Body&& body) {
  for (int64_t first = begin; first < end; first += kBlock) body(first, std::min(kBlock, end - first));
}

void forward_block(const float* x, const Tdnn& t, const float* w, int64_t first, int64_t n, float* y) {
  const int64_t width = t.in * t.offsets;
  if (t.in < kWide && t.offsets > 1) {
    float* spliced = scratch(n * width);
    for (int k = 0; k < t.offsets; ++k) gather(x, t.in, t.of(k) + first, n, 0, t.in, spliced + k * t.in, width);
    sgemm({false, true, n, t.out, width, 1, spliced, width, w, width, 0, y, t.out});
    return;
  }
  for (int k = 0; k < t.offsets; ++k) {
    const int32_t* rows = t.of(k) + first;
    const float* from = x + rows[0] * t.in;
    if (!is_run(rows, n)) {
      float* some = scratch(n * t.in);
      gather(x, t.in, rows, n, 0, t.in, some, t.in);
      from = some;
    }
    sgemm({false, true, n, t.out, t.in, 1, from, t.in, w + k * t.in, width, k == 0 ? 0.0f : 1.0f, y, t.out});
  }
}

void fast_forward(const float* x, const Tdnn& t, const float* w, const float* bias, int activation, float* y) {
  const std::vector<float> none(bias ? 0 : t.out);
  parallel_for(t.count, 8, 16, [&](int64_t begin, int64_t end) {
    blocks(begin, end, [&](int64_t first, int64_t n) {
      float* out = y + first * t.out;
      forward_block(x, t, w, first, n, out);
      if (bias || activation != kNone) bias_activation(out, bias ? bias : none.data(), n, t.out, t.out, activation);
    });
  });
}

// Each worker owns columns of dx, so that rows may meet; the order of summation is that of offsets and rows.
void input_gradient(const Tdnn& t, const float* dz, const float* w, float* dx, int64_t total) {
  const int64_t width = t.in * t.offsets;
  parallel_for(t.in, 16, 32, [&](int64_t begin, int64_t end) {
    const int64_t columns = end - begin;
    for (int64_t r = 0; r < total; ++r) std::fill_n(dx + r * t.in + begin, columns, 0.0f);
    blocks(0, t.count, [&](int64_t first, int64_t n) {
      for (int k = 0; k < t.offsets; ++k) {
        const int32_t* rows = t.of(k) + first;
        const float *from = dz + first * t.out, *weights = w + k * t.in + begin;
        if (is_run(rows, n)) {
          sgemm({false, false, n, columns, t.out, 1, from, t.out, weights, width, 1, dx + rows[0] * t.in + begin, t.in});
          continue;
        }
        float* some = scratch(n * columns);
        sgemm({false, false, n, columns, t.out, 1, from, t.out, weights, width, 0, some, columns});
        scatter(some, columns, rows, n, dx, t.in, begin, columns);
      }
    });
  });
}

// Each worker owns columns of the inputs or, where there are more of these, outputs.
void weight_gradient(const float* x, const Tdnn& t, const float* dz, float alpha, float beta, float* dw) {
  const int64_t width = t.in * t.offsets;
  const bool by_inputs = t.in >= t.out;
  parallel_for(by_inputs ? t.in : t.out, 16, 32, [&](int64_t begin, int64_t end) {
    const int64_t input = by_inputs ? begin : 0, inputs = by_inputs ? end - begin : t.in;
    const int64_t output = by_inputs ? 0 : begin, outputs = by_inputs ? t.out : end - begin;
    blocks(0, t.count, [&](int64_t first, int64_t n) {
      for (int k = 0; k < t.offsets; ++k) {
        const int32_t* rows = t.of(k) + first;
        const float* from = x + rows[0] * t.in + input;
        int64_t stride = t.in;
        if (!is_run(rows, n)) {
          float* some = scratch(n * inputs);
          gather(x, t.in, rows, n, input, inputs, some, inputs);
          from = some;
          stride = inputs;
        }
        sgemm({true, false, outputs, inputs, n, alpha, dz + first * t.out + output, t.out, from, stride,
               first == 0 ? beta : 1.0f, dw + output * width + k * t.in + input, width});
      }
    });
  });
}

}  // namespace

extern "C" {

int mimir_tdnn_forward(const mimir_tensor* x, const int32_t* rows, int64_t count, int offsets, const mimir_tensor* w,
                       const mimir_tensor* b, int activation, mimir_tensor* y) {
  return guarded([&] {
    const at::Tensor* const bias = b ? &b->value : nullptr;
    const Tdnn t = check_tdnn(x->value, rows, count, offsets, w->value, bias, y->value);
    if (fast_route(x->value, w->value, bias ? *bias : w->value, y->value))
      fast_forward(floats(x->value), t, floats(w->value), bias ? floats(*bias) : nullptr, activation, floats(y->value));
    else
      reference_forward(x->value, t, w->value, bias, activation, y->value);
  });
}

int mimir_tdnn_backward(const mimir_tensor* x, const int32_t* rows, int64_t count, int offsets, const mimir_tensor* w,
                        const mimir_tensor* y, int activation, mimir_tensor* dy, mimir_tensor* dx, mimir_tensor* dw,
                        mimir_tensor* db, double alpha_w, double alpha_b, double beta) {
  return guarded([&] {
    const Tdnn t = check_tdnn(x->value, rows, count, offsets, w->value, db ? &db->value : nullptr, y->value);
    TORCH_CHECK(dy->value.sizes() == y->value.sizes() && (!dx || dx->value.sizes() == x->value.sizes()) &&
                    (!dw || dw->value.sizes() == w->value.sizes()),
                "a gradient does not have the shape of its value");
    at::Tensor* const to_x = dx ? &dx->value : nullptr;
    at::Tensor* const to_w = dw ? &dw->value : nullptr;
    at::Tensor* const to_b = db ? &db->value : nullptr;
    if (!fast_route(x->value, w->value, y->value, dy->value, to_x ? *to_x : x->value, to_w ? *to_w : w->value,
                    to_b ? *to_b : w->value)) {
      return reference_backward(
          x->value, t, w->value, y->value, activation, dy->value, to_x, to_w, to_b, alpha_w, alpha_b, beta);
    }
    float* const dz = floats(dy->value);
    std::vector<float> sums(t.out);
    if (to_b || activation != kNone) {
      parallel_for(t.out, 16, 32, [&](int64_t begin, int64_t end) {
        activation_derivative(
            dz + begin, floats(y->value) + begin, count, end - begin, t.out, activation, sums.data() + begin);
      });
    }
    if (to_x) input_gradient(t, dz, floats(w->value), floats(*to_x), x->value.size(0));
    if (to_w)
      weight_gradient(floats(x->value), t, dz, static_cast<float>(alpha_w), static_cast<float>(beta), floats(*to_w));
    if (!to_b) return;
    float* const bias = floats(*to_b);
    for (int64_t o = 0; o < t.out; ++o)
      bias[o] = static_cast<float>((beta == 0 ? 0 : beta * bias[o]) + alpha_b * sums[o]);
  });
}

}  // extern "C"
