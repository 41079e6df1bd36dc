// Mimir's own matrix product: one algorithm, compiled once for each instruction set.
//
// The product is cut as BLIS and GotoBLAS cut it (K. Goto, R. van de Geijn: Anatomy of high-performance matrix
// multiplication, ACM TOMS 2008): rows of a are packed into panels as tall as the registers allow, columns of b into slivers
// as wide as two vectors, and a micro-kernel keeps one tile of c in registers over a part of the depth.
//
// An element of c is made of the parts of the depth in their order, each one chain of fused multiply-adds in the order of k;
// the parts follow from k alone. So its bits depend on its row of a, its column of b and the instruction set, and neither on
// the other rows and columns nor on where the product is cut.
#pragma once
#include "sgemm.h"

namespace mimir {

// The whole product on the calling thread.
void own_gemm(const Product& p);
// The same by all workers, which take pieces of it as they come to them. `finish` may be null.
void own_gemm_parallel(const Product& p, Finish finish, void* context);

struct OwnVariant {
  int64_t columns;  // of a sliver
  // Floats of `rows` packed rows, a unit of depth.
  int64_t (*packed_rows)(int64_t rows);
  // Rows of alpha * op(a).
  void (*pack)(const float* a, int64_t lda, bool transposed, int64_t rows, int64_t depth, float alpha, float* to);
  // c = beta * c + packed rows times op(b). `slivers`: kOwnSlivers floats, 64-byte aligned.
  void (*multiply)(const float* packed, int64_t rows, int64_t depth, const float* b, int64_t ldb, bool transposed,
                   int64_t columns, float* slivers, float beta, float* c, int64_t ldc);
};
constexpr int64_t kOwnDepth = 256, kWidestSliver = 32;
// Floats of packed b that lie in the second cache together with packed rows of a.
constexpr int64_t kOwnSlivers = 1 << 15;

// Using one needs a processor that has its instructions.
extern const OwnVariant own_generic, own_avx2, own_avx512;

}  // namespace mimir
