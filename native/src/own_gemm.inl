// The algorithm of own_gemm.h. The including file says MIMIR_VECTOR_BYTES, MIMIR_TILE_ROWS and MIMIR_VARIANT.
#include "own_gemm.h"

#include "gemm_pack.inl"

namespace mimir {
namespace {

constexpr int kTileRows = MIMIR_TILE_ROWS, kTileColumns = 2 * kLanes;

struct Tile {
  Vector v[kTileRows][2];
};

inline __attribute__((always_inline)) void multiply(const float* __restrict a, const float* __restrict b, int64_t depth, Tile& tile) {
  Vector acc[kTileRows][2] = {};
  for (int64_t p = 0; p < depth; ++p) {
    const Vector b0 = load(b), b1 = load(b + kLanes);
#pragma GCC unroll 16
    for (int i = 0; i < kTileRows; ++i) {
      acc[i][0] += a[i] * b0;
      acc[i][1] += a[i] * b1;
    }
    a += kTileRows;
    b += kTileColumns;
  }
#pragma GCC unroll 16
  for (int i = 0; i < kTileRows; ++i) {
    tile.v[i][0] = acc[i][0];
    tile.v[i][1] = acc[i][1];
  }
}

// c = beta * c + a sliver times a sliver, over a tile of which `rows` and `columns` exist.
void tile_product(const float* a, const float* b, int64_t depth, float beta, float* c, int64_t stride, int64_t rows,
                  int64_t columns) {
  for (int64_t i = 0; i < rows; ++i) __builtin_prefetch(c + i * stride, 1);
  Tile tile;
  multiply(a, b, depth, tile);
  if (rows == kTileRows && columns == kTileColumns) {
    for (int i = 0; i < kTileRows; ++i)
      for (int h = 0; h < 2; ++h) {
        float* to = c + i * stride + h * kLanes;
        store(to, beta == 0 ? tile.v[i][h] : beta == 1 ? load(to) + tile.v[i][h] : beta * load(to) + tile.v[i][h]);
      }
    return;
  }
  float values[kTileRows][kTileColumns];
  memcpy(values, &tile, sizeof values);
  for (int64_t i = 0; i < rows; ++i)
    for (int64_t j = 0; j < columns; ++j) {
      float* to = c + i * stride + j;
      *to = (beta == 0 ? 0.0f : beta * *to) + values[i][j];
    }
}

}  // namespace

void MIMIR_VARIANT(const Product& p, OwnGemmScratch scratch) {
  constexpr int64_t kRows = kBlockRows / kTileRows * kTileRows;
  for (int64_t column = 0; column < p.n; column += kPanelColumns) {
    const int64_t columns = smaller(kPanelColumns, p.n - column);
    for (int64_t deep = 0; deep < p.k; deep += kDepth) {
      const int64_t depth = smaller(kDepth, p.k - deep);
      const float beta = deep == 0 ? p.beta : 1.0f;
      for (int64_t j = 0; j < columns; j += kTileColumns) {
        const int64_t count = smaller(kTileColumns, columns - j);
        float* to = scratch.b + j * depth;
        if (p.transpose_b)
          pack_transposed(p.b + (column + j) * p.ldb + deep, p.ldb, count, depth, kTileColumns, 1.0f, to);
        else
          pack_plain(p.b + deep * p.ldb + column + j, p.ldb, count, depth, kTileColumns, 1.0f, to);
      }
      for (int64_t row = 0; row < p.m; row += kRows) {
        const int64_t rows = smaller(kRows, p.m - row);
        for (int64_t i = 0; i < rows; i += kTileRows) {
          const int64_t count = smaller(kTileRows, rows - i);
          float* to = scratch.a + i * depth;
          if (p.transpose_a)
            pack_plain(p.a + deep * p.lda + row + i, p.lda, count, depth, kTileRows, p.alpha, to);
          else
            pack_transposed(p.a + (row + i) * p.lda + deep, p.lda, count, depth, kTileRows, p.alpha, to);
        }
        for (int64_t j = 0; j < columns; j += kTileColumns)
          for (int64_t i = 0; i < rows; i += kTileRows)
            tile_product(scratch.a + i * depth, scratch.b + j * depth, depth, beta,
                         p.c + (row + i) * p.ldc + column + j, p.ldc, smaller(kTileRows, rows - i),
                         smaller(kTileColumns, columns - j));
      }
    }
  }
}

}  // namespace mimir
