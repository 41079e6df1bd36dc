// The gated recurrent unit (K. Cho et al., 2014) with the reset gate applied after the product, as PyTorch and cuDNN have it:
//   r = sigmoid(W_r x + U_r h + b_r), z = sigmoid(W_z x + U_z h + b_z), q = U_n h + b_q, n = tanh(W_n x + b_n + r q),
//   h' = (1 - z) n + z h.
#include <cstring>

#include "gru.h"

using namespace mimir;

namespace {

// The workspace: gates r, z, n [N, 3C], q [N, C] and the outputs that the sequences start from [S, C].
GruLayer layer_of(const Sequences& s, int64_t input, int64_t c, const float* x, const float* w_x, const float* w_r,
                  const float* bias, const float* bias_q, float* workspace, float* y) {
  return {s,    input,  c,         s.given.streams != nullptr,   x,                             w_x, w_r,
          bias, bias_q, workspace, workspace + 3 * s.rows * c, workspace + 4 * s.rows * c, y};
}

}  // namespace

extern "C" {

int mimir_gru_workspace(int64_t rows, int64_t sequences, int64_t cells, int64_t* elements) {
  return guarded([&] { *elements = (4 * rows + sequences) * cells; });
}

int mimir_gru_forward(int64_t input, int64_t cells, int64_t streams, const mimir_sequences* sequences, const float* x,
                      const float* w_x, const float* w_r, const float* bias, const float* bias_q, float* state,
                      float* workspace, float* y) {
  return guarded([&] {
    const Sequences s(*sequences);
    if (state) s.check_streams(streams);
    const GruLayer layer = layer_of(s, input, cells, x, w_x, w_r, bias, bias_q, workspace, y);
    s.load(state, cells, 0, cells, layer.output0);
    gru_forward(layer);
    s.save(state, cells, 0, cells, y, cells);
  });
}

int mimir_gru_backward(int64_t input, int64_t cells, const mimir_sequences* sequences, const float* x,
                       const float* w_x, const float* w_r, const float* bias, const float* bias_q, float* workspace,
                       const float* y, float* dy, float* dx, float* dw_x, float* dw_r, float* dbias, float* dbias_q) {
  return guarded([&] {
    const Sequences s(*sequences);
    gru_backward(layer_of(s, input, cells, x, w_x, w_r, bias, bias_q, workspace, const_cast<float*>(y)), dy,
                      {dx, dw_x, dw_r, dbias, dbias_q});
  });
}

}  // extern "C"
