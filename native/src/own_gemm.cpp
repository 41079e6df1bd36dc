#include "own_gemm.h"

#include <algorithm>
#include <vector>

#include "kernels.h"

namespace mimir {

MIMIR_VARIANTS
void own_gemm(const Product& p) {
  std::vector<float> row(p.n);
  for (int64_t i = 0; i < p.m; ++i) {
    std::fill(row.begin(), row.end(), 0.0f);
    for (int64_t l = 0; l < p.k; ++l) {
      const float left = p.transpose_a ? p.a[l * p.lda + i] : p.a[i * p.lda + l];
      if (p.transpose_b)
        for (int64_t j = 0; j < p.n; ++j) row[j] += left * p.b[j * p.ldb + l];
      else
        for (int64_t j = 0; j < p.n; ++j) row[j] += left * p.b[l * p.ldb + j];
    }
    float* c = p.c + i * p.ldc;
    for (int64_t j = 0; j < p.n; ++j) c[j] = (p.beta == 0 ? 0.0f : p.beta * c[j]) + p.alpha * row[j];
  }
}

}  // namespace mimir
