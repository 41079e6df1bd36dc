// Sums and checks over a whole array, and the softmax of rows.
#include <atomic>
#include <vector>

#include "guarded.h"
#include "kernels.h"
#include "workers.h"

using namespace mimir;

extern "C" {

int mimir_sum_squares(int64_t count, const float* x, double* out) {
  return guarded([&] {
    // Pieces of a fixed size, summed in order: the sum does not depend on the number of threads.
    constexpr int64_t kPiece = 1 << 14;
    const int64_t pieces = (count + kPiece - 1) / kPiece;
    std::vector<double> partial(pieces);
    parallel_for(pieces, 1, kParallel / kPiece, [&](int64_t begin, int64_t end) {
      for (int64_t i = begin; i < end; ++i)
        partial[i] = sum_squares(x + i * kPiece, std::min(kPiece, count - i * kPiece));
    });
    *out = 0;
    for (const double value : partial) *out += value;
  });
}

int mimir_is_finite(int64_t count, const float* x, int* out) {
  return guarded([&] {
    std::atomic<bool> finite{true};
    parallel_for(count, 16, kParallel, [&](int64_t begin, int64_t end) {
      if (!all_finite(x + begin, end - begin)) finite = false;
    });
    *out = finite;
  });
}

int mimir_softmax(int64_t n, int64_t d, const float* x, int logarithm, float* out) {
  return guarded([&] {
    if (d == 0) return;
    parallel_for(n, 1, kParallel / d / 4, [&](int64_t begin, int64_t end) {
      softmax_rows(x + begin * d, out + begin * d, end - begin, d, logarithm != 0);
    });
  });
}

}  // extern "C"
