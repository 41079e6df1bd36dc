// The greatest value of a patch of time and height, channel by channel.
#include <vector>

#include "picture.h"
#include "workers.h"

using namespace mimir;

namespace {

constexpr int64_t kWorthwhile = 1 << 13;  // outputs that pay for waking a worker

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

int mimir_max_pool_forward(int64_t n, const mimir_picture* picture, const float* x, const int32_t* rows, float* y) {
  return guarded([&] {
    const Picture p = check_picture(*picture, rows, n);
    const int64_t channels = picture->channels, width = picture->output_height * channels;
    parallel_for(n, 1, std::max<int64_t>(1, kWorthwhile / width), [&](int64_t begin, int64_t end) {
      for (int64_t row = begin; row < end; ++row)
        for (int64_t h = 0; h < picture->output_height; ++h)
          greatest(x, p, row, h, 0, channels, y + row * width + h * channels, nullptr);
    });
  });
}

int mimir_max_pool_backward(int64_t n, const mimir_picture* picture, const float* x, const int32_t* rows,
                            const float* dy, float* dx) {
  return guarded([&] {
    const Picture p = check_picture(*picture, rows, n);
    // By channels, because patches overlap in time and height.
    const int64_t channels = picture->channels, width = picture->output_height * channels;
    std::fill_n(dx, n * p.width(), 0.0f);
    parallel_for(channels, 1, 2, [&](int64_t begin, int64_t end) {
      std::vector<float> best(end - begin);
      std::vector<int64_t> place(end - begin);
      for (int64_t row = 0; row < n; ++row)
        for (int64_t h = 0; h < picture->output_height; ++h) {
          greatest(x, p, row, h, begin, end - begin, best.data(), place.data());
          const float* d = dy + row * width + h * channels + begin;
          for (int64_t c = 0; c < end - begin; ++c) dx[place[c]] += d[c];
        }
    });
  });
}

}  // extern "C"
