#include "normalise_kernels.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include "kernels.h"
#include "row_math.h"

namespace mimir {

namespace {

// Rows that are summed in single precision before the sum goes into a double: a bound on rounding.
constexpr int64_t kRowsAtOnce = 32;

}  // namespace

MIMIR_VARIANTS
void row_moments(const float* x, float epsilon, float* mean, float* inverse, int64_t rows, int64_t columns) {
  for (int64_t r = 0; r < rows; ++r, x += columns) {
    float lanes[kLanes] = {};
    int64_t c = 0;
    for (; c + kLanes <= columns; c += kLanes)
      for (int l = 0; l < kLanes; ++l) lanes[l] += x[c + l];
    for (; c < columns; ++c) lanes[0] += x[c];
    double total = 0;
    for (int l = 0; l < kLanes; ++l) total += lanes[l];
    const float middle = static_cast<float>(total / columns);
    float squares[kLanes] = {};
    for (c = 0; c + kLanes <= columns; c += kLanes)
      for (int l = 0; l < kLanes; ++l) squares[l] += (x[c + l] - middle) * (x[c + l] - middle);
    for (; c < columns; ++c) squares[0] += (x[c] - middle) * (x[c] - middle);
    double spread = 0;
    for (int l = 0; l < kLanes; ++l) spread += squares[l];
    mean[r] = middle;
    inverse[r] = static_cast<float>(1 / std::sqrt(spread / columns + epsilon));
  }
}

MIMIR_VARIANTS
void layer_norm(const float* x, const float* gamma, const float* beta, const float* mean, const float* inverse,
                float* y, int64_t rows, int64_t columns) {
  for (int64_t r = 0; r < rows; ++r) {
    const float* from = x + r * columns;
    float* to = y + r * columns;
    for (int64_t c = 0; c < columns; ++c) to[c] = (from[c] - mean[r]) * inverse[r] * gamma[c] + beta[c];
  }
}

MIMIR_VARIANTS
void layer_norm_sums(const float* __restrict x, const float* __restrict dy, const float* mean, const float* inverse,
                     float* __restrict dgamma, float* __restrict dbeta, int64_t rows, int64_t columns, int64_t stride) {
  std::fill_n(dgamma, columns, 0.0f);
  std::fill_n(dbeta, columns, 0.0f);
  for (int64_t r = 0; r < rows; ++r) {
    const float *value = x + r * stride, *d = dy + r * stride;
    const float middle = mean[r], factor = inverse[r];
    for (int64_t c = 0; c < columns; ++c) {
      dgamma[c] += d[c] * (value[c] - middle) * factor;
      dbeta[c] += d[c];
    }
  }
}

MIMIR_VARIANTS
void layer_norm_derivative(const float* x, const float* dy, const float* gamma, const float* mean, const float* inverse,
                           float* __restrict dx, int64_t rows, int64_t columns) {
  for (int64_t r = 0; r < rows; ++r) {
    const float *value = x + r * columns, *d = dy + r * columns;
    float* out = dx + r * columns;
    const float middle = mean[r], factor = inverse[r];
    float sums[kLanes] = {}, projections[kLanes] = {};
    int64_t c = 0;
    for (; c + kLanes <= columns; c += kLanes)
      for (int l = 0; l < kLanes; ++l) {
        const float g = d[c + l] * gamma[c + l];
        sums[l] += g;
        projections[l] += g * (value[c + l] - middle);
      }
    for (; c < columns; ++c) {
      const float g = d[c] * gamma[c];
      sums[0] += g;
      projections[0] += g * (value[c] - middle);
    }
    double sum = 0, projection = 0;
    for (int l = 0; l < kLanes; ++l) {
      sum += sums[l];
      projection += projections[l];
    }
    const float a = static_cast<float>(sum / columns);
    const float b = static_cast<float>(projection * factor * factor / columns);
    for (c = 0; c < columns; ++c) out[c] = factor * (d[c] * gamma[c] - a - (value[c] - middle) * b);
  }
}

MIMIR_VARIANTS
void column_moments(const float* x, float* mean, float* variance, int64_t rows, int64_t columns, int64_t stride) {
  // Around the first row, so that a mean far from zero costs no digits.
  std::vector<double> totals(columns), squares(columns);
  std::vector<float> some(columns), some_squares(columns);
  for (int64_t first = 0; first < rows; first += kRowsAtOnce) {
    std::fill(some.begin(), some.end(), 0.0f);
    std::fill(some_squares.begin(), some_squares.end(), 0.0f);
    float *__restrict s = some.data(), *__restrict q = some_squares.data();
    for (int64_t r = first; r < std::min(rows, first + kRowsAtOnce); ++r) {
      const float* row = x + r * stride;
      for (int64_t c = 0; c < columns; ++c) {
        const float d = row[c] - x[c];
        s[c] += d;
        q[c] += d * d;
      }
    }
    for (int64_t c = 0; c < columns; ++c) {
      totals[c] += some[c];
      squares[c] += some_squares[c];
    }
  }
  for (int64_t c = 0; c < columns; ++c) {
    const double middle = totals[c] / rows;
    mean[c] = static_cast<float>(x[c] + middle);
    variance[c] = static_cast<float>(std::max(0.0, squares[c] / rows - middle * middle));
  }
}

MIMIR_VARIANTS
void scale_and_shift(const float* x, const float* scale, const float* shift, float* y, int64_t rows, int64_t columns,
                     int64_t stride) {
  for (int64_t r = 0; r < rows; ++r) {
    const float* from = x + r * stride;
    float* to = y + r * stride;
    for (int64_t c = 0; c < columns; ++c) to[c] = from[c] * scale[c] + shift[c];
  }
}

MIMIR_VARIANTS
void batch_norm_sums(const float* __restrict x, const float* __restrict dy, const float* mean, const float* inverse,
                     float* __restrict sums, float* __restrict projections, int64_t rows, int64_t columns,
                     int64_t stride) {
  std::vector<double> totals(columns), products(columns);
  for (int64_t first = 0; first < rows; first += kRowsAtOnce) {
    std::fill_n(sums, columns, 0.0f);
    std::fill_n(projections, columns, 0.0f);
    for (int64_t r = first; r < std::min(rows, first + kRowsAtOnce); ++r) {
      const float *value = x + r * stride, *d = dy + r * stride;
      for (int64_t c = 0; c < columns; ++c) {
        sums[c] += d[c];
        projections[c] += d[c] * (value[c] - mean[c]);
      }
    }
    for (int64_t c = 0; c < columns; ++c) {
      totals[c] += sums[c];
      products[c] += projections[c];
    }
  }
  for (int64_t c = 0; c < columns; ++c) {
    sums[c] = static_cast<float>(totals[c]);
    projections[c] = static_cast<float>(products[c] * inverse[c]);
  }
}

MIMIR_VARIANTS
void combine(const float* dy, const float* x, const float* a, const float* b, const float* c, float* dx, int64_t rows,
             int64_t columns, int64_t stride) {
  for (int64_t r = 0; r < rows; ++r) {
    const float *d = dy + r * stride, *value = x + r * stride;
    float* out = dx + r * stride;
    for (int64_t i = 0; i < columns; ++i) out[i] = a[i] * d[i] + b[i] * value[i] + c[i];
  }
}

}  // namespace mimir
