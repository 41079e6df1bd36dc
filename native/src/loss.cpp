#include <vector>

#include "guarded.h"
#include "kernels.h"
#include "workers.h"

using namespace mimir;

extern "C" int mimir_cross_entropy(int64_t n, int64_t c, const float* logits, const int32_t* targets,
                                   const float* weights, float* gradient, double* loss, int64_t* correct,
                                   double* frames) {
  return guarded([&] {
    for (int64_t i = 0; i < n; ++i)
      require(targets[i] >= 0 && targets[i] < c, "target ", targets[i], " of frame ", i, " is not one of ", c, " classes");
    // Pieces of a fixed size, summed in order: the sums do not depend on the number of threads.
    constexpr int64_t kPiece = 32;
    const int64_t pieces = (n + kPiece - 1) / kPiece;
    std::vector<LossSums> partial(pieces);
    parallel_for(pieces, 1, 2, [&](int64_t begin, int64_t end) {
      for (int64_t i = begin; i < end; ++i) {
        const int64_t row = i * kPiece;
        partial[i] = cross_entropy_rows(logits + row * c, targets + row, weights ? weights + row : nullptr,
                                        gradient ? gradient + row * c : nullptr, std::min(kPiece, n - row), c);
      }
    });
    LossSums sums;
    for (const auto& piece : partial) {
      sums.loss += piece.loss;
      sums.frames += piece.frames;
      sums.correct += piece.correct;
    }
    *loss = sums.loss;
    *correct = sums.correct;
    *frames = sums.frames;
  });
}
