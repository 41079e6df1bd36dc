#pragma once
#include "sgemm.h"

namespace mimir {

// The library's own matrix product, for machines without a BLAS.
void own_gemm(const Product& p);

}  // namespace mimir
