#define MIMIR_VECTOR_BYTES 16
#define MIMIR_TILE_ROWS 4
#define MIMIR_VARIANT own_generic
#include "own_gemm.inl"
