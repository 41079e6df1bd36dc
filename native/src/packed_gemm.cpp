#include "packed_gemm.h"

#include <string>

#include "kernels.h"

namespace mimir {

namespace {

const PackedVariant& variant() {
#if defined(__x86_64__)
  static const std::string isa = instruction_set();
  static const PackedVariant& chosen = isa == "avx512" ? packed_avx512 : isa == "avx2" ? packed_avx2 : packed_generic;
  return chosen;
#else
  return packed_generic;
#endif
}

}  // namespace

int64_t packed_size(int64_t n, int64_t k) {
  const int64_t columns = variant().columns;
  return (n + columns - 1) / columns * columns * k;
}

void pack_weights(const float* w, int64_t stride, bool transposed, int64_t n, int64_t k, float* packed) {
  variant().pack(w, stride, transposed, n, k, packed);
}

void packed_gemm(const float* x, int64_t x_stride, int64_t rows, const float* packed, int64_t n, int64_t k, float* y,
                 int64_t y_stride, bool add) {
  variant().multiply(x, x_stride, rows, packed, n, k, y, y_stride, add);
}

int64_t outer_scratch(const OuterProduct* products, int count) {
  int64_t size = variant().panels;
  for (int q = 0; q < count; ++q) size += packed_size(products[q].n, variant().depth);
  return size;
}

void outer_products(const float* a, int64_t a_stride, int64_t m, int64_t k, const OuterProduct* products, int count,
                    float* scratch) {
  variant().accumulate(a, a_stride, m, k, products, count, scratch);
}

}  // namespace mimir
