// An affine transform of several rows side by side. The rows of a step of a packed batch lie in the order of the step
// before, so that most blocks of rows are runs that a product reads and writes where they lie.
#include <vector>

#include "kernels.h"
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

Tdnn check_tdnn(int64_t n, int64_t in, int64_t out, const int32_t* rows, int64_t count, int offsets) {
  check_rows(rows, count * offsets, n);
  return {rows, count, offsets, in, out};
}

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

void forward(const float* x, const Tdnn& t, const float* w, const float* bias, int activation, float* y) {
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

int mimir_tdnn_forward(int64_t n, int64_t d, int64_t o, const float* x, const int32_t* rows, int64_t count, int offsets,
                       const float* w, const float* b, int activation, float* y) {
  return guarded([&] { forward(x, check_tdnn(n, d, o, rows, count, offsets), w, b, activation, y); });
}

int mimir_tdnn_backward(int64_t n, int64_t d, int64_t o, const float* x, const int32_t* rows, int64_t count, int offsets,
                        const float* w, const float* y, int activation, float* dy, float* dx, float* dw, float* db,
                        double alpha_w, double alpha_b, double beta) {
  return guarded([&] {
    const Tdnn t = check_tdnn(n, d, o, rows, count, offsets);
    std::vector<float> sums(o);
    if (db || activation != kNone) {
      parallel_for(o, 16, 32, [&](int64_t begin, int64_t end) {
        activation_derivative(dy + begin, y + begin, count, end - begin, o, activation, sums.data() + begin);
      });
    }
    if (dx) input_gradient(t, dy, w, dx, n);
    if (dw) weight_gradient(x, t, dy, static_cast<float>(alpha_w), static_cast<float>(beta), dw);
    for (int64_t c = 0; db && c < o; ++c)
      db[c] = static_cast<float>((beta == 0 ? 0 : beta * db[c]) + alpha_b * sums[c]);
  });
}

}  // extern "C"
