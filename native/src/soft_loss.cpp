#include "guarded.h"
#include "kernels.h"
#include "workers.h"

using namespace mimir;

namespace {

// Pieces of a fixed size, summed in order: the sums do not depend on the number of threads.
constexpr int64_t kPiece = 32;

void check(const at::Tensor& output, int64_t first, int64_t columns, const SoftTargets& targets,
           const mimir_tensor* gradient) {
  check_matrix(output, "output");
  TORCH_CHECK(first >= 0 && columns >= 1 && first + columns <= output.size(1), "columns ", first, " to ",
              first + columns, " are not in an output of ", output.size(1));
  TORCH_CHECK(!gradient || gradient->value.sizes() == output.sizes(), "the gradient has another shape");
  for (int64_t r = 0; r < output.size(0); ++r)
    for (int32_t j = targets.offsets[r]; j < targets.offsets[r + 1]; ++j)
      TORCH_CHECK(targets.classes[j] >= 0 && targets.classes[j] < columns, "target ", targets.classes[j], " of frame ", r,
                  " is not one of ", columns, " classes");
}

template <typename Body>
void pieces(int64_t rows, Body&& body) {
  parallel_for((rows + kPiece - 1) / kPiece, 1, 2, [&](int64_t begin, int64_t end) {
    for (int64_t i = begin; i < end; ++i) body(i, i * kPiece, std::min(rows, (i + 1) * kPiece));
  });
}

// ---- the reference: dense targets, ATen operators ----

struct Dense {
  at::Tensor targets;  // [N, columns], of the output's type and device
  at::Tensor weights;  // [N, 1]
  at::Tensor rows, classes;
};

Dense dense(const at::Tensor& output, int64_t columns, const SoftTargets& sparse) {
  const int64_t n = output.size(0), entries = sparse.offsets[n];
  const auto longs = at::TensorOptions().dtype(at::kLong);
  auto rows = at::empty({entries}, longs), classes = at::empty({entries}, longs);
  for (int64_t r = 0; r < n; ++r)
    for (int32_t j = sparse.offsets[r]; j < sparse.offsets[r + 1]; ++j) {
      rows.data_ptr<int64_t>()[j] = r;
      classes.data_ptr<int64_t>()[j] = sparse.classes[j];
    }
  const auto floats = at::TensorOptions().dtype(at::kFloat);
  const auto values = at::from_blob(const_cast<float*>(sparse.weights), {entries}, floats).to(output.options());
  const auto weights = sparse.frame_weights
                           ? at::from_blob(const_cast<float*>(sparse.frame_weights), {n}, floats).to(output.options())
                           : at::ones({n}, output.options());
  Dense full{at::zeros({n, columns}, output.options()), weights.unsqueeze(1), rows.to(output.device()),
             classes.to(output.device())};
  full.targets.index_put_({full.rows, full.classes}, values, /*accumulate=*/true);
  return full;
}

// The lowest index among the largest of each row.
at::Tensor arg_max(const at::Tensor& x) {
  const auto places = at::arange(x.size(1), x.options().dtype(at::kLong)).expand_as(x);
  return at::where(x == x.amax(1, true), places, at::full_like(places, x.size(1))).amin(1);
}

void reference_entropy(const at::Tensor& logits, const SoftTargets& sparse, at::Tensor* gradient,
                       double* log_posteriors, int32_t* correct) {
  const Dense full = dense(logits, logits.size(1), sparse);
  const auto log_softmax = at::log_softmax(logits, 1);
  const auto chosen = log_softmax.index({full.rows, full.classes}).to(at::kDouble).cpu().contiguous();
  std::copy_n(chosen.data_ptr<double>(), chosen.numel(), log_posteriors);
  const auto right = at::logical_and(arg_max(logits) == arg_max(full.targets), full.targets.amax(1) > 0)
                         .to(at::kInt).cpu().contiguous();
  std::copy_n(right.data_ptr<int32_t>(), right.numel(), correct);
  if (gradient) {
    const auto mass = full.targets.sum(1, true);
    gradient->copy_((log_softmax.exp() - full.targets) * (full.weights * mass));
  }
}

double reference_squares(const at::Tensor& output, const SoftTargets& sparse, at::Tensor* gradient) {
  const Dense full = dense(output, output.size(1), sparse);
  const auto difference = output - full.targets;
  if (gradient) gradient->copy_(difference * full.weights);
  return 0.5 * (difference.to(at::kDouble).square() * full.weights).sum().item<double>();
}

}  // namespace

extern "C" {

int mimir_soft_cross_entropy(const mimir_tensor* logits, int64_t first, int64_t columns, const int32_t* offsets,
                             const int32_t* classes, const float* targets, const float* frame_weights,
                             mimir_tensor* gradient, double* log_posteriors, int32_t* correct) {
  return guarded([&] {
    const auto& x = logits->value;
    const SoftTargets sparse{offsets, classes, targets, frame_weights};
    check(x, first, columns, sparse, gradient);
    if (!fast_route(x, gradient ? gradient->value : x)) {
      at::Tensor part = gradient ? gradient->value.narrow(1, first, columns) : at::Tensor();
      reference_entropy(x.narrow(1, first, columns), sparse, gradient ? &part : nullptr, log_posteriors, correct);
      return;
    }
    const int64_t stride = x.size(1);
    float* const to = gradient ? floats(gradient->value) + first : nullptr;
    pieces(x.size(0), [&](int64_t, int64_t begin, int64_t end) {
      soft_cross_entropy_rows(floats(x) + first, stride, columns, sparse, to, log_posteriors, correct, begin, end);
    });
  });
}

int mimir_mean_squared_error(const mimir_tensor* output, int64_t first, int64_t columns, const int32_t* offsets,
                             const int32_t* classes, const float* targets, const float* frame_weights,
                             mimir_tensor* gradient, double* loss) {
  return guarded([&] {
    const auto& y = output->value;
    const SoftTargets sparse{offsets, classes, targets, frame_weights};
    check(y, first, columns, sparse, gradient);
    if (!fast_route(y, gradient ? gradient->value : y)) {
      at::Tensor part = gradient ? gradient->value.narrow(1, first, columns) : at::Tensor();
      *loss = reference_squares(y.narrow(1, first, columns), sparse, gradient ? &part : nullptr);
      return;
    }
    const int64_t stride = y.size(1);
    float* const to = gradient ? floats(gradient->value) + first : nullptr;
    std::vector<double> partial((y.size(0) + kPiece - 1) / kPiece);
    pieces(y.size(0), [&](int64_t piece, int64_t begin, int64_t end) {
      partial[piece] = squared_error_rows(floats(y) + first, stride, columns, sparse, to, begin, end);
    });
    *loss = 0;
    for (const double piece : partial) *loss += piece;
  });
}

}  // extern "C"
