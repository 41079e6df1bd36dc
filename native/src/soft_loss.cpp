#include <vector>

#include "guarded.h"
#include "kernels.h"
#include "workers.h"

using namespace mimir;

namespace {

// Pieces of a fixed size, summed in order: the sums do not depend on the number of threads.
constexpr int64_t kPiece = 32;

void check(int64_t n, int64_t c, int64_t first, int64_t columns, const SoftTargets& targets) {
  require(first >= 0 && columns >= 1 && first + columns <= c, "columns ", first, " to ", first + columns,
          " are not in an output of ", c);
  for (int64_t r = 0; r < n; ++r)
    for (int32_t j = targets.offsets[r]; j < targets.offsets[r + 1]; ++j)
      require(targets.classes[j] >= 0 && targets.classes[j] < columns, "target ", targets.classes[j], " of frame ", r,
              " is not one of ", columns, " classes");
}

template <typename Body>
void pieces(int64_t rows, Body&& body) {
  parallel_for((rows + kPiece - 1) / kPiece, 1, 2, [&](int64_t begin, int64_t end) {
    for (int64_t i = begin; i < end; ++i) body(i, i * kPiece, std::min(rows, (i + 1) * kPiece));
  });
}

}  // namespace

extern "C" {

int mimir_soft_cross_entropy(int64_t n, int64_t c, const float* logits, int64_t first, int64_t columns,
                             const int32_t* offsets, const int32_t* classes, const float* targets,
                             const float* frame_weights, float* gradient, double* log_posteriors, int32_t* correct) {
  return guarded([&] {
    const SoftTargets sparse{offsets, classes, targets, frame_weights};
    check(n, c, first, columns, sparse);
    pieces(n, [&](int64_t, int64_t begin, int64_t end) {
      soft_cross_entropy_rows(logits + first, c, columns, sparse, gradient ? gradient + first : nullptr, log_posteriors,
                              correct, begin, end);
    });
  });
}

int mimir_mean_squared_error(int64_t n, int64_t c, const float* output, int64_t first, int64_t columns,
                             const int32_t* offsets, const int32_t* classes, const float* targets,
                             const float* frame_weights, float* gradient, double* loss) {
  return guarded([&] {
    const SoftTargets sparse{offsets, classes, targets, frame_weights};
    check(n, c, first, columns, sparse);
    std::vector<double> partial((n + kPiece - 1) / kPiece);
    pieces(n, [&](int64_t piece, int64_t begin, int64_t end) {
      partial[piece] = squared_error_rows(output + first, c, columns, sparse, gradient ? gradient + first : nullptr,
                                          begin, end);
    });
    *loss = 0;
    for (const double piece : partial) *loss += piece;
  });
}

}  // extern "C"
