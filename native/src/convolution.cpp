// Convolution over time and height: patches laid out in blocks of rows that stay in the cache, then a product.
#include <vector>

#include "kernels.h"
#include "picture.h"
#include "sgemm.h"
#include "workers.h"

namespace mimir {

Picture check_picture(const mimir_picture& p, const int32_t* rows, int64_t n) {
  require(p.height >= 1 && p.channels >= 1 && p.time >= 1 && p.kernel >= 1 && p.stride >= 1 && p.padding >= 0 &&
              p.padding < p.kernel && p.output_height >= 1 && (p.output_height - 1) * p.stride - p.padding < p.height,
          "a kernel of ", p.kernel, " heights does not fit a picture of ", p.height);
  check_rows(rows, n * p.time, n);
  return {p, rows, n};
}

}  // namespace mimir

using namespace mimir;

namespace {

constexpr int64_t kPatchElements = 1 << 17;  // of a block of patches: half a megabyte

int64_t block_rows(int64_t patch, int64_t heights) {
  return std::max<int64_t>(1, kPatchElements / std::max<int64_t>(1, patch * heights));
}

// Lays columns [begin, end) of the patches of rows [first, first + n) side by side: [n * output_height, end - begin].
void lay_out(const float* x, const Picture& p, int64_t first, int64_t n, int64_t begin, int64_t end, float* out) {
  const auto& g = p.given;
  const int64_t frame = g.kernel * g.channels;  // columns of one time
  for (int64_t i = first; i < first + n; ++i)
    for (int64_t h = 0; h < g.output_height; ++h)
      for (int64_t t = begin / frame; t * frame < end; ++t) {
        const int64_t from = std::max<int64_t>(0, begin - t * frame), to = std::min(frame, end - t * frame);
        const int64_t seen = std::clamp(p.first(h) * g.channels, from, to);
        const int64_t unseen = std::clamp(p.last(h) * g.channels, seen, to);
        std::fill_n(out, seen - from, 0.0f);
        std::copy_n(x + p.of(t)[i] * p.width() + p.top(h) * g.channels + seen, unseen - seen, out + seen - from);
        std::fill_n(out + unseen - from, to - unseen, 0.0f);
        out += to - from;
      }
}

void forward(const float* x, const Picture& p, const float* w, const float* bias, int activation, float* y) {
  const auto& g = p.given;
  const int64_t most = block_rows(p.patch(), g.output_height);
  parallel_for(p.count, 1, 2, [&](int64_t begin, int64_t end) {
    std::vector<float> laid(std::min(most, end - begin) * g.output_height * p.patch());
    for (int64_t first = begin; first < end; first += most) {
      const int64_t n = std::min(most, end - first), m = n * g.output_height;
      float* out = y + first * g.output_height * g.filters;
      lay_out(x, p, first, n, 0, p.patch(), laid.data());
      sgemm({false, true, m, g.filters, p.patch(), 1, laid.data(), p.patch(), w, p.patch(), 0, out, g.filters});
      bias_activation(out, bias, m, g.filters, g.filters, activation);
    }
  });
}

// Each worker owns columns, so that each sum has one order of summation whatever the number of threads.
void weight_gradient(const float* x, const Picture& p, const float* dz, float alpha, float beta, float* dw) {
  const auto& g = p.given;
  const int64_t most = block_rows(p.patch(), g.output_height);
  parallel_for(p.patch(), 16, 32, [&](int64_t begin, int64_t end) {
    const int64_t columns = end - begin;
    std::vector<float> laid(std::min(most, p.count) * g.output_height * columns);
    for (int64_t first = 0; first < p.count; first += most) {
      const int64_t n = std::min(most, p.count - first);
      lay_out(x, p, first, n, begin, end, laid.data());
      sgemm({true, false, g.filters, columns, n * g.output_height, alpha, dz + first * g.output_height * g.filters,
             g.filters, laid.data(), columns, first == 0 ? beta : 1.0f, dw + begin, p.patch()});
    }
  });
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

int mimir_convolution_forward(int64_t n, const mimir_picture* picture, const float* x, const int32_t* rows,
                              const float* w, const float* b, int activation, float* y) {
  return guarded([&] { forward(x, check_picture(*picture, rows, n), w, b, activation, y); });
}

int mimir_convolution_backward(int64_t n, const mimir_picture* picture, const float* x, const int32_t* rows,
                               const float* w, const float* y, int activation, float* dy, float* dx, float* dw,
                               float* db, double alpha_w, double alpha_b, double beta) {
  return guarded([&] {
    const Picture p = check_picture(*picture, rows, n);
    require((dw == nullptr) == (db == nullptr), "the gradients of weights and bias come together");
    const int64_t filters = picture->filters;
    std::vector<float> sums(filters);
    parallel_for(filters, 16, 32, [&](int64_t begin, int64_t end) {
      activation_derivative(dy + begin, y + begin, n * picture->output_height, end - begin, filters, activation,
                            sums.data() + begin);
    });
    if (dx) input_gradient(p, dy, w, dx);
    if (!dw) return;
    weight_gradient(x, p, dy, static_cast<float>(alpha_w), static_cast<float>(beta), dw);
    for (int64_t f = 0; f < filters; ++f)
      db[f] = static_cast<float>((beta == 0 ? 0 : beta * db[f]) + alpha_b * sums[f]);
  });
}

}  // extern "C"
