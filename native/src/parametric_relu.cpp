#include "guarded.h"
#include "kernels.h"
#include "workers.h"

using namespace mimir;

extern "C" {

int mimir_parametric_relu(int64_t n, int64_t d, const float* x, const float* alpha, const float* beta, float* y) {
  return guarded([&] {
    parallel_for(n, 1, kParallel / std::max<int64_t>(1, d), [&](int64_t begin, int64_t end) {
      parametric_relu(x + begin * d, alpha, beta, y + begin * d, end - begin, d, d);
    });
  });
}

int mimir_parametric_relu_backward(int64_t n, int64_t d, const float* x, const float* alpha, const float* beta,
                                   const float* dy, float* dx, float* dalpha, float* dbeta) {
  return guarded([&] {
    std::fill_n(dalpha, d, 0.0f);
    std::fill_n(dbeta, d, 0.0f);
    // By columns, so that each sum has one order of summation whatever the number of threads.
    parallel_for(d, 16, n * d < kParallel ? d + 1 : 0, [&](int64_t begin, int64_t end) {
      parametric_relu_derivative(x + begin, alpha + begin, beta + begin, dy + begin, dx ? dx + begin : nullptr,
                                 dalpha + begin, dbeta + begin, n, end - begin, d);
    });
  });
}

}  // extern "C"
