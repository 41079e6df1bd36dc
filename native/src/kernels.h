// Pointwise and row kernels on host floats. Each is plain C++ that the compiler vectorises once for each instruction set;
// the loader picks the variant that the processor has.
#pragma once
#include <cstdint>

#if defined(__x86_64__) && defined(__gnu_linux__)
#define MIMIR_VARIANTS __attribute__((target_clones("default", "arch=x86-64-v3", "arch=x86-64-v4")))
#else
#define MIMIR_VARIANTS
#endif

namespace mimir {

constexpr int64_t kParallel = 1 << 15;  // elements that pay for waking a worker

enum Activation { kNone = 0, kSigmoid = 1, kTanh = 2, kRelu = 3 };

// y = activation(y + bias) on a [rows, columns] block of a matrix whose rows are `stride` apart.
void bias_activation(float* y, const float* bias, int64_t rows, int64_t columns, int64_t stride, int activation);
// dy *= activation'(y), the derivative written in terms of the output y; sums[c] += the column sums of the result.
void activation_derivative(float* dy, const float* y, int64_t rows, int64_t columns, int64_t stride, int activation,
                           float* sums);
void softmax_rows(const float* x, float* out, int64_t rows, int64_t columns, bool logarithm);

struct LossSums {
  double loss = 0, frames = 0;
  int64_t correct = 0;
};
// See mimir_cross_entropy; `gradient` and `weights` may be null.
LossSums cross_entropy_rows(const float* logits, const int32_t* targets, const float* weights, float* gradient,
                            int64_t rows, int64_t columns);

// Targets with weights, row by row: entries offsets[r] .. offsets[r + 1] of `classes` and `weights`. `frame_weights` may be
// null (all 1).
struct SoftTargets {
  const int32_t* offsets;
  const int32_t* classes;
  const float* weights;
  const float* frame_weights;
};
// See mimir_soft_cross_entropy; rows [begin, end) of matrices whose rows are `stride` apart. `gradient` may be null.
void soft_cross_entropy_rows(const float* logits, int64_t stride, int64_t columns, const SoftTargets& targets,
                             float* gradient, double* log_posteriors, int32_t* correct, int64_t begin, int64_t end);
// See mimir_mean_squared_error.
double squared_error_rows(const float* output, int64_t stride, int64_t columns, const SoftTargets& targets,
                          float* gradient, int64_t begin, int64_t end);
// See mimir_parametric_relu; a block of columns of matrices whose rows are `stride` apart.
void parametric_relu(const float* x, const float* alpha, const float* beta, float* y, int64_t rows, int64_t columns,
                     int64_t stride);
// dx = dy * slope (when dx is not null); dalpha and dbeta receive column sums.
void parametric_relu_derivative(const float* x, const float* alpha, const float* beta, const float* dy, float* dx,
                                float* dalpha, float* dbeta, int64_t rows, int64_t columns, int64_t stride);

void dropout(const float* x, float* out, int64_t begin, int64_t end, float scale, uint32_t threshold, uint32_t key_low,
             uint32_t key_high);
void sgd(float* value, const float* gradient, float* correction, int64_t count, float rate, float momentum, float clip,
         float l1, float l2);
void adam(float* value, const float* gradient, float* first, float* second, int64_t count, float rate, float beta1,
          float beta2, float epsilon, float second_scale, float decay);
double sum_squares(const float* x, int64_t count);
bool all_finite(const float* x, int64_t count);
const char* instruction_set();

}  // namespace mimir
