#define MIMIR_VECTOR_BYTES 16
#define MIMIR_TILE_ROWS 6
#define MIMIR_VARIANT packed_generic
#include "packed_gemm.inl"
