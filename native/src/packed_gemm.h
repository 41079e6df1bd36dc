// Products of few rows with one matrix of weights, many times over: the recurrent products of a layer, step after step.
//
// The weights are packed once into slivers as wide as two vectors, each read from its first row to its last, so that a
// product of ten rows streams them at the speed of the multipliers; a library packs them anew for each product. Each
// element of y is one chain of multiply-adds in the order of k, whatever the number of rows and wherever the columns are
// cut, so that the bits of the result depend on the instruction set only.
#pragma once
#include <cstdint>

namespace mimir {

// Floats that packed weights take.
int64_t packed_size(int64_t n, int64_t k);
// Packs w [k, n], or w [n, k] when it is transposed, rows `stride` apart.
void pack_weights(const float* w, int64_t stride, bool transposed, int64_t n, int64_t k, float* packed);
// y [rows, n] = x [rows, k] * w, plus what y holds when `add` is set.
void packed_gemm(const float* x, int64_t x_stride, int64_t rows, const float* packed, int64_t n, int64_t k, float* y,
                 int64_t y_stride, bool add);

// The gradients of weights: c [m, n] = a^T b over all k rows of a [k, m] and b [k, n].
struct OuterProduct {
  const float* b;
  int64_t b_stride, n;
  float* c;
  int64_t c_stride;
};
// Floats of memory that outer_products needs.
int64_t outer_scratch(const OuterProduct* products, int count);
// Several with the same a, which is packed but once. Each element of c is one chain as above.
void outer_products(const float* a, int64_t a_stride, int64_t m, int64_t k, const OuterProduct* products, int count,
                    float* scratch);

struct PackedVariant {
  int64_t columns;  // of a sliver
  int64_t depth, panels;  // of what outer_products packs at once, and the floats of a's part of it
  void (*pack)(const float* w, int64_t stride, bool transposed, int64_t n, int64_t k, float* packed);
  void (*multiply)(const float* x, int64_t x_stride, int64_t rows, const float* packed, int64_t n, int64_t k, float* y,
                   int64_t y_stride, bool add);
  void (*accumulate)(const float* a, int64_t a_stride, int64_t m, int64_t k, const OuterProduct* products, int count,
                     float* scratch);
};
// Using one needs a processor that has its instructions.
extern const PackedVariant packed_generic, packed_avx2, packed_avx512;

}  // namespace mimir
