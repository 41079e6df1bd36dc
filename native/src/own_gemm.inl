// The algorithm of own_gemm.h. The including file says MIMIR_VECTOR_BYTES, MIMIR_TILE_ROWS and MIMIR_VARIANT.
#include "own_gemm.h"

#include "gemm_pack.inl"

namespace mimir {
namespace {

constexpr int kTileRows = MIMIR_TILE_ROWS, kPanel = (kTileRows + 7) / 8 * 8, kWidth = 2 * kLanes;

// Panels are of even height, so that none is nearly empty.
inline int64_t panels_of(int64_t rows) { return (rows + kTileRows - 1) / kTileRows; }
int64_t packed_rows(int64_t rows) { return panels_of(rows) * kPanel; }

void pack(const float* a, int64_t lda, bool transposed, int64_t rows, int64_t depth, float alpha, float* to) {
  const int64_t panels = panels_of(rows);
  if (!transposed) {
    for (int64_t t = 0; t < panels; ++t) {
      const int64_t row = rows * t / panels, high = rows * (t + 1) / panels - row;
      pack_transposed(a + row * lda, lda, high, depth, kPanel, alpha, to + t * kPanel * depth);
    }
    return;
  }
  constexpr int64_t kTogether = 8;  // panels, whose rows share lines of the cache
  for (int64_t first = 0; first < panels; first += kTogether)
    for (int64_t p = 0; p < depth; ++p)
      for (int64_t t = first; t < smaller(first + kTogether, panels); ++t) {
        const int64_t row = rows * t / panels, high = rows * (t + 1) / panels - row;
        const float* from = a + p * lda + row;
        float* into = to + (t * depth + p) * kPanel;
        if (row + kPanel <= rows) {  // what is beyond the panel's own rows is never used
          for (int i = 0; i < kPanel; ++i) into[i] = alpha * from[i];
        } else {
          for (int64_t i = 0; i < high; ++i) into[i] = alpha * from[i];
        }
      }
}

// Where a tile finds its sliver of b: packed; in b itself, whose rows lie apart; or there too, to be packed for the tiles
// below it.
enum Source { kPacked, kInPlace, kPacking };

// One tile: kRows rows of a panel times kVectors vectors of b, whose rows lie b_stride apart.
template <int kRows, int kVectors, Source kSource>
void tile(const float* __restrict a, const float* __restrict b, int64_t b_stride, int64_t depth, float* __restrict sliver,
          float beta, float* c, int64_t ldc) {
  constexpr int64_t kAhead = 24;  // rows of b that are asked for early: the last ones of a sliver, for the sliver beside it
  Vector acc[kRows][kVectors] = {};
  for (int i = 0; i < kRows; ++i) __builtin_prefetch(c + i * ldc, 1);
  if (kVectors > 1 && kLanes >= 16)
    for (int i = 0; i < kRows; ++i) __builtin_prefetch(c + i * ldc + kLanes, 1);
  const float *early = b + kAhead * b_stride, *const beside = b + kVectors * kLanes;
  for (int64_t p = 0; p < depth; ++p) {
    if (kSource != kPacked) {
      if (p + kAhead == depth) early = beside;
      for (int v = 0; v < kVectors; ++v)
        if (v * kLanes % 16 == 0) __builtin_prefetch(early + v * kLanes);
      early += b_stride;
    }
    Vector row[kVectors];
#pragma GCC unroll 2
    for (int v = 0; v < kVectors; ++v) {
      row[v] = load(b + v * kLanes);
      if (kSource == kPacking) store(sliver + v * kLanes, row[v]);
    }
#pragma GCC unroll 16
    for (int i = 0; i < kRows; ++i)
#pragma GCC unroll 2
      for (int v = 0; v < kVectors; ++v) acc[i][v] += a[i] * row[v];
    a += kPanel;
    b += b_stride;
    if (kSource == kPacking) sliver += kWidth;
  }
  // Hides that the addresses are those of the prefetches, which would take registers of the tile over the loop.
  asm volatile("" : "+r"(c), "+r"(ldc));
#pragma GCC unroll 16
  for (int i = 0; i < kRows; ++i)
#pragma GCC unroll 2
    for (int v = 0; v < kVectors; ++v) {
      float* to = c + i * ldc + v * kLanes;
      store(to, beta == 0 ? acc[i][v] : beta == 1 ? load(to) + acc[i][v] : beta * load(to) + acc[i][v]);
    }
}

using Tile = void (*)(const float* a, const float* b, int64_t b_stride, int64_t depth, float* sliver, float beta, float* c,
                      int64_t ldc);

template <int kVectors, Source kSource>
Tile tile_of(int64_t rows) {
  static constexpr Tile kTiles[] = {
      tile<1, kVectors, kSource>, tile<2, kVectors, kSource>, tile<3, kVectors, kSource>, tile<4, kVectors, kSource>,
      tile<5, kVectors, kSource>, tile<6, kVectors, kSource>,
#if MIMIR_TILE_ROWS > 6
      tile<7, kVectors, kSource>, tile<8, kVectors, kSource>, tile<9, kVectors, kSource>, tile<10, kVectors, kSource>,
      tile<11, kVectors, kSource>, tile<12, kVectors, kSource>, tile<13, kVectors, kSource>, tile<14, kVectors, kSource>,
#endif
  };
  return kTiles[rows - 1];
}

// A tile of which `columns` columns exist, from a packed sliver: by way of memory that has whole vectors.
void narrow_tile(const float* a, const float* b, int64_t rows, int64_t columns, int64_t depth, float beta, float* c,
                 int64_t ldc) {
  const Tile tile = columns <= kLanes ? tile_of<1, kPacked>(rows) : tile_of<2, kPacked>(rows);
  if (columns == kLanes) return tile(a, b, kWidth, depth, nullptr, beta, c, ldc);
  float values[kTileRows * kWidth] = {};
  for (int64_t i = 0; beta != 0 && i < rows; ++i) memcpy(values + i * kWidth, c + i * ldc, columns * sizeof(float));
  tile(a, b, kWidth, depth, nullptr, beta, values, kWidth);
  for (int64_t i = 0; i < rows; ++i) memcpy(c + i * ldc, values + i * kWidth, columns * sizeof(float));
}

// Tile `panel` of sliver j; the first panel packs the sliver.
void sliver_product(const float* packed, int64_t rows, int64_t panel, int64_t depth, const float* b, int64_t ldb,
                    bool transposed, int64_t j, int64_t columns, float* sliver, float beta, float* c, int64_t ldc) {
  const int64_t panels = panels_of(rows), wide = smaller(kWidth, columns - j);
  const int64_t row = rows * panel / panels, high = rows * (panel + 1) / panels - row;
  const float* a = packed + panel * kPanel * depth;
  float* to = c + row * ldc + j;
  if (panel == 0 && transposed)
    pack_transposed(b + j * ldb, ldb, wide, depth, kWidth, 1.0f, sliver);
  else if (panel == 0 && wide < kWidth)
    pack_plain(b + j, ldb, wide, depth, kWidth, 1.0f, sliver);
  else if (panel == 0)  // a whole sliver of a plain b is read where it lies
    return (panels == 1 ? tile_of<2, kInPlace> : tile_of<2, kPacking>)(high)(a, b + j, ldb, depth, sliver, beta, to, ldc);
  if (wide < kWidth) return narrow_tile(a, sliver, high, wide, depth, beta, to, ldc);
  tile_of<2, kPacked>(high)(a, sliver, kWidth, depth, nullptr, beta, to, ldc);
}

void multiply(const float* packed, int64_t rows, int64_t depth, const float* b, int64_t ldb, bool transposed,
              int64_t columns, float* slivers, float beta, float* c, int64_t ldc) {
  const int64_t panels = panels_of(rows);
  if ((columns + kWidth - 1) / kWidth * kWidth * depth <= kOwnSlivers) {
    // All slivers at once lie in the second cache, so c is walked along its rows.
    for (int64_t t = 0; t < panels; ++t)
      for (int64_t j = 0; j < columns; j += kWidth)
        sliver_product(packed, rows, t, depth, b, ldb, transposed, j, columns, slivers + j * depth, beta, c, ldc);
    return;
  }
  for (int64_t j = 0; j < columns; j += kWidth)
    for (int64_t t = 0; t < panels; ++t)
      sliver_product(packed, rows, t, depth, b, ldb, transposed, j, columns, slivers, beta, c, ldc);
}

}  // namespace

const OwnVariant MIMIR_VARIANT = {kWidth, packed_rows, pack, multiply};

}  // namespace mimir
