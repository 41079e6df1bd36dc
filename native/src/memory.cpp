// The memory of an FSMN: a filter over time of its own for each dimension (S. Zhang et al., "Deep-FSMN for large vocabulary
// continuous speech recognition", 2018).
#include "kernels.h"
#include "rows.h"
#include "workers.h"

using namespace mimir;

namespace {

struct Memory {
  const int32_t* rows;
  int64_t count, dim, taps;

  const int32_t* of(int64_t tap) const { return rows + tap * count; }
};

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

// By columns, so that each sum has one order of summation whatever the number of threads.
int mimir_memory_forward(
    int64_t n, int64_t d, int64_t taps, const float* x, const int32_t* rows, const float* w, float* y) {
  return guarded([&] {
    check_rows(rows, n * taps, n, /*least=*/INT32_MIN);
    const Memory m{rows, n, d, taps};
    parallel_for(d, 16, kParallel / std::max<int64_t>(1, n), [&](int64_t begin, int64_t end) {
      forward_columns(x, m, w, y, begin, end - begin);
    });
  });
}

int mimir_memory_backward(int64_t n, int64_t d, int64_t taps, const float* x, const int32_t* rows, const float* w,
                          const float* dy, float* dx, float* dw) {
  return guarded([&] {
    check_rows(rows, n * taps, n, /*least=*/INT32_MIN);
    const Memory m{rows, n, d, taps};
    parallel_for(d, 16, kParallel / std::max<int64_t>(1, n), [&](int64_t begin, int64_t end) {
      backward_columns(x, m, w, dy, dx, dw, begin, end - begin);
    });
  });
}

}  // extern "C"
