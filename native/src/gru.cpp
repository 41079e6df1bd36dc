// The gated recurrent unit (K. Cho et al., 2014) with the reset gate applied after the product, as PyTorch and cuDNN have it:
//   r = sigmoid(W_r x + U_r h + b_r), z = sigmoid(W_z x + U_z h + b_z), q = U_n h + b_q, n = tanh(W_n x + b_n + r q),
//   h' = (1 - z) n + z h.
#include "gru_fast.h"

using namespace mimir;

namespace {

struct GruViews {
  at::Tensor gates;   // [N, 3C]: r, z, n
  at::Tensor query;   // [N, C]: q
  at::Tensor output0; // [S, C]
};

int64_t workspace_size(int64_t rows, int64_t sequences, int64_t cells) { return (4 * rows + sequences) * cells; }

GruViews views(const at::Tensor& workspace, const Sequences& s, int64_t c) {
  const auto gates = workspace.narrow(0, 0, 3 * s.rows * c).view({s.rows, 3 * c});
  const auto query = workspace.narrow(0, 3 * s.rows * c, s.rows * c).view({s.rows, c});
  return {gates, query, workspace.narrow(0, 4 * s.rows * c, s.sequences * c).view({s.sequences, c})};
}

void check_gru(const Sequences& s, const at::Tensor& x, const at::Tensor& w_x, const at::Tensor& w_r, const at::Tensor& bias,
               const at::Tensor& bias_q, const at::Tensor& workspace, const at::Tensor& y) {
  check_matrix(x, "x");
  check_matrix(y, "y");
  check_matrix(w_r, "w_r");
  const int64_t c = w_r.size(1);
  TORCH_CHECK(x.size(0) == s.rows && y.size(0) == s.rows, "a batch of ", s.rows, " rows cannot take ", x.sizes(), " to ",
              y.sizes());
  TORCH_CHECK(w_x.sizes() == at::IntArrayRef({3 * c, x.size(1)}) && w_r.size(0) == 3 * c && bias.numel() == 3 * c &&
                  bias_q.numel() == c && y.size(1) == c,
              "a GRU of weights ", w_x.sizes(), " and ", w_r.sizes(), " cannot take ", x.sizes(), " to ", y.sizes());
  TORCH_CHECK(workspace.numel() >= workspace_size(s.rows, s.sequences, c), "the workspace is too small");
}

void load_state(const Sequences& s, const at::Tensor* state, at::Tensor output0) {
  output0.zero_();
  if (!state || !s.given.streams) return;
  for (int64_t i = 0; i < s.sequences; ++i) {
    TORCH_CHECK(s.given.streams[i] >= 0 && s.given.streams[i] < state->size(0), "stream ", s.given.streams[i], " has no state");
    if (!s.given.begins[i]) output0.select(0, i).copy_(state->select(0, s.given.streams[i]));
  }
}

void save_state(const Sequences& s, const at::Tensor* state, const at::Tensor& y) {
  if (!state || !s.given.streams) return;
  const auto ends = s.last();
  for (int64_t i = 0; i < s.sequences; ++i) state->select(0, s.given.streams[i]).copy_(y.select(0, ends[i]));
}

at::Tensor before_step(const Sequences& s, int64_t t, const at::Tensor& y, const at::Tensor& output0) {
  return t == 0 ? output0 : y.narrow(0, s.begin(t - 1), s.count(t));
}

// The layer as plain memory, for the quick route.
GruLayer plain(const Sequences& s, const at::Tensor& x, const at::Tensor& w_x, const at::Tensor& w_r, const at::Tensor& bias,
               const at::Tensor& bias_q, const GruViews& v, const at::Tensor& y) {
  return {s, x.size(1), w_r.size(1), s.given.streams != nullptr, floats(x), floats(w_x), floats(w_r), floats(bias),
          floats(bias_q), floats(v.gates), floats(v.query), floats(v.output0), floats(y)};
}

}  // namespace

extern "C" {

int mimir_gru_workspace(int64_t rows, int64_t sequences, int64_t cells, int64_t* elements) {
  return guarded([&] { *elements = workspace_size(rows, sequences, cells); });
}

int mimir_gru_forward(const mimir_sequences* sequences, const mimir_tensor* x, const mimir_tensor* w_x,
                      const mimir_tensor* w_r, const mimir_tensor* bias, const mimir_tensor* bias_q, mimir_tensor* state,
                      mimir_tensor* workspace, mimir_tensor* y) {
  return guarded([&] {
    const Sequences s(*sequences);
    check_gru(s, x->value, w_x->value, w_r->value, bias->value, bias_q->value, workspace->value, y->value);
    const int64_t c = w_r->value.size(1);
    auto v = views(workspace->value, s, c);
    load_state(s, state ? &state->value : nullptr, v.output0);
    if (fast_route(x->value, w_x->value, w_r->value, bias->value, bias_q->value, workspace->value, y->value)) {
      gru_forward_fast(plain(s, x->value, w_x->value, w_r->value, bias->value, bias_q->value, v, y->value));
      return save_state(s, state ? &state->value : nullptr, y->value);
    }
    at::addmm_out(v.gates, bias->value, x->value, w_x->value.t());
    for (int64_t t = 0; t < s.steps; ++t) {
      const int64_t first = s.begin(t), n = s.count(t);
      const auto before = before_step(s, t, y->value, v.output0);
      const auto recurrent = at::mm(before, w_r->value.t());
      auto gates = v.gates.narrow(0, first, n), q = v.query.narrow(0, first, n);
      auto rz = gates.narrow(1, 0, 2 * c), candidate = gates.narrow(1, 2 * c, c);
      rz.add_(recurrent.narrow(1, 0, 2 * c)).sigmoid_();
      q.copy_(recurrent.narrow(1, 2 * c, c) + bias_q->value);
      candidate.add_(rz.narrow(1, 0, c) * q).tanh_();
      y->value.narrow(0, first, n).copy_(candidate + rz.narrow(1, c, c) * (before - candidate));
    }
    save_state(s, state ? &state->value : nullptr, y->value);
  });
}

int mimir_gru_backward(const mimir_sequences* sequences, const mimir_tensor* x, const mimir_tensor* w_x,
                       const mimir_tensor* w_r, const mimir_tensor* bias, const mimir_tensor* bias_q,
                       mimir_tensor* workspace, const mimir_tensor* y, mimir_tensor* dy, mimir_tensor* dx,
                       mimir_tensor* dw_x, mimir_tensor* dw_r, mimir_tensor* dbias, mimir_tensor* dbias_q) {
  return guarded([&] {
    const Sequences s(*sequences);
    check_gru(s, x->value, w_x->value, w_r->value, bias->value, bias_q->value, workspace->value, y->value);
    TORCH_CHECK(dy->value.sizes() == y->value.sizes() && (!dx || dx->value.sizes() == x->value.sizes()),
                "a gradient does not have the shape of its value");
    const int64_t c = w_r->value.size(1);
    auto v = views(workspace->value, s, c);
    if (fast_route(x->value, w_x->value, w_r->value, workspace->value, y->value, dy->value))
      return gru_backward_fast(plain(s, x->value, w_x->value, w_r->value, bias->value, bias_q->value, v, y->value),
                               floats(dy->value), {dx ? floats(dx->value) : nullptr, floats(dw_x->value),
                                                   floats(dw_r->value), floats(dbias->value), floats(dbias_q->value)});
    // The gates become their derivatives, and so does what the reset gate scales.
    for (int64_t t = s.steps - 1; t >= 0; --t) {
      const int64_t first = s.begin(t), n = s.count(t);
      const auto before = before_step(s, t, y->value, v.output0);
      auto gates = v.gates.narrow(0, first, n), q = v.query.narrow(0, first, n);
      auto r = gates.narrow(1, 0, c), z = gates.narrow(1, c, c), candidate = gates.narrow(1, 2 * c, c);
      const auto dh = dy->value.narrow(0, first, n);
      const auto carried = dh * z;
      const auto dn = dh * (1 - z) * (1 - candidate * candidate), dz = dh * (before - candidate) * z * (1 - z);
      const auto dr = dn * q * r * (1 - r);
      q.copy_(dn * r);
      r.copy_(dr);
      z.copy_(dz);
      candidate.copy_(dn);
      if (t == 0) continue;
      const auto down = carried + at::mm(gates.narrow(1, 0, 2 * c), w_r->value.narrow(0, 0, 2 * c)) +
                        at::mm(q, w_r->value.narrow(0, 2 * c, c));
      dy->value.narrow(0, s.begin(t - 1), n).add_(down);
    }
    const auto rows = at::tensor(s.previous(false), at::kLong).to(x->value.device());
    const auto output_before = at::cat({v.output0, y->value}).index_select(0, rows);
    if (dx) at::mm_out(dx->value, v.gates, w_x->value);
    at::mm_out(dw_x->value, v.gates.t(), x->value);
    dw_r->value.narrow(0, 0, 2 * c).copy_(at::mm(v.gates.narrow(1, 0, 2 * c).t(), output_before));
    dw_r->value.narrow(0, 2 * c, c).copy_(at::mm(v.query.t(), output_before));
    dbias->value.copy_(v.gates.sum(0));
    dbias_q->value.copy_(v.query.sum(0));
  });
}

}  // extern "C"
