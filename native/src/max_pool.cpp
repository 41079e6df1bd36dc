// The greatest value of a patch of time and height, channel by channel.
#include <limits>

#include "guarded.h"
#include "kernels.h"
#include "picture.h"
#include "workers.h"

using namespace mimir;

namespace {

constexpr int64_t kParallel = 1 << 13;  // outputs that pay for waking a worker

// ---- the reference: one more axis for what is pooled, in the order of time, then height ----

at::Tensor pooled(const at::Tensor& x, const Picture& p, int64_t h) {
  const auto& g = p.given;
  std::vector<at::Tensor> all;
  for (int64_t t = 0; t < g.time; ++t) {
    const auto frame = x.index_select(0, row_index(p.of(t), p.count, x.device())).view({p.count, g.height, g.channels});
    all.push_back(frame.narrow(1, p.top(h) + p.first(h), p.last(h) - p.first(h)));
  }
  return at::cat(all, 1);
}

void reference_forward(const at::Tensor& x, const Picture& p, at::Tensor y) {
  for (int64_t h = 0; h < p.given.output_height; ++h)
    y.narrow(1, h * p.given.channels, p.given.channels).copy_(pooled(x, p, h).amax(1));
}

void reference_backward(const at::Tensor& x, const Picture& p, const at::Tensor& dy, at::Tensor dx) {
  const auto& g = p.given;
  dx.zero_();
  for (int64_t h = 0; h < g.output_height; ++h) {
    const auto values = pooled(x, p, h);
    const int64_t heights = p.last(h) - p.first(h);
    const auto is_best = values.eq(values.amax(1, /*keepdim=*/true)).to(x.scalar_type());
    const auto first = (is_best.cumsum(1).eq(1)).to(x.scalar_type()) * is_best;
    const auto d = first * dy.narrow(1, h * g.channels, g.channels).unsqueeze(1);
    for (int64_t t = 0; t < g.time; ++t) {
      auto target = dx.narrow(1, (p.top(h) + p.first(h)) * g.channels, heights * g.channels);
      add_rows(target, row_index(p.of(t), p.count, x.device()),
               d.narrow(1, t * heights, heights).reshape({p.count, heights * g.channels}));
    }
  }
}

// ---- host floats ----

// The value and, when asked for, the place of the first greatest value of a patch, for channels [begin, begin + n).
void greatest(const float* x, const Picture& p, int64_t row, int64_t h, int64_t begin, int64_t n, float* best,
              int64_t* place) {
  const auto& g = p.given;
  bool any = false;
  for (int64_t t = 0; t < g.time; ++t)
    for (int64_t k = p.first(h); k < p.last(h); ++k) {
      const int64_t at = p.of(t)[row] * p.width() + (p.top(h) + k) * g.channels + begin;
      const float* value = x + at;
      if (!any) {
        std::copy_n(value, n, best);
        for (int64_t c = 0; place && c < n; ++c) place[c] = at + c;
        any = true;
      } else if (place) {
        for (int64_t c = 0; c < n; ++c)
          if (value[c] > best[c]) {
            best[c] = value[c];
            place[c] = at + c;
          }
      } else {
        // NaN, once there, stays there.
        for (int64_t c = 0; c < n; ++c) best[c] = value[c] > best[c] || value[c] != value[c] ? value[c] : best[c];
      }
    }
}

}  // namespace

extern "C" {

int mimir_max_pool_forward(const mimir_picture* picture, const mimir_tensor* x, const int32_t* rows, mimir_tensor* y) {
  return guarded([&] {
    const Picture p = check_picture(*picture, x->value, rows, y->value, picture->channels);
    if (!fast_route(x->value, y->value)) return reference_forward(x->value, p, y->value);

    const int64_t channels = picture->channels, width = picture->output_height * channels;
    parallel_for(p.count, 1, std::max<int64_t>(1, kParallel / width), [&](int64_t begin, int64_t end) {
      for (int64_t n = begin; n < end; ++n)
        for (int64_t h = 0; h < picture->output_height; ++h)
          greatest(floats(x->value), p, n, h, 0, channels, floats(y->value) + n * width + h * channels, nullptr);
    });
  });
}

int mimir_max_pool_backward(const mimir_picture* picture, const mimir_tensor* x, const int32_t* rows,
                            const mimir_tensor* dy, mimir_tensor* dx) {
  return guarded([&] {
    const Picture p = check_picture(*picture, x->value, rows, dy->value, picture->channels);
    TORCH_CHECK(dx->value.sizes() == x->value.sizes(), "a gradient does not have the shape of its value");
    if (!fast_route(x->value, dy->value, dx->value)) return reference_backward(x->value, p, dy->value, dx->value);

    // By channels, because patches overlap in time and height.
    const int64_t channels = picture->channels, width = picture->output_height * channels;
    std::fill_n(floats(dx->value), dx->value.numel(), 0.0f);
    parallel_for(channels, 1, 2, [&](int64_t begin, int64_t end) {
      std::vector<float> best(end - begin);
      std::vector<int64_t> place(end - begin);
      for (int64_t n = 0; n < p.count; ++n)
        for (int64_t h = 0; h < picture->output_height; ++h) {
          greatest(floats(x->value), p, n, h, begin, end - begin, best.data(), place.data());
          const float* d = floats(dy->value) + n * width + h * channels + begin;
          for (int64_t c = 0; c < end - begin; ++c) floats(dx->value)[place[c]] += d[c];
        }
    });
  });
}

}  // extern "C"
