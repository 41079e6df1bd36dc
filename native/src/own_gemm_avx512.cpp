#if defined(__x86_64__)
#define MIMIR_VECTOR_BYTES 64
#define MIMIR_TILE_ROWS 14  // 28 of the 32 registers hold the tile
#define MIMIR_VARIANT own_avx512
#include "own_gemm.inl"
#endif
