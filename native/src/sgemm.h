// Matrix products on host floats. Whole ones are shared among the workers in a way that changes no bit of them.
#pragma once
#include <cstdint>
#include <string>
#include <type_traits>

namespace mimir {

enum class Gemm { kChoose = 0, kMkl = 1, kOneDnn = 2, kOwn = 3 };

// Row-major c [m, n] = beta * c + alpha * op(a) op(b).
struct Product {
  bool transpose_a, transpose_b;
  int64_t m, n, k;
  float alpha;
  const float* a;
  int64_t lda;
  const float* b;
  int64_t ldb;
  float beta;
  float* c;
  int64_t ldc;
};

// The product on the calling thread, by Mimir's own kernels: the bits of an element depend on its row of a and its column of b
// alone, so a product may be cut anywhere along m and n.
void sgemm(const Product& p);

// Called with context, first row, first column, rows and columns of a piece of c that is done.
using Finish = void (*)(void* context, int64_t row, int64_t column, int64_t rows, int64_t columns);
void sgemm_parallel_erased(const Product& p, Gemm library, Finish finish, void* context);

// The product by all workers.
inline void sgemm_parallel(const Product& p, Gemm library = Gemm::kChoose) {
  sgemm_parallel_erased(p, library, nullptr, nullptr);
}
// The same; finish(first row, first column, rows, columns) is called for each piece of c by the thread that has made it.
template <typename Body>
void sgemm_parallel(const Product& p, Body&& finish) {
  sgemm_parallel_erased(
      p, Gemm::kChoose,
      [](void* context, int64_t row, int64_t column, int64_t rows, int64_t columns) {
        (*static_cast<std::remove_reference_t<Body>*>(context))(row, column, rows, columns);
      },
      &finish);
}

bool has(Gemm library);
std::string describe_mkl();
std::string describe_onednn();

}  // namespace mimir
