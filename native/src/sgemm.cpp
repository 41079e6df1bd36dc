#include "sgemm.h"

#include <dlfcn.h>

#include <stdexcept>

#include "kernels.h"
#include "own_gemm.h"
#include "workers.h"

namespace mimir {

namespace {

using CblasSgemm = void (*)(int, int, int, int, int, int, float, const float*, int, const float*, int, float, float*,
                            int);
using DnnlSgemm = int (*)(char, char, int64_t, int64_t, int64_t, float, const float*, int64_t, const float*, int64_t,
                          float, float*, int64_t);

template <typename Function>
Function symbol(void* library, const char* name) {
  return library ? reinterpret_cast<Function>(dlsym(library, name)) : nullptr;
}

// OpenBLAS, asked to use the calling thread only.
struct OpenBlas {
  CblasSgemm sgemm = nullptr;
  std::string config;

  OpenBlas() {
    void* library = dlopen("libopenblas.so.0", RTLD_NOW | RTLD_LOCAL);
    if (const auto set_threads = symbol<void (*)(int)>(library, "openblas_set_num_threads")) {
      set_threads(1);
      sgemm = symbol<CblasSgemm>(library, "cblas_sgemm");
      const auto get_config = symbol<char* (*)()>(library, "openblas_get_config");
      config = get_config ? get_config() : "OpenBLAS";
    }
  }
  static const OpenBlas& shared() {
    static const OpenBlas library;
    return library;
  }
};

// oneDNN, which takes its number of threads from OpenMP's setting for the calling thread.
struct OneDnn {
  struct Version {
    int major, minor, patch;
    const char* hash;
    unsigned cpu_runtime, gpu_runtime;
  };
  DnnlSgemm sgemm = nullptr;
  int (*get_threads)() = nullptr;
  void (*set_threads)(int) = nullptr;
  std::string version;

  OneDnn() {
    void* library = nullptr;
    for (const char* name : {"libdnnl.so.3", "libdnnl.so.2"})
      if (!library) library = dlopen(name, RTLD_NOW | RTLD_LOCAL);
    get_threads = symbol<int (*)()>(library, "omp_get_max_threads");
    set_threads = symbol<void (*)(int)>(library, "omp_set_num_threads");
    if (get_threads && set_threads) sgemm = symbol<DnnlSgemm>(library, "dnnl_sgemm");
    if (const auto get_version = symbol<const Version* (*)()>(library, "dnnl_version")) {
      const Version* v = get_version();
      version = std::to_string(v->major) + "." + std::to_string(v->minor) + "." + std::to_string(v->patch);
    }
  }
  static const OneDnn& shared() {
    static const OneDnn library;
    return library;
  }
};

void call_openblas(const Product& p) {
  constexpr int kRowMajor = 101, kPlain = 111, kTransposed = 112;
  OpenBlas::shared().sgemm(kRowMajor, p.transpose_a ? kTransposed : kPlain, p.transpose_b ? kTransposed : kPlain, p.m,
                           p.n, p.k, p.alpha, p.a, p.lda, p.b, p.ldb, p.beta, p.c, p.ldc);
}

void call_onednn(const Product& p) {
  const OneDnn& library = OneDnn::shared();
  const int before = library.get_threads();
  if (before != 1) library.set_threads(1);
  const int status = library.sgemm(p.transpose_a ? 'T' : 'N', p.transpose_b ? 'T' : 'N', p.m, p.n, p.k, p.alpha, p.a,
                                   p.lda, p.b, p.ldb, p.beta, p.c, p.ldc);
  if (before != 1) library.set_threads(before);
  if (status != 0) throw std::runtime_error("dnnl_sgemm failed with status " + std::to_string(status));
}

}  // namespace

bool has(Gemm library) {
  switch (library) {
    case Gemm::kOpenBlas: return OpenBlas::shared().sgemm != nullptr;
    case Gemm::kOneDnn: return OneDnn::shared().sgemm != nullptr;
    default: return true;
  }
}

std::string describe_blas() { return OpenBlas::shared().config; }
std::string describe_onednn() { return OneDnn::shared().version; }

// Measured with bench/ in processor time (GFLOP/s of one thread, OpenBLAS 0.3.21 / oneDNN 2.6, products of a DNN with
// 1024 neurons; forward is NT, the input gradient NN, the weight gradient TN):
//   AVX2 (Zen 3)   NT  10 rows 31-35 / 30-61   64 rows 62-80 / 66-83   128 rows 64-77 / 67-87   256 rows 78-83 / 74-77
//                  NN  10 rows 33-40 / 38-71   64 to 256 rows 67-89 / 39-45 where rows of b are 1024 long
//                  TN  10 deep 41-50 / 47-67   from 64 deep on equal within noise
//   AVX-512        10 rows 21 / 40, 64 rows 83 / 55, 256 rows 100 / 107, 1024 rows 111 / 121
// Mimir's own kernel reaches 95% of the better one with AVX2, and stands in where neither is installed.
Gemm choose(const Product& p) {
  static const bool wide = std::string(instruction_set()) == "avx512";
  const bool small = (p.m <= 16 || p.k <= 16) && Workers::shared().count() == 1;
  const bool one_dnn = small || (wide ? p.m <= 32 || p.m >= 192 : p.transpose_b && p.m <= 128);
  if (one_dnn && has(Gemm::kOneDnn)) return Gemm::kOneDnn;
  if (has(Gemm::kOpenBlas)) return Gemm::kOpenBlas;
  return has(Gemm::kOneDnn) ? Gemm::kOneDnn : Gemm::kOwn;
}

void sgemm(const Product& p, Gemm library) {
  if (p.m <= 0 || p.n <= 0) return;
  switch (library == Gemm::kChoose ? choose(p) : library) {
    case Gemm::kOpenBlas: return call_openblas(p);
    case Gemm::kOneDnn: return call_onednn(p);
    default: return own_gemm(p);
  }
}

Product part(const Product& p, int index, int count) {
  constexpr int64_t kFewRows = 48, kRowGrain = 8, kColumnGrain = 16;
  Product mine = p;
  if (p.m >= kFewRows || p.m >= p.n) {
    const Range rows = share(p.m, index, count, kRowGrain);
    mine.m = rows.size();
    mine.a += p.transpose_a ? rows.begin : rows.begin * p.lda;
    mine.c += rows.begin * p.ldc;
  } else {
    const Range columns = share(p.n, index, count, kColumnGrain);
    mine.n = columns.size();
    mine.b += p.transpose_b ? columns.begin * p.ldb : columns.begin;
    mine.c += columns.begin;
  }
  return mine;
}

void sgemm_parallel(const Product& p, Gemm library) {
  constexpr double kWorthwhile = 1e5;  // multiplications that pay for waking a worker
  if (Workers::shared().count() == 1 || static_cast<double>(p.m) * p.n * p.k < kWorthwhile) {
    sgemm(p, library);
    return;
  }
  Workers::shared().run([&](int index, int count) { sgemm(part(p, index, count), library); });
}

}  // namespace mimir
