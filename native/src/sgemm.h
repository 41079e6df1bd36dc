// Matrix products on host floats: which library makes them, and how they are shared among the workers.
#pragma once
#include <cstdint>
#include <string>

namespace mimir {

enum class Gemm { kChoose = 0, kMkl = 1, kOneDnn = 2, kOwn = 3 };

// Row-major c [m, n] = beta * c + alpha * op(a) op(b) on the calling thread.
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

// The library for one thread's product: a pure function of its shape and transposition, of the instruction set, of the
// number of threads and of what is installed, and never of a race, so that a run repeats bit by bit.
Gemm choose(const Product& p);
void sgemm(const Product& p, Gemm library = Gemm::kChoose);
// The part of a product that belongs to worker `index` of `count`: whole rows of c, or columns when it has few rows.
Product part(const Product& p, int index, int count);
void sgemm_parallel(const Product& p, Gemm library = Gemm::kChoose);
bool has(Gemm library);
std::string describe_mkl();
std::string describe_onednn();

}  // namespace mimir
