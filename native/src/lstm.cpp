#include "lstm.h"

#include <utility>

#include "lstm_fast.h"
#include "lstm_stages.h"

using namespace mimir;

namespace mimir {

int64_t lstm_workspace(int64_t rows, int64_t sequences, int64_t cells, int64_t output) {
  return rows * 7 * cells + sequences * (cells + output);
}

LstmViews lstm_views(const mimir_lstm_direction& d, const Sequences& s, const LstmShape& shape) {
  const int64_t c = shape.cells, n = s.rows;
  int64_t at = 0;
  const auto take = [&](int64_t rows, int64_t columns) {
    const auto view = d.workspace->value.narrow(0, at, rows * columns).view({rows, columns});
    at += rows * columns;
    return view;
  };
  LstmViews v;
  v.gates = take(n, 4 * c);
  v.cells = take(n, c);
  v.hidden = take(n, c);
  v.memory = take(n, c);
  v.cells0 = take(s.sequences, c);
  v.output0 = take(s.sequences, shape.output);
  return v;
}

void lstm_load_state(const mimir_lstm_direction& d, const Sequences& s, const LstmViews& v) {
  v.cells0.zero_();
  v.output0.zero_();
  if (!d.state || !s.given.streams) return;
  const auto& state = d.state->value;
  const int64_t c = v.cells0.size(1);
  for (int64_t i = 0; i < s.sequences; ++i) {
    if (s.given.begins[i]) continue;
    const auto row = state.select(0, s.given.streams[i]);
    v.cells0.select(0, i).copy_(row.narrow(0, 0, c));
    v.output0.select(0, i).copy_(row.narrow(0, c, row.size(0) - c));
  }
}

void lstm_save_state(const mimir_lstm_direction& d, const Sequences& s, const LstmViews& v, const at::Tensor& y) {
  if (!d.state || !s.given.streams) return;
  const auto ends = s.last();
  const int64_t c = v.cells0.size(1);
  for (int64_t i = 0; i < s.sequences; ++i) {
    const auto row = d.state->value.select(0, s.given.streams[i]);
    row.narrow(0, 0, c).copy_(v.cells.select(0, ends[i]));
    row.narrow(0, c, row.size(0) - c).copy_(y.select(0, ends[i]));
  }
}

}  // namespace mimir

namespace {

LstmShape check_lstm(const Sequences& s, const at::Tensor& x, const mimir_lstm_direction* directions, int count,
                     const at::Tensor& y) {
  check_matrix(x, "x");
  check_matrix(y, "y");
  TORCH_CHECK(count == 1 || count == 2, "a recurrent layer has one or two directions, got ", count);
  TORCH_CHECK(x.size(0) == s.rows && y.size(0) == s.rows, "a batch of ", s.rows, " rows cannot take ", x.sizes(), " to ",
              y.sizes());
  LstmShape shape{};
  for (int i = 0; i < count; ++i) {
    const auto& d = directions[i];
    const auto& p = d.values;
    const auto &w_x = p.w_x->value, &w_r = p.w_r->value;
    const int64_t c = w_x.size(0) / 4, r = w_r.size(1);
    const bool peeps = p.peephole_i && p.peephole_f && p.peephole_o, projects = p.w_p != nullptr;
    TORCH_CHECK(peeps || (!p.peephole_i && !p.peephole_f && !p.peephole_o), "all three peepholes come together");
    TORCH_CHECK(w_x.dim() == 2 && w_x.size(0) == 4 * c && w_x.size(1) == x.size(1) && w_r.size(0) == 4 * c &&
                    p.bias->value.numel() == 4 * c && (!peeps || p.peephole_i->value.numel() == c) &&
                    (projects ? p.w_p->value.sizes() == at::IntArrayRef({r, c}) : r == c) && y.size(1) == r * count,
                "an LSTM of weights ", w_x.sizes(), " and ", w_r.sizes(), " cannot take ", x.sizes(), " to ", y.sizes());
    TORCH_CHECK(d.workspace->value.numel() >= lstm_workspace(s.rows, s.sequences, c, r), "the workspace is too small");
    TORCH_CHECK(!d.state || !d.reverse, "a sequence that is read backwards carries no state");
    TORCH_CHECK(!d.state || !s.given.streams || d.state->value.size(1) == c + r, "the state has not the layer's size");
    if (d.state && s.given.streams)
      for (int64_t k = 0; k < s.sequences; ++k)
        TORCH_CHECK(s.given.streams[k] >= 0 && s.given.streams[k] < d.state->value.size(0), "stream ", s.given.streams[k],
                    " has no state");
    shape = {x.size(1), c, r, projects, peeps};
  }
  return shape;
}

at::Tensor rows_of(const at::Tensor& matrix, const Sequences& s, int64_t t) { return matrix.narrow(0, s.begin(t), s.count(t)); }

at::Tensor indices(const std::vector<int64_t>& rows, const at::Tensor& like) {
  return at::tensor(rows, at::kLong).to(like.device());
}

void clip(at::Tensor t, double limit) {
  if (limit > 0) t.clamp_(-limit, limit);
}

// ---- the reference: step by step with ATen operators, on any device and type ----

void reference_forward(const Sequences& s, const at::Tensor& x, const mimir_lstm_direction& d, const LstmShape& shape,
                       const mimir_lstm_limits& limits, at::Tensor y) {
  const auto v = lstm_views(d, s, shape);
  const auto& p = d.values;
  const int64_t c = shape.cells;
  lstm_load_state(d, s, v);
  at::addmm_out(const_cast<at::Tensor&>(v.gates), p.bias->value, x, p.w_x->value.t());
  for (int64_t i = 0; i < s.steps; ++i) {
    const int64_t t = d.reverse ? s.steps - 1 - i : i, before = d.reverse ? t + 1 : t - 1, n = s.count(t);
    const int64_t have = before >= 0 && before < s.steps ? std::min(n, s.count(before)) : 0;
    auto output = v.output0.narrow(0, 0, n).clone(), cells_before = v.cells0.narrow(0, 0, n).clone();
    if (have > 0) {
      output.narrow(0, 0, have).copy_(y.narrow(0, s.begin(before), have));
      cells_before.narrow(0, 0, have).copy_(v.cells.narrow(0, s.begin(before), have));
    }
    auto gates = rows_of(v.gates, s, t);
    gates.addmm_(output, p.w_r->value.t());
    auto g = gates.narrow(1, 0, c), in = gates.narrow(1, c, c), forget = gates.narrow(1, 2 * c, c),
         out = gates.narrow(1, 3 * c, c);
    if (shape.peeps) {
      in.add_(cells_before * p.peephole_i->value);
      forget.add_(cells_before * p.peephole_f->value);
    }
    g.tanh_();
    in.sigmoid_();
    forget.sigmoid_();
    auto cells = rows_of(v.cells, s, t);
    cells.copy_(g * in + cells_before * forget);
    clip(cells, limits.cell_clip);
    if (shape.peeps) out.add_(cells * p.peephole_o->value);
    out.sigmoid_();
    rows_of(v.hidden, s, t).copy_(cells.tanh());
    const auto memory = rows_of(v.hidden, s, t) * out;
    rows_of(v.memory, s, t).copy_(memory);
    rows_of(y, s, t).copy_(shape.projects ? at::mm(memory, p.w_p->value.t()) : memory);
  }
  lstm_save_state(d, s, v, y);
}

void reference_backward(const Sequences& s, const at::Tensor& x, const mimir_lstm_direction& d, const LstmShape& shape,
                        const mimir_lstm_limits& limits, const at::Tensor& y, at::Tensor dy, at::Tensor* dx) {
  const auto v = lstm_views(d, s, shape);
  const auto &p = d.values, &to = d.gradients;
  const int64_t c = shape.cells;
  const auto before = indices(s.previous(d.reverse != 0), x);
  const auto cells_before = at::cat({v.cells0, v.cells}).index_select(0, before);
  const auto output_before = at::cat({v.output0, y}).index_select(0, before);
  const auto dgates = at::empty_like(v.gates), dcells = at::empty_like(v.cells);
  for (int64_t i = 0; i < s.steps; ++i) {
    const int64_t t = d.reverse ? i : s.steps - 1 - i, after = d.reverse ? t - 1 : t + 1, n = s.count(t);
    const int64_t have = after >= 0 && after < s.steps ? std::min(n, s.count(after)) : 0;
    auto dr = rows_of(dy, s, t);
    if (have > 0) dr.narrow(0, 0, have).addmm_(dgates.narrow(0, s.begin(after), have), p.w_r->value);
    const auto dm = shape.projects ? at::mm(dr, p.w_p->value) : dr;
    const auto gates = rows_of(v.gates, s, t), hidden = rows_of(v.hidden, s, t);
    const auto g = gates.narrow(1, 0, c), in = gates.narrow(1, c, c), forget = gates.narrow(1, 2 * c, c),
               out = gates.narrow(1, 3 * c, c);
    auto own = rows_of(dgates, s, t);
    auto dg = own.narrow(1, 0, c), din = own.narrow(1, c, c), dforget = own.narrow(1, 2 * c, c), dout = own.narrow(1, 3 * c, c);
    dout.copy_(dm * hidden * out * (1 - out));
    auto dc = rows_of(dcells, s, t);
    dc.copy_(dm * out * (1 - hidden * hidden));
    if (have > 0) {
      const auto next = dgates.narrow(0, s.begin(after), have);
      auto carried = dc.narrow(0, 0, have);
      carried.add_(dcells.narrow(0, s.begin(after), have) * v.gates.narrow(0, s.begin(after), have).narrow(1, 2 * c, c));
      if (shape.peeps)
        carried.add_(next.narrow(1, c, c) * p.peephole_i->value + next.narrow(1, 2 * c, c) * p.peephole_f->value);
    }
    if (shape.peeps) dc.add_(dout * p.peephole_o->value);
    clip(dc, limits.cell_diff_clip);
    dforget.copy_(dc * rows_of(cells_before, s, t) * forget * (1 - forget));
    din.copy_(dc * g * in * (1 - in));
    dg.copy_(dc * in * (1 - g * g));
    clip(own, limits.diff_clip);
  }
  if (dx) dx->addmm_(dgates, p.w_x->value);
  at::mm_out(to.w_x->value, dgates.t(), x);
  at::mm_out(to.w_r->value, dgates.t(), output_before);
  to.bias->value.copy_(dgates.sum(0));
  if (shape.peeps) {
    to.peephole_i->value.copy_((dgates.narrow(1, c, c) * cells_before).sum(0));
    to.peephole_f->value.copy_((dgates.narrow(1, 2 * c, c) * cells_before).sum(0));
    to.peephole_o->value.copy_((dgates.narrow(1, 3 * c, c) * v.cells).sum(0));
  }
  if (shape.projects) at::mm_out(to.w_p->value, dy.t(), v.memory);
}

at::Tensor half(const at::Tensor& y, int direction, int64_t width) { return y.narrow(1, direction * width, width); }

}  // namespace

extern "C" {

int mimir_lstm_workspace(int64_t rows, int64_t sequences, int64_t cells, int64_t projection, int64_t* elements) {
  return guarded([&] { *elements = lstm_workspace(rows, sequences, cells, projection > 0 ? projection : cells); });
}

int mimir_lstm_forward(const mimir_sequences* sequences, const mimir_tensor* x, const mimir_lstm_direction* directions,
                       int count, const mimir_lstm_limits* limits, mimir_tensor* y) {
  return guarded([&] {
    const Sequences s(*sequences);
    const auto shape = check_lstm(s, x->value, directions, count, y->value);
    if (lstm_is_fast(x->value, directions, count, y->value))
      return lstm_forward_fast(s, x->value, directions, count, shape, *limits, y->value);
    for (int i = 0; i < count; ++i)
      reference_forward(s, x->value, directions[i], shape, *limits, half(y->value, i, shape.output));
  });
}

int mimir_lstm_backward(const mimir_sequences* sequences, const mimir_tensor* x, const mimir_lstm_direction* directions,
                        int count, const mimir_lstm_limits* limits, const mimir_tensor* y, mimir_tensor* dy,
                        mimir_tensor* dx) {
  return guarded([&] {
    const Sequences s(*sequences);
    const auto shape = check_lstm(s, x->value, directions, count, y->value);
    TORCH_CHECK(dy->value.sizes() == y->value.sizes() && (!dx || dx->value.sizes() == x->value.sizes()),
                "a gradient does not have the shape of its value");
    if (lstm_is_fast(x->value, directions, count, y->value))
      return lstm_backward_fast(s, x->value, directions, count, shape, *limits, y->value, dy->value,
                                dx ? &dx->value : nullptr);
    if (dx) dx->value.zero_();
    for (int i = 0; i < count; ++i)
      reference_backward(s, x->value, directions[i], shape, *limits, half(y->value, i, shape.output),
                         half(dy->value, i, shape.output), dx ? &dx->value : nullptr);
  });
}

int mimir_lstm_stages(double seconds[7]) {
  return guarded([&] {
    for (int i = 0; i < kLstmStages; ++i) seconds[i] = std::exchange(lstm_stages[i], 0.0);
  });
}

}  // extern "C"
