// An affine transform and its activation: products shared among the workers, each with the pointwise pass on its own block.
#include <vector>

#include "guarded.h"
#include "kernels.h"
#include "sgemm.h"
#include "workers.h"

using namespace mimir;

extern "C" {

int mimir_affine_forward(int64_t n, int64_t in, int64_t out, const float* x, const float* w, const float* b,
                         int activation, float* y) {
  return guarded([&] {
    sgemm_parallel({false, true, n, out, in, 1, x, in, w, in, 0, y, out},
                   [&](int64_t row, int64_t column, int64_t rows, int64_t columns) {
                     bias_activation(y + row * out + column, b + column, rows, columns, out, activation);
                   });
  });
}

int mimir_affine_backward(int64_t n, int64_t in, int64_t out, const float* x, const float* w, const float* y,
                          int activation, float* dy, float* dx, float* dw, float* db, double alpha_w, double alpha_b,
                          double beta) {
  return guarded([&] {
    require((dw == nullptr) == (db == nullptr), "the gradients of weights and bias come together");
    // By columns, so that each column sum has one order of summation whatever the number of threads.
    std::vector<float> sums(out);
    Workers::shared().run([&](int index, int count) {
      const Range columns = share(out, index, count, 16);
      if (columns.size() > 0)
        activation_derivative(dy + columns.begin, y + columns.begin, n, columns.size(), out, activation,
                              sums.data() + columns.begin);
    });
    if (dx) sgemm_parallel({false, false, n, in, out, 1, dy, out, w, in, 0, dx, in});
    if (!dw) return;
    sgemm_parallel({true, false, out, in, n, static_cast<float>(alpha_w), dy, out, x, in, static_cast<float>(beta), dw, in});
    for (int64_t c = 0; c < out; ++c)
      db[c] = (beta == 0 ? 0.0f : static_cast<float>(beta) * db[c]) + static_cast<float>(alpha_b) * sums[c];
  });
}

}  // extern "C"
