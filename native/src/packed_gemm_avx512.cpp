#if defined(__x86_64__)
#define MIMIR_VECTOR_BYTES 64
#define MIMIR_TILE_ROWS 12  // 24 of the 32 registers hold the tile
#define MIMIR_VARIANT packed_avx512
#include "packed_gemm.inl"
#endif
