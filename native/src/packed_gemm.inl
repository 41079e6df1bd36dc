// The algorithm of packed_gemm.h. The including file says MIMIR_VECTOR_BYTES, MIMIR_TILE_ROWS and MIMIR_VARIANT.
#include "packed_gemm.h"

#include "gemm_pack.inl"

namespace mimir {
namespace {

constexpr int kTileRows = MIMIR_TILE_ROWS, kWidth = 2 * kLanes;
// A sliver as deep as this, and the rows that it meets, lie in the first cache; a block of rows, in the second.
constexpr int64_t kDepth = 256, kBlockRows = 120;
constexpr int64_t kPanelRows = 16, kPanels = 10;
// Of one vector, a tile holds more rows.
constexpr int64_t kTallRows = 12;

// kVectors vectors of each of kRows rows of y, in registers over the whole depth; of kSlivers slivers, `next` floats apart.
// Row i of x starts at x + i * x_stride, or lies down column i of a panel.
template <bool kPanel, int kRows, int kVectors, int kSlivers>
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
        for (int v = 0; v < kVectors; ++v)
          sums[i][s * kVectors + v] += (kPanel ? x[p * kPanelRows + i] : x[i * x_stride + p]) * b[v];
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

template <bool kPanel, int kVectors>
Tile tile_of(int64_t rows) {
  static constexpr Tile kTiles[] = {
      tile<kPanel, 1, kVectors, 1>,  tile<kPanel, 2, kVectors, 1>,  tile<kPanel, 3, kVectors, 1>,
      tile<kPanel, 4, kVectors, 1>,  tile<kPanel, 5, kVectors, 1>,  tile<kPanel, 6, kVectors, 1>,
      tile<kPanel, 7, kVectors, 1>,  tile<kPanel, 8, kVectors, 1>,  tile<kPanel, 9, kVectors, 1>,
      tile<kPanel, 10, kVectors, 1>, tile<kPanel, 11, kVectors, 1>, tile<kPanel, 12, kVectors, 1>,
  };
  return kTiles[rows - 1];
}

// How many tiles make up `rows` rows of `columns` columns.
int64_t tiles_of(int64_t rows, int64_t columns) {
  const int64_t high = columns > kLanes ? kTileRows : kTallRows;
  return (rows + high - 1) / high;
}

// `columns` columns of a sliver; less than a vector of them by way of memory that has a whole one.
template <bool kPanel>
void tile_product(const float* x, int64_t x_stride, int64_t rows, const float* w, int64_t columns, int64_t depth,
                  float* y, int64_t y_stride, bool add) {
  const Tile tile = columns > kLanes ? tile_of<kPanel, 2>(rows) : tile_of<kPanel, 1>(rows);
  if (columns == kWidth || columns == kLanes) return tile(x, x_stride, w, 0, depth, y, y_stride, add);
  float values[kTallRows * kWidth] = {};
  if (add)
    for (int64_t i = 0; i < rows; ++i) memcpy(values + i * kWidth, y + i * y_stride, columns * sizeof(float));
  tile(x, x_stride, w, 0, depth, values, kWidth, add);
  for (int64_t i = 0; i < rows; ++i) memcpy(y + i * y_stride, values + i * kWidth, columns * sizeof(float));
}

void multiply_block(const float* x, int64_t x_stride, int64_t rows, const float* w, int64_t next, int64_t n,
                    int64_t depth, float* y, int64_t y_stride, bool add) {
  // One to three rows take several slivers at once, so that enough multiply-adds are under way.
  const int64_t group = rows == 1 ? 4 : rows <= 3 ? 2 : 1;
  for (int64_t j = 0; j < n; j += kWidth, w += next) {
    if (group > 1 && j + group * kWidth <= n) {
      const Tile several = rows == 1 ? tile<false, 1, 2, 4> : rows == 2 ? tile<false, 2, 2, 2> : tile<false, 3, 2, 2>;
      several(x, x_stride, w, next, depth, y + j, y_stride, add);
      j += (group - 1) * kWidth;
      w += (group - 1) * next;
      continue;
    }
    const int64_t columns = smaller(kWidth, n - j), tiles = tiles_of(rows, columns);
    for (int64_t t = 0; t < tiles; ++t) {
      const int64_t row = rows * t / tiles, count = rows * (t + 1) / tiles - row;
      for (int64_t i = row; i < row + count && j + kWidth < n; ++i) __builtin_prefetch(y + i * y_stride + j + kWidth, 1);
      tile_product<false>(x + row * x_stride, x_stride, count, w, columns, depth, y + row * y_stride + j, y_stride, add);
    }
  }
}

void multiply(const float* x, int64_t x_stride, int64_t rows, const float* w, int64_t n, int64_t k, float* y,
              int64_t y_stride, bool add) {
  // Rows that lie a multiple of this apart meet in few places of the first cache and push each other out: they are copied.
  constexpr int64_t kConflict = 256;
  float copied[kBlockRows * kDepth] __attribute__((aligned(64)));
  const int64_t parts = (k + kDepth - 1) / kDepth;
  for (int64_t row = 0; row < rows; row += kBlockRows)
    for (int64_t part = 0; part < parts; ++part) {
      const int64_t deep = k * part / parts, depth = k * (part + 1) / parts - deep, high = smaller(kBlockRows, rows - row);
      const float* from = x + row * x_stride + deep;
      const bool copies = x_stride % kConflict == 0 && high > 1;
      for (int64_t i = 0; copies && i < high; ++i)
        memcpy(copied + i * depth, from + i * x_stride, depth * sizeof(float));
      multiply_block(copies ? copied : from, copies ? depth : x_stride, high, w + deep * kWidth, k * kWidth, n, depth,
                     y + row * y_stride, y_stride, add || part > 0);
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

// Columns [0, count) of `depth` rows of a, in panels of kPanelRows columns, row after row.
void pack_panels(const float* a, int64_t stride, int64_t count, int64_t depth, float* to) {
  constexpr int64_t kTogether = 4 * kPanelRows;
  int64_t i = 0;
  for (; i + kTogether <= count; i += kTogether)
    for (int64_t p = 0; p < depth; ++p)
      for (int64_t panel = 0; panel < 4; ++panel)
        memcpy(to + i * depth + (panel * depth + p) * kPanelRows, a + p * stride + i + panel * kPanelRows,
               kPanelRows * sizeof(float));
  for (; i < count; i += kPanelRows)
    pack_plain(a + i, stride, smaller(kPanelRows, count - i), depth, kPanelRows, 1.0f, to + i * depth);
}

void accumulate(const float* a, int64_t a_stride, int64_t m, int64_t k, const OuterProduct* products, int count,
                float* scratch) {
  const int64_t parts = (k + kDepth - 1) / kDepth;
  float* const panels = scratch;
  for (int64_t part = 0; part < parts; ++part) {
    const int64_t deep = k * part / parts, depth = k * (part + 1) / parts - deep;
    float* packed = scratch + kPanels * kPanelRows * kDepth;
    for (int q = 0; q < count; ++q) {
      pack(products[q].b + deep * products[q].b_stride, products[q].b_stride, false, products[q].n, depth, packed);
      packed += (products[q].n + kWidth - 1) / kWidth * kWidth * depth;
    }
    for (int64_t row = 0; row < m; row += kPanels * kPanelRows) {
      const int64_t rows = smaller(kPanels * kPanelRows, m - row);
      pack_panels(a + deep * a_stride + row, a_stride, rows, depth, panels);
      const float* sliver = scratch + kPanels * kPanelRows * kDepth;
      for (int q = 0; q < count; ++q)
        for (int64_t j = 0; j < products[q].n; j += kWidth, sliver += kWidth * depth)
          for (int64_t i = 0; i < rows; i += kPanelRows) {
            const int64_t high = smaller(kPanelRows, rows - i), columns = smaller(kWidth, products[q].n - j);
            const int64_t tiles = tiles_of(high, columns);
            for (int64_t t = 0; t < tiles; ++t) {
              const int64_t first = high * t / tiles, tall = high * (t + 1) / tiles - first;
              float* c = products[q].c + (row + i + first) * products[q].c_stride + j;
              for (int64_t next = tall; next < smaller(2 * tall, m - row - i - first); ++next)
                __builtin_prefetch(c + next * products[q].c_stride, 1);
              tile_product<true>(panels + i * depth + first, 0, tall, sliver, columns, depth, c, products[q].c_stride,
                                 part > 0);
            }
          }
    }
  }
}

}  // namespace

const PackedVariant MIMIR_VARIANT = {kWidth, kDepth, kPanels * kPanelRows * kDepth, pack, multiply, accumulate};

}  // namespace mimir
