// The whole native surface of Mimir: kernels on float32 in host memory, as a C ABI that needs nothing but the C++ runtime.
//
// Every call returns a status (0 = ok); mimir_last_error() explains a failure on the calling thread. Matrices are dense and
// row-major; [N, D] is N frames of D values. The sizes come first, in the order in which a comment names them. Row numbers
// and classes are checked; that an address has as many elements as the sizes say is the caller's duty. The bits of a result
// do not depend on the number of threads.
#pragma once
#include <stdint.h>

#if defined(_WIN32)
#define MIMIR_API __declspec(dllexport)
#elif defined(__GNUC__)
#define MIMIR_API __attribute__((visibility("default")))
#else
#define MIMIR_API
#endif

#ifdef __cplusplus
extern "C" {
#endif

// ---- runtime ----

MIMIR_API const char* mimir_last_error(void);

// Writes what was found as one JSON object into `buffer`; *length receives the full length without the final zero.
MIMIR_API int mimir_runtime_info(char* buffer, int64_t capacity, int64_t* length);

// ---- whole arrays ----

// In float64, summed in an order that depends on the size alone.
MIMIR_API int mimir_sum_squares(int64_t count, const float* x, double* out);
MIMIR_API int mimir_is_finite(int64_t count, const float* x, int* out);
// out [N, D]: row n is the softmax of row n of x, or its logarithm. x and out may be one matrix.
MIMIR_API int mimir_softmax(int64_t n, int64_t d, const float* x, int logarithm, float* out);

// ---- blocks ----

// activation: 0 none, 1 sigmoid, 2 tanh, 3 ReLU.
// N, I, O: y [N, O] = activation(x [N, I] * w [O, I]^T + b [O])
MIMIR_API int mimir_affine_forward(int64_t n, int64_t in, int64_t out, const float* x, const float* w, const float* b,
                                   int activation, float* y);
// dy [N, O] becomes dz = dy * activation'(y). Then, in this order,
//   dx [N, I] = dz * w                         (when dx is not null)
//   dw = beta * dw + alpha_w * dz^T x,  db = beta * db + alpha_b * sum over N of dz   (when dw is not null)
// dw and db may be w and b themselves: alpha = -rate, beta = 1 is one step of plain gradient descent.
MIMIR_API int mimir_affine_backward(int64_t n, int64_t in, int64_t out, const float* x, const float* w, const float* y,
                                    int activation, float* dy, float* dx, float* dw, float* db, double alpha_w,
                                    double alpha_b, double beta);

// T, D: out [count, D * offsets]: row n holds, for each offset o, frame clamp(rows[n] + o) of `frames` [T, D]; the clamp is
// to the frame's own utterance, [first[t], last[t]] (both [T]).
MIMIR_API int mimir_splice(int64_t t, int64_t d, const float* frames, const int32_t* first, const int32_t* last,
                           const int32_t* rows, int64_t count, const int32_t* offsets, int offset_count, float* out);
// Inverted dropout: out = x * keep / (1 - rate), keep a pure function of (key, element). x and out may be one array.
MIMIR_API int mimir_dropout(int64_t count, const float* x, double rate, uint64_t key, float* out);
// N, D. Training: batch mean and (population) variance normalise, and move the running ones by `momentum`; `saved` [2, D]
// (may be null) receives mean and 1/std. Otherwise the running ones normalise.
MIMIR_API int mimir_batch_norm_forward(int64_t n, int64_t d, const float* x, const float* gamma, const float* beta,
                                       float* running_mean, float* running_variance, int training, double momentum,
                                       double epsilon, float* saved, float* out);
// dgamma and dbeta are overwritten, dx (may be null) as well.
MIMIR_API int mimir_batch_norm_backward(int64_t n, int64_t d, const float* x, const float* gamma, const float* saved,
                                        const float* dy, float* dx, float* dgamma, float* dbeta);

// N, D. Each row to zero mean and unit (population) variance: y = (x - mean) / sqrt(variance + epsilon) * gamma + beta,
// gamma and beta [D]. Backward: dgamma and dbeta are overwritten, dx (may be null) as well.
MIMIR_API int mimir_layer_norm_forward(int64_t n, int64_t d, const float* x, const float* gamma, const float* beta,
                                       double epsilon, float* y);
MIMIR_API int mimir_layer_norm_backward(int64_t n, int64_t d, const float* x, const float* gamma, double epsilon,
                                        const float* dy, float* dx, float* dgamma, float* dbeta);

// N, D: y = x * (x >= 0 ? alpha : beta), alpha and beta [D]. Backward: dx = dy * slope (when dx is not null),
// dalpha = sum over N of dy * max(x, 0), dbeta = sum over N of dy * min(x, 0).
MIMIR_API int mimir_parametric_relu(
    int64_t n, int64_t d, const float* x, const float* alpha, const float* beta, float* y);
MIMIR_API int mimir_parametric_relu_backward(int64_t n, int64_t d, const float* x, const float* alpha, const float* beta,
                                             const float* dy, float* dx, float* dalpha, float* dbeta);

// ---- blocks that look at other frames: `rows` are row numbers, checked against N ----

// N, D of x: out [count, D], out[i] = x[rows[i]]; scatter, N, D of dx: dx[rows[i]] += dy[i], in the order of i.
MIMIR_API int mimir_gather_rows(int64_t n, int64_t d, const float* x, const int32_t* rows, int64_t count, float* out);
MIMIR_API int mimir_scatter_add_rows(
    int64_t n, int64_t d, const float* dy, const int32_t* rows, int64_t count, float* dx);

// N, D, O: an affine transform of `offsets` rows of x [N, D] side by side, without laying all of them side by side at once:
// y [count, O] = activation(sum over k of x[rows[k * count + i]] * w[:, k * D .. (k + 1) * D]^T + b), w [O, offsets * D];
// b may be null. Backward as mimir_affine_backward; dx [N, D] is overwritten.
MIMIR_API int mimir_tdnn_forward(int64_t n, int64_t d, int64_t o, const float* x, const int32_t* rows, int64_t count,
                                 int offsets, const float* w, const float* b, int activation, float* y);
MIMIR_API int mimir_tdnn_backward(int64_t n, int64_t d, int64_t o, const float* x, const int32_t* rows, int64_t count,
                                  int offsets, const float* w, const float* y, int activation, float* dy, float* dx,
                                  float* dw, float* db, double alpha_w, double alpha_b, double beta);

// N, D, taps: a memory of a few weights a dimension: y[n] = x[n] + sum over k of w[k] * x[rows[k * N + n]], w [taps, D],
// element by element; a negative row number counts as zeros. Backward: dx (may be null) and dw are overwritten.
MIMIR_API int mimir_memory_forward(
    int64_t n, int64_t d, int64_t taps, const float* x, const int32_t* rows, const float* w, float* y);
MIMIR_API int mimir_memory_backward(int64_t n, int64_t d, int64_t taps, const float* x, const int32_t* rows,
                                    const float* w, const float* dy, float* dx, float* dw);

// A picture of each frame: a row holds `height` times `channels` values, the channels of one height side by side. The
// kernel spans `time` frames, whose rows are given as rows[t * N + n], and `kernel` heights; output height h sees the heights
// h * stride - padding .. + kernel, zeros where there are none.
typedef struct {
  int64_t height, channels;
  int64_t time, kernel, stride, padding;
  int64_t output_height, filters;  // filters: unused by max-pooling, which keeps the channels apart
} mimir_picture;

// N: y [N, output_height * filters] = activation(patch * w^T + b), w [filters, time * kernel * channels] in that order.
// Backward as mimir_affine_backward; dx [N, height * channels] is overwritten.
MIMIR_API int mimir_convolution_forward(int64_t n, const mimir_picture* picture, const float* x, const int32_t* rows,
                                        const float* w, const float* b, int activation, float* y);
MIMIR_API int mimir_convolution_backward(int64_t n, const mimir_picture* picture, const float* x, const int32_t* rows,
                                         const float* w, const float* y, int activation, float* dy, float* dx, float* dw,
                                         float* db, double alpha_w, double alpha_b, double beta);
// N: y [N, output_height * channels]: the greatest value of the patch in each channel, padding left out. Backward: the
// gradient goes to the first of the greatest, in the order of time, then height; dx is overwritten.
MIMIR_API int mimir_max_pool_forward(
    int64_t n, const mimir_picture* picture, const float* x, const int32_t* rows, float* y);
MIMIR_API int mimir_max_pool_backward(int64_t n, const mimir_picture* picture, const float* x, const int32_t* rows,
                                      const float* dy, float* dx);

// ---- loss ----

// N, C: logits [N, C]; weights may be null (all 1). *loss = sum of -w log softmax(logits)[target],
// *correct = rows with w > 0 whose arg max (ties: the lowest index) is the target, *frames = sum of w.
// gradient (may be null) [N, C] = (softmax - one-hot) * w.
MIMIR_API int mimir_cross_entropy(int64_t n, int64_t c, const float* logits, const int32_t* targets,
                                  const float* weights, float* gradient, double* loss, int64_t* correct, double* frames);

// The same for targets with weights, on `columns` columns of logits from `first` on (the softmax is over these; gradient
// gets these). Frame n has the entries offsets[n] .. offsets[n + 1] of `classes` (ascending, from 0 at `first`) and
// `targets`; a frame's weight is multiplied by the sum of its targets. gradient = (softmax - target) * weight;
// log_posteriors[j] = log softmax at entry j; correct[n] = whether the arg max is the entry of the largest target (ties:
// the lowest class on both sides). frame_weights may be null (all 1).
MIMIR_API int mimir_soft_cross_entropy(int64_t n, int64_t c, const float* logits, int64_t first, int64_t columns,
                                       const int32_t* offsets, const int32_t* classes, const float* targets,
                                       const float* frame_weights, float* gradient, double* log_posteriors,
                                       int32_t* correct);
// *loss = sum of w / 2 * (output - target)^2, gradient = (output - target) * w; targets as above, 0 where there is none.
MIMIR_API int mimir_mean_squared_error(int64_t n, int64_t c, const float* output, int64_t first, int64_t columns,
                                       const int32_t* offsets, const int32_t* classes, const float* targets,
                                       const float* frame_weights, float* gradient, double* loss);

// ---- optimisers, each over one slice of `count` values ----

// nnet1: correction = momentum * correction + gradient, each element cut to +-clip (0: not); value -= l2 * value; L1
// shrinks value towards 0 by l1, stopping there (and clearing the correction); value -= rate * correction. correction may
// be null when momentum is 0.
MIMIR_API int mimir_sgd_step(int64_t count, float* value, const float* gradient, float* correction, double rate,
                             double momentum, double clip, double l1, double l2);
// Adam; rate already carries the bias correction of the first moment, `second_scale` that of the second.
MIMIR_API int mimir_adam_step(int64_t count, float* value, const float* gradient, float* first, float* second,
                              double rate, double beta1, double beta2, double epsilon, double second_scale,
                              double decay);

// ---- products ----

// M, N, K: c [M, N] = beta * c + alpha * op(a) op(b); op transposes when its flag is 1. library: 0 what the processor and the
// shape ask for; for measurements: 1 the MKL inside libtorch, 2 oneDNN, 3 Mimir's own kernels (an error where it is missing).
MIMIR_API int mimir_gemm(int library, int64_t m, int64_t n, int64_t k, const float* a, int transpose_a, const float* b,
                         int transpose_b, double alpha, double beta, float* c);

// ---- threads ----

// Threads for CPU compute, at least 1. No result depends on their number.
MIMIR_API int mimir_set_threads(int threads);

// ---- recurrent layers ----

// A batch of sequences, packed step by step with the longest sequence first: step t holds the rows offsets[t] ..
// offsets[t + 1] of every matrix, row offsets[t] + s being frame t of sequence s. The rows of a step never rise in number,
// and no row is padding.
typedef struct {
  int64_t steps;
  const int32_t* offsets;  // steps + 1
  const int32_t* streams;  // for each sequence the row of `state` that it goes on from and leaves its last state in; or null
  const uint8_t* begins;   // 1 where a sequence starts from zero all the same; null without streams
} mimir_sequences;

// C cells, input I, output R = P with a projection, else C; gates in the order g, i, f, o.
typedef struct {
  float* w_x;         // [4C, I]
  float* w_r;         // [4C, R]
  float* bias;        // [4C]
  float* peephole_i;  // [C], or null: all three or none
  float* peephole_f;
  float* peephole_o;
  float* w_p;         // [P, C], or null without a projection
} mimir_lstm_parameters;

// One direction of a layer.
typedef struct {
  mimir_lstm_parameters values;
  mimir_lstm_parameters gradients;  // overwritten by the backward pass; unused by the forward pass
  float* workspace;                 // mimir_lstm_workspace elements; carries what the backward pass needs
  float* state;                     // [streams, C + R]: cells, then output; may be null
  int64_t streams;                  // rows of state
  int32_t reverse;                  // 1: from each sequence's last frame to its first; never with a state
} mimir_lstm_direction;

// nnet1's limits, 0 for none: of the cells (forward), of the derivatives of the gates, of those of the cells.
typedef struct {
  double cell_clip;
  double diff_clip;
  double cell_diff_clip;
} mimir_lstm_limits;

// projection: 0 for none.
MIMIR_API int mimir_lstm_workspace(int64_t rows, int64_t sequences, int64_t cells, int64_t projection, int64_t* elements);
// I, C, R: y [N, R * count]: direction d fills columns d * R .. (d + 1) * R. All directions have the same sizes and options.
MIMIR_API int mimir_lstm_forward(int64_t input, int64_t cells, int64_t output,
                                 const mimir_sequences* sequences, const float* x,
                                 const mimir_lstm_direction* directions, int count, const mimir_lstm_limits* limits,
                                 float* y);
// After a forward pass with the same arguments. dy [N, R * count] is overwritten; dx [N, I] (may be null) is the sum over
// the directions. State is not back-propagated through: this is truncated back-propagation.
MIMIR_API int mimir_lstm_backward(int64_t input, int64_t cells, int64_t output,
                                  const mimir_sequences* sequences, const float* x,
                                  const mimir_lstm_direction* directions, int count, const mimir_lstm_limits* limits,
                                  const float* y, float* dy, float* dx);
// For measurements: the seconds that the calling thread has spent in LSTM layers since the last call of this, for packing
// weights, input, recurrent (with projection), pointwise, waiting for other threads, input and weight gradients.
MIMIR_API int mimir_lstm_stages(double seconds[7]);

// The gated recurrent unit with the reset gate after the product. C cells: w_x [3C, I], w_r [3C, C], bias [3C], bias_q [C]
// (that of the recurrent product of the candidate); gates in the order r, z, n. state [streams, C] may be null.
MIMIR_API int mimir_gru_workspace(int64_t rows, int64_t sequences, int64_t cells, int64_t* elements);
// I, C, streams (rows of state).
MIMIR_API int mimir_gru_forward(int64_t input, int64_t cells, int64_t streams, const mimir_sequences* sequences,
                                const float* x, const float* w_x, const float* w_r, const float* bias,
                                const float* bias_q, float* state, float* workspace, float* y);
// I, C. dy is overwritten, dx may be null, the others are overwritten; truncated as mimir_lstm_backward.
MIMIR_API int mimir_gru_backward(int64_t input, int64_t cells, const mimir_sequences* sequences, const float* x,
                                 const float* w_x, const float* w_r, const float* bias, const float* bias_q,
                                 float* workspace, const float* y, float* dy, float* dx, float* dw_x, float* dw_r,
                                 float* dbias, float* dbias_q);

#ifdef __cplusplus
}
#endif
