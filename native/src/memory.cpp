// The memory of an FSMN: a filter over time of its own for each dimension (S. Zhang et al., "Deep-FSMN for large vocabulary
// continuous speech recognition", 2018).
#include "kernels.h"
#include "rows.h"
#include "workers.h"

using namespace mimir;

namespace {

constexpr int64_t kParallel = 1 << 15;  // elements that pay for waking a worker

struct Memory {
  const int32_t* rows;
  int64_t count, dim, taps;

  const int32_t* of(int64_t tap) const { return rows + tap * count; }
};

Memory check_memory(const at::Tensor& x, const int32_t* rows, const at::Tensor& w, const at::Tensor& y) {
  check_matrix(x, "x");
  check_matrix(w, "w");
  TORCH_CHECK(x.sizes() == y.sizes() && w.size(1) == x.size(1), "a memory of weights ", w.sizes(), " cannot take ",
              x.sizes(), " to ", y.sizes());
  check_rows(rows, x.size(0) * w.size(0), x.size(0), /*least=*/INT32_MIN);
  return {rows, x.size(0), x.size(1), w.size(0)};
}

// ---- the reference: a row of zeros stands for what is not there ----

at::Tensor present(const Memory& m, int64_t tap, at::Device device) {
  return row_index(m.of(tap), m.count, device).ge(0).unsqueeze(1);
}

at::Tensor rows_of(const at::Tensor& x, const Memory& m, int64_t tap) {
  return x.index_select(0, row_index(m.of(tap), m.count, x.device()).clamp_min(0)) * present(m, tap, x.device());
}

void reference_forward(const at::Tensor& x, const Memory& m, const at::Tensor& w, at::Tensor y) {
  y.copy_(x);
  for (int64_t k = 0; k < m.taps; ++k) y.add_(rows_of(x, m, k) * w.select(0, k));
}

void reference_backward(const at::Tensor& x, const Memory& m, const at::Tensor& w, const at::Tensor& dy, at::Tensor* dx,
                        at::Tensor dw) {
  for (int64_t k = 0; k < m.taps; ++k) dw.select(0, k).copy_((dy * rows_of(x, m, k)).sum(0));
  if (!dx) return;
  dx->copy_(dy);
  for (int64_t k = 0; k < m.taps; ++k) {
    add_rows(*dx, row_index(m.of(k), m.count, x.device()).clamp_min(0),
             dy * w.select(0, k) * present(m, k, x.device()));
  }
}

// ---- host floats, by columns ----

MIMIR_VARIANTS
void forward_columns(const float* __restrict x, const Memory& m, const float* __restrict w, float* __restrict y,
                     int64_t begin, int64_t columns) {
  for (int64_t n = 0; n < m.count; ++n) {
    float* out = y + n * m.dim + begin;
    const float* own = x + n * m.dim + begin;
    for (int64_t c = 0; c < columns; ++c) out[c] = own[c];
    for (int64_t k = 0; k < m.taps; ++k) {
      const int32_t row = m.of(k)[n];
      if (row < 0) continue;
      const float *value = x + row * m.dim + begin, *weight = w + k * m.dim + begin;
      for (int64_t c = 0; c < columns; ++c) out[c] += weight[c] * value[c];
    }
  }
}

MIMIR_VARIANTS
void backward_columns(const float* __restrict x, const Memory& m, const float* __restrict w, const float* __restrict dy,
                      float* __restrict dx, float* __restrict dw, int64_t begin, int64_t columns) {
  for (int64_t k = 0; k < m.taps; ++k) std::fill_n(dw + k * m.dim + begin, columns, 0.0f);
  if (dx)
    for (int64_t n = 0; n < m.count; ++n) std::copy_n(dy + n * m.dim + begin, columns, dx + n * m.dim + begin);
  for (int64_t n = 0; n < m.count; ++n) {
    const float* d = dy + n * m.dim + begin;
    for (int64_t k = 0; k < m.taps; ++k) {
      const int32_t row = m.of(k)[n];
      if (row < 0) continue;
      const float *value = x + row * m.dim + begin, *weight = w + k * m.dim + begin;
      float* gradient = dw + k * m.dim + begin;
      for (int64_t c = 0; c < columns; ++c) gradient[c] += d[c] * value[c];
      if (!dx) continue;
      float* to = dx + row * m.dim + begin;
      for (int64_t c = 0; c < columns; ++c) to[c] += weight[c] * d[c];
    }
  }
}

}  // namespace

extern "C" {

int mimir_memory_forward(const mimir_tensor* x, const int32_t* rows, const mimir_tensor* w, mimir_tensor* y) {
  return guarded([&] {
    const Memory m = check_memory(x->value, rows, w->value, y->value);
    if (!fast_route(x->value, w->value, y->value)) return reference_forward(x->value, m, w->value, y->value);

    parallel_for(m.dim, 16, std::max<int64_t>(1, kParallel / m.count), [&](int64_t begin, int64_t end) {
      forward_columns(floats(x->value), m, floats(w->value), floats(y->value), begin, end - begin);
    });
  });
}

int mimir_memory_backward(const mimir_tensor* x, const int32_t* rows, const mimir_tensor* w, const mimir_tensor* dy,
                          mimir_tensor* dx, mimir_tensor* dw) {
  return guarded([&] {
    const Memory m = check_memory(x->value, rows, w->value, dy->value);
    at::Tensor* const to_x = dx ? &dx->value : nullptr;
    TORCH_CHECK(dw->value.sizes() == w->value.sizes() && (!to_x || to_x->sizes() == x->value.sizes()),
                "a gradient does not have the shape of its value");
    if (!fast_route(x->value, w->value, dy->value, to_x ? *to_x : x->value, dw->value))
      return reference_backward(x->value, m, w->value, dy->value, to_x, dw->value);

    parallel_for(m.dim, 16, std::max<int64_t>(1, kParallel / m.count), [&](int64_t begin, int64_t end) {
      backward_columns(floats(x->value), m, floats(w->value), floats(dy->value), to_x ? floats(*to_x) : nullptr,
                       floats(dw->value), begin, end - begin);
    });
  });
}

}  // extern "C"
