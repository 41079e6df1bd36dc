// Mimir's own matrix product: one algorithm, compiled once for each instruction set.
//
// The product is cut as BLIS and GotoBLAS cut it (K. Goto, R. van de Geijn: Anatomy of high-performance matrix
// multiplication, ACM TOMS 2008): panels of b of depth kDepth are packed into slivers as wide as two vectors, blocks of a
// into slivers as tall as the registers allow, and a micro-kernel keeps one tile of c in registers over the whole depth.
// The bits of the result depend on the shapes and on the instruction set only.
#pragma once
#include "sgemm.h"

namespace mimir {

struct OwnGemmScratch {
  float* a;  // kOwnScratchA floats, 64-byte aligned
  float* b;  // kOwnScratchB floats, 64-byte aligned
};
constexpr int64_t kDepth = 256, kBlockRows = 168, kPanelColumns = 2048;
constexpr int64_t kOwnScratchA = kDepth * (kBlockRows + 64), kOwnScratchB = kDepth * (kPanelColumns + 64);

void own_gemm(const Product& p);
// The variants; calling one needs a processor that has its instructions.
void own_gemm_generic(const Product& p, OwnGemmScratch scratch);
void own_gemm_avx2(const Product& p, OwnGemmScratch scratch);
void own_gemm_avx512(const Product& p, OwnGemmScratch scratch);

}  // namespace mimir
