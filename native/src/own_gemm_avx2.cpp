#if defined(__x86_64__)
#define MIMIR_VECTOR_BYTES 32
#define MIMIR_TILE_ROWS 6  // 12 of the 16 registers hold the tile
#define MIMIR_VARIANT own_avx2
#include "own_gemm.inl"
#endif
