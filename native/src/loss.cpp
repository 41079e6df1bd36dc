#include "guarded.h"
#include "kernels.h"
#include "workers.h"

using namespace mimir;

namespace {

// The reference: float64 sums whatever the type of the logits.
LossSums reference(const at::Tensor& logits, const int32_t* targets, const float* weights, at::Tensor* gradient) {
  const int64_t n = logits.size(0);
  const auto device = logits.device();
  const auto target = at::from_blob(const_cast<int32_t*>(targets), {n}, at::TensorOptions().dtype(at::kInt))
                          .to(at::TensorOptions().dtype(at::kLong).device(device));
  const auto weight = weights ? at::from_blob(const_cast<float*>(weights), {n}, at::TensorOptions().dtype(at::kFloat))
                                    .to(at::TensorOptions().dtype(at::kDouble).device(device))
                              : at::ones({n}, at::TensorOptions().dtype(at::kDouble).device(device));
  const auto log_softmax = at::log_softmax(logits, 1);
  const auto chosen = log_softmax.gather(1, target.unsqueeze(1)).squeeze(1).to(at::kDouble);
  // The lowest index among equals: a class is right when nothing is larger and nothing before it is as large.
  const auto score = logits.gather(1, target.unsqueeze(1));
  const auto before = at::arange(logits.size(1), at::TensorOptions().dtype(at::kLong).device(device)).unsqueeze(0) <
                      target.unsqueeze(1);
  const auto beaten = at::logical_or(logits > score, at::logical_and(logits == score, before)).any(1);
  LossSums sums;
  sums.loss = -(chosen * weight).sum().item<double>();
  sums.frames = weight.sum().item<double>();
  sums.correct = at::logical_and(beaten.logical_not(), weight > 0).sum().item<int64_t>();
  if (gradient) {
    at::exp_out(*gradient, log_softmax);
    gradient->scatter_add_(1, target.unsqueeze(1), at::full({n, 1}, -1, gradient->options()));
    gradient->mul_(weight.to(gradient->scalar_type()).unsqueeze(1));
  }
  return sums;
}

LossSums fast(const at::Tensor& logits, const int32_t* targets, const float* weights, at::Tensor* gradient) {
  // Pieces of a fixed size, summed in order: the sums do not depend on the number of threads.
  constexpr int64_t kPiece = 32;
  const int64_t n = logits.size(0), classes = logits.size(1), pieces = (n + kPiece - 1) / kPiece;
  std::vector<LossSums> partial(pieces);
  parallel_for(pieces, 1, 2, [&](int64_t begin, int64_t end) {
    for (int64_t i = begin; i < end; ++i) {
      const int64_t row = i * kPiece;
      partial[i] = cross_entropy_rows(floats(logits) + row * classes, targets + row, weights ? weights + row : nullptr,
                                      gradient ? floats(*gradient) + row * classes : nullptr,
                                      std::min(kPiece, n - row), classes);
    }
  });
  LossSums sums;
  for (const auto& piece : partial) {
    sums.loss += piece.loss;
    sums.frames += piece.frames;
    sums.correct += piece.correct;
  }
  return sums;
}

}  // namespace

extern "C" int mimir_cross_entropy(const mimir_tensor* logits, const int32_t* targets, const float* weights,
                                   mimir_tensor* gradient, double* loss, int64_t* correct, double* frames) {
  return guarded([&] {
    check_matrix(logits->value, "logits");
    const int64_t classes = logits->value.size(1);
    for (int64_t i = 0; i < logits->value.size(0); ++i)
      TORCH_CHECK(targets[i] >= 0 && targets[i] < classes, "target ", targets[i], " of frame ", i, " is not one of ",
                  classes, " classes");
    TORCH_CHECK(!gradient || gradient->value.sizes() == logits->value.sizes(), "the gradient has another shape");
    at::Tensor* const to = gradient ? &gradient->value : nullptr;
    const LossSums sums = fast_route(logits->value, to ? *to : logits->value)
                              ? fast(logits->value, targets, weights, to)
                              : reference(logits->value, targets, weights, to);
    *loss = sums.loss;
    *correct = sums.correct;
    *frames = sums.frames;
  });
}
