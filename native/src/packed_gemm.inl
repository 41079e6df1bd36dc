// The algorithm of packed_gemm.h. The including file says MIMIR_VECTOR_BYTES, MIMIR_TILE_ROWS and MIMIR_VARIANT.
#include "packed_gemm.h"

#include "gemm_pack.inl"

namespace mimir {
namespace {

constexpr int kTileRows = MIMIR_TILE_ROWS, kWidth = 2 * kLanes;
// A sliver as deep as this, and the rows that it meets, lie in the first cache; a block of rows, in the second.
constexpr int64_t kDepth = 256, kBlockRows = 120;

// kVectors vectors of each of kRows rows of y, in registers over the whole depth; of kSlivers slivers, `next` floats apart.
template <int kRows, int kVectors, int kSlivers>
void tile(const float* x, int64_t x_stride, const float* w, int64_t next, int64_t depth, float* y, int64_t y_stride,
          bool add) {
  Vector sums[kRows][kSlivers * kVectors];
#pragma GCC unroll 16
  for (int i = 0; i < kRows; ++i)
#pragma GCC unroll 8
    for (int v = 0; v < kSlivers * kVectors; ++v) sums[i][v] = add ? load(y + i * y_stride + v * kLanes) : Vector{};
  for (int64_t p = 0; p < depth; ++p) {
#pragma GCC unroll 4
    for (int s = 0; s < kSlivers; ++s) {
      Vector b[kVectors];
#pragma GCC unroll 2
      for (int v = 0; v < kVectors; ++v) b[v] = load(w + s * next + v * kLanes);
#pragma GCC unroll 16
      for (int i = 0; i < kRows; ++i)
#pragma GCC unroll 2
        for (int v = 0; v < kVectors; ++v) sums[i][s * kVectors + v] += x[i * x_stride + p] * b[v];
    }
    w += kWidth;
  }
#pragma GCC unroll 16
  for (int i = 0; i < kRows; ++i)
#pragma GCC unroll 8
    for (int v = 0; v < kSlivers * kVectors; ++v) store(y + i * y_stride + v * kLanes, sums[i][v]);
}

using Tile = void (*)(const float* x, int64_t x_stride, const float* w, int64_t next, int64_t depth, float* y,
                      int64_t y_stride, bool add);

template <int kVectors>
Tile tile_of(int64_t rows) {
  static constexpr Tile kTiles[] = {
      tile<1, kVectors, 1>, tile<2, kVectors, 1>,  tile<3, kVectors, 1>,  tile<4, kVectors, 1>,
      tile<5, kVectors, 1>, tile<6, kVectors, 1>,
#if MIMIR_TILE_ROWS > 6
      tile<7, kVectors, 1>, tile<8, kVectors, 1>,  tile<9, kVectors, 1>,  tile<10, kVectors, 1>,
      tile<11, kVectors, 1>, tile<12, kVectors, 1>,
#endif
  };
  return kTiles[rows - 1];
}

// Part of a sliver: by way of memory that has a whole one.
void edge(const float* x, int64_t x_stride, int64_t rows, const float* w, int64_t columns, int64_t depth, float* y,
          int64_t y_stride, bool add) {
  float values[kTileRows * kWidth] = {};
  if (add)
    for (int64_t i = 0; i < rows; ++i) memcpy(values + i * kWidth, y + i * y_stride, columns * sizeof(float));
  (columns > kLanes ? tile_of<2>(rows) : tile_of<1>(rows))(x, x_stride, w, 0, depth, values, kWidth, add);
  for (int64_t i = 0; i < rows; ++i) memcpy(y + i * y_stride, values + i * kWidth, columns * sizeof(float));
}

void multiply_block(const float* x, int64_t x_stride, int64_t rows, const float* w, int64_t next, int64_t n,
                    int64_t depth, float* y, int64_t y_stride, bool add) {
  const int64_t tiles = (rows + kTileRows - 1) / kTileRows;
  // One to three rows take several slivers at once, so that enough multiply-adds are under way.
  const int64_t group = rows == 1 ? 4 : rows <= 3 ? 2 : 1;
  for (int64_t j = 0; j < n; j += kWidth, w += next) {
    if (group > 1 && j + group * kWidth <= n) {
      (rows == 1 ? tile<1, 2, 4> : rows == 2 ? tile<2, 2, 2> : tile<3, 2, 2>)(x, x_stride, w, next, depth, y + j,
                                                                            y_stride, add);
      j += (group - 1) * kWidth;
      w += (group - 1) * next;
      continue;
    }
    const int64_t columns = smaller(kWidth, n - j);
    for (int64_t t = 0; t < tiles; ++t) {
      const int64_t row = rows * t / tiles, count = rows * (t + 1) / tiles - row;
      const float* from = x + row * x_stride;
      float* to = y + row * y_stride + j;
      if (columns == kWidth || columns == kLanes)
        (columns == kWidth ? tile_of<2>(count) : tile_of<1>(count))(from, x_stride, w, 0, depth, to, y_stride, add);
      else
        edge(from, x_stride, count, w, columns, depth, to, y_stride, add);
    }
  }
}

void multiply(const float* x, int64_t x_stride, int64_t rows, const float* w, int64_t n, int64_t k, float* y,
              int64_t y_stride, bool add) {
  const int64_t parts = (k + kDepth - 1) / kDepth;
  for (int64_t row = 0; row < rows; row += kBlockRows)
    for (int64_t part = 0; part < parts; ++part) {
      const int64_t deep = k * part / parts, depth = k * (part + 1) / parts - deep;
      multiply_block(x + row * x_stride + deep, x_stride, smaller(kBlockRows, rows - row), w + deep * kWidth, k * kWidth,
                     n, depth, y + row * y_stride, y_stride, add || part > 0);
    }
}

void pack(const float* w, int64_t stride, bool transposed, int64_t n, int64_t k, float* packed) {
  for (int64_t j = 0; j < n; j += kWidth, packed += k * kWidth) {
    const int64_t count = smaller(kWidth, n - j);
    if (transposed)
      pack_transposed(w + j * stride, stride, count, k, kWidth, 1.0f, packed);
    else
      pack_plain(w + j, stride, count, k, kWidth, 1.0f, packed);
  }
}

}  // namespace

const PackedVariant MIMIR_VARIANT = {kWidth, pack, multiply};

}  // namespace mimir
