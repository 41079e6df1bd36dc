// Convolution over time and height: patches laid out in blocks of rows that stay in the cache, then a product.
#include "guarded.h"
#include "kernels.h"
#include "reference.h"
#include "picture.h"
#include "sgemm.h"
#include "workers.h"

namespace mimir {

Picture check_picture(const mimir_picture& p, const at::Tensor& x, const int32_t* rows, const at::Tensor& y,
                      int64_t outputs) {
  check_matrix(x, "x");
  check_matrix(y, "y");
  TORCH_CHECK(p.height >= 1 && p.channels >= 1 && p.time >= 1 && p.kernel >= 1 && p.stride >= 1 && p.padding >= 0 &&
                  p.padding < p.kernel && p.output_height >= 1 &&
                  (p.output_height - 1) * p.stride - p.padding < p.height,
              "a kernel of ", p.kernel, " heights does not fit a picture of ", p.height);
  TORCH_CHECK(x.size(1) == p.height * p.channels && y.size(0) == x.size(0) && y.size(1) == p.output_height * outputs,
              "pictures of ", p.height, " times ", p.channels, " cannot go from ", x.sizes(), " to ", y.sizes());
  check_rows(rows, x.size(0) * p.time, x.size(0));
  return {p, rows, x.size(0)};
}

}  // namespace mimir

using namespace mimir;

namespace {

constexpr int64_t kPatchElements = 1 << 17;  // of a block of patches: half a megabyte

void check_weights(const Picture& p, const at::Tensor& w, const at::Tensor* b) {
  TORCH_CHECK(w.dim() == 2 && w.size(0) == p.given.filters && w.size(1) == p.patch() && (!b || b->numel() == w.size(0)),
              "weights ", w.sizes(), " are not those of ", p.given.filters, " filters of ", p.patch(), " values");
}

// ---- the reference: [N, time, height, channels], the padding added, cut out height by height ----

at::Tensor padded(const at::Tensor& x, const Picture& p) {
  const auto& g = p.given;
  const int64_t below = std::max<int64_t>(0, (g.output_height - 1) * g.stride + g.kernel - g.padding - g.height);
  std::vector<at::Tensor> frames;
  for (int64_t t = 0; t < g.time; ++t)
    frames.push_back(x.index_select(0, row_index(p.of(t), p.count, x.device())).view({p.count, g.height, g.channels}));
  return at::constant_pad_nd(at::stack(frames, 1), {0, 0, g.padding, below});
}

at::Tensor patches(const at::Tensor& x, const Picture& p) {
  const auto all = padded(x, p);
  std::vector<at::Tensor> cut;
  for (int64_t h = 0; h < p.given.output_height; ++h)
    cut.push_back(all.narrow(2, h * p.given.stride, p.given.kernel).reshape({p.count, p.patch()}));
  return at::stack(cut, 1).view({p.count * p.given.output_height, p.patch()});
}

void reference_forward(const at::Tensor& x, const Picture& p, const at::Tensor& w, const at::Tensor& b, int activation,
                       at::Tensor y) {
  y.copy_(at::addmm(b, patches(x, p), w.t()).view(y.sizes()));
  reference_activation(y, activation);
}

void reference_backward(const at::Tensor& x, const Picture& p, const at::Tensor& w, const at::Tensor& y, int activation,
                        at::Tensor dy, at::Tensor* dx, at::Tensor* dw, at::Tensor* db, double alpha_w, double alpha_b,
                        double beta) {
  const auto& g = p.given;
  reference_derivative(dy, y, activation);
  const auto dz = dy.view({p.count * g.output_height, g.filters});
  if (dx) {
    auto all = at::zeros_like(padded(x, p));
    const auto d = dz.mm(w).view({p.count, g.output_height, g.time, g.kernel, g.channels});
    for (int64_t h = 0; h < g.output_height; ++h) all.narrow(2, h * g.stride, g.kernel).add_(d.select(1, h));
    dx->zero_();
    const auto inner = all.narrow(2, g.padding, g.height);
    for (int64_t t = 0; t < g.time; ++t)
      add_rows(*dx, row_index(p.of(t), p.count, x.device()), inner.select(1, t).reshape({p.count, p.width()}));
  }
  if (!dw) return;
  if (beta == 0) {
    dw->zero_();
    db->zero_();
  }
  dw->addmm_(dz.t(), patches(x, p), beta, alpha_w);
  db->mul_(beta).add_(dz.sum(0), alpha_b);
}

// ---- host floats ----

int64_t block_rows(int64_t patch, int64_t heights) {
  return std::max<int64_t>(1, kPatchElements / std::max<int64_t>(1, patch * heights));
}

// Lays the patches of rows [first, first + n) side by side: [n * output_height, patch].
void lay_out(const float* x, const Picture& p, int64_t first, int64_t n, float* out) {
  const auto& g = p.given;
  for (int64_t i = first; i < first + n; ++i)
    for (int64_t h = 0; h < g.output_height; ++h)
      for (int64_t t = 0; t < g.time; ++t, out += g.kernel * g.channels) {
        const int64_t begin = p.first(h), end = std::max(begin, p.last(h));
        const float* from = x + p.of(t)[i] * p.width() + (p.top(h) + begin) * g.channels;
        std::fill_n(out, begin * g.channels, 0.0f);
        std::copy_n(from, (end - begin) * g.channels, out + begin * g.channels);
        std::fill_n(out + end * g.channels, (g.kernel - end) * g.channels, 0.0f);
      }
}

void fast_forward(const float* x, const Picture& p, const float* w, const float* bias, int activation, float* y) {
  const auto& g = p.given;
  const int64_t most = block_rows(p.patch(), g.output_height);
  parallel_for(p.count, 1, 2, [&](int64_t begin, int64_t end) {
    std::vector<float> laid(std::min(most, end - begin) * g.output_height * p.patch());
    for (int64_t first = begin; first < end; first += most) {
      const int64_t n = std::min(most, end - first), m = n * g.output_height;
      float* out = y + first * g.output_height * g.filters;
      lay_out(x, p, first, n, laid.data());
      sgemm({false, true, m, g.filters, p.patch(), 1, laid.data(), p.patch(), w, p.patch(), 0, out, g.filters});
      bias_activation(out, bias, m, g.filters, g.filters, activation);
    }
  });
}

// Each worker sums over its own rows; the sums are added in the order of the workers.
void weight_gradient(const float* x, const Picture& p, const float* dz, float alpha, float beta, float* dw) {
  const auto& g = p.given;
  const int64_t most = block_rows(p.patch(), g.output_height), size = g.filters * p.patch();
  std::vector<std::vector<float>> sums(Workers::shared().count());
  Workers::shared().run([&](int index, int count) {
    const Range rows = share(p.count, index, count);
    if (rows.size() <= 0) return;
    auto& sum = sums[index];
    sum.resize(size);
    std::vector<float> laid(std::min(most, rows.size()) * g.output_height * p.patch());
    for (int64_t first = rows.begin; first < rows.end; first += most) {
      const int64_t n = std::min(most, rows.end - first), m = n * g.output_height;
      lay_out(x, p, first, n, laid.data());
      sgemm({true, false, g.filters, p.patch(), m, alpha, dz + first * g.output_height * g.filters, g.filters,
             laid.data(), p.patch(), 1, sum.data(), p.patch()});
    }
  });
  if (beta == 0) std::fill_n(dw, size, 0.0f);
  for (int64_t i = 0; beta != 0 && beta != 1 && i < size; ++i) dw[i] *= beta;
  for (const auto& sum : sums)
    if (!sum.empty()) add_scaled(dw, sum.data(), size, 1);
}

// For each time of the kernel, the rows that take each row: the ends of a sequence are taken more than once.
struct Takers {
  std::vector<int32_t> begins, rows;

  Takers(const Picture& p, int64_t time) : begins(p.count + 1), rows(p.count) {
    const int32_t* taken = p.of(time);
    for (int64_t i = 0; i < p.count; ++i) ++begins[taken[i] + 1];
    for (int64_t i = 0; i < p.count; ++i) begins[i + 1] += begins[i];
    std::vector<int32_t> next(begins.begin(), begins.end() - 1);
    for (int64_t i = 0; i < p.count; ++i) rows[next[taken[i]]++] = static_cast<int32_t>(i);
  }
};

MIMIR_VARIANTS
void add_filters(float* __restrict to, const float* __restrict from, int64_t count) {
  for (int64_t i = 0; i < count; ++i) to[i] += from[i];
}

// What a value of the input is a part of, as a patch of gradients: [n * height, time * kernel * filters].
void lay_out_gradients(const float* dz, const Picture& p, const std::vector<Takers>& takers, int64_t first, int64_t n,
                       float* out) {
  const auto& g = p.given;
  std::fill_n(out, n * g.height * g.time * g.kernel * g.filters, 0.0f);
  for (int64_t i = first; i < first + n; ++i)
    for (int64_t h = 0; h < g.height; ++h)
      for (int64_t t = 0; t < g.time; ++t)
        for (int64_t k = 0; k < g.kernel; ++k, out += g.filters) {
          const int64_t reached = h + g.padding - k;
          if (reached < 0 || reached % g.stride != 0 || reached / g.stride >= g.output_height) continue;
          for (int32_t r = takers[t].begins[i]; r < takers[t].begins[i + 1]; ++r)
            add_filters(out, dz + (takers[t].rows[r] * g.output_height + reached / g.stride) * g.filters, g.filters);
        }
}

void input_gradient(const Picture& p, const float* dz, const float* w, float* dx) {
  const auto& g = p.given;
  const int64_t taps = g.time * g.kernel, depth = taps * g.filters, most = block_rows(depth, g.height);
  std::vector<Takers> takers;
  for (int64_t t = 0; t < g.time; ++t) takers.emplace_back(p, t);
  // [time * kernel * filters, channels]: the weights by what the gradients are laid out by.
  std::vector<float> turned(depth * g.channels);
  for (int64_t tap = 0; tap < taps; ++tap)
    for (int64_t f = 0; f < g.filters; ++f)
      std::copy_n(
          w + f * p.patch() + tap * g.channels, g.channels, turned.data() + (tap * g.filters + f) * g.channels);
  parallel_for(p.count, 1, 2, [&](int64_t begin, int64_t end) {
    std::vector<float> laid(std::min(most, end - begin) * g.height * depth);
    for (int64_t first = begin; first < end; first += most) {
      const int64_t n = std::min(most, end - first);
      lay_out_gradients(dz, p, takers, first, n, laid.data());
      sgemm({false, false, n * g.height, g.channels, depth, 1, laid.data(), depth, turned.data(), g.channels, 0,
             dx + first * p.width(), g.channels});
    }
  });
}

}  // namespace

extern "C" {

int mimir_convolution_forward(const mimir_picture* picture, const mimir_tensor* x, const int32_t* rows,
                              const mimir_tensor* w, const mimir_tensor* b, int activation, mimir_tensor* y) {
  return guarded([&] {
    const Picture p = check_picture(*picture, x->value, rows, y->value, picture->filters);
    check_weights(p, w->value, &b->value);
    if (fast_route(x->value, w->value, b->value, y->value))
      fast_forward(floats(x->value), p, floats(w->value), floats(b->value), activation, floats(y->value));
    else
      reference_forward(x->value, p, w->value, b->value, activation, y->value);
  });
}

int mimir_convolution_backward(const mimir_picture* picture, const mimir_tensor* x, const int32_t* rows,
                               const mimir_tensor* w, const mimir_tensor* y, int activation, mimir_tensor* dy,
                               mimir_tensor* dx, mimir_tensor* dw, mimir_tensor* db, double alpha_w, double alpha_b,
                               double beta) {
  return guarded([&] {
    const Picture p = check_picture(*picture, x->value, rows, y->value, picture->filters);
    check_weights(p, w->value, db ? &db->value : nullptr);
    TORCH_CHECK((dw == nullptr) == (db == nullptr), "the gradients of weights and bias come together");
    TORCH_CHECK(dy->value.sizes() == y->value.sizes() && (!dx || dx->value.sizes() == x->value.sizes()) &&
                    (!dw || dw->value.sizes() == w->value.sizes()),
                "a gradient does not have the shape of its value");
    at::Tensor* const to_x = dx ? &dx->value : nullptr;
    at::Tensor* const to_w = dw ? &dw->value : nullptr;
    at::Tensor* const to_b = db ? &db->value : nullptr;
    if (!fast_route(x->value, w->value, y->value, dy->value, to_x ? *to_x : x->value, to_w ? *to_w : w->value,
                    to_b ? *to_b : w->value)) {
      return reference_backward(
          x->value, p, w->value, y->value, activation, dy->value, to_x, to_w, to_b, alpha_w, alpha_b, beta);
    }
    const int64_t filters = picture->filters, m = p.count * picture->output_height;
    float* const dz = floats(dy->value);
    std::vector<float> sums(filters);
    parallel_for(filters, 16, 32, [&](int64_t begin, int64_t end) {
      activation_derivative(
          dz + begin, floats(y->value) + begin, m, end - begin, filters, activation, sums.data() + begin);
    });
    if (to_x) input_gradient(p, dz, floats(w->value), floats(*to_x));
    if (!to_w) return;
    weight_gradient(floats(x->value), p, dz, static_cast<float>(alpha_w), static_cast<float>(beta), floats(*to_w));
    float* const bias = floats(*to_b);
    for (int64_t f = 0; f < filters; ++f)
      bias[f] = static_cast<float>((beta == 0 ? 0 : beta * bias[f]) + alpha_b * sums[f]);
  });
}

}  // extern "C"
