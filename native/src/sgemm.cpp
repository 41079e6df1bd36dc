#include "sgemm.h"

#include <dlfcn.h>

#include <atomic>
#include <cstdlib>
#include <stdexcept>

#include "guarded.h"
#include "own_gemm.h"
#include "workers.h"

namespace mimir {

namespace {

// Fortran's interface: column-major, everything by address.
using FortranSgemm = void (*)(const char*, const char*, const int*, const int*, const int*, const float*, const float*,
                              const int*, const float*, const int*, const float*, float*, const int*);
using DnnlSgemm = int (*)(char, char, int64_t, int64_t, int64_t, float, const float*, int64_t, const float*, int64_t,
                          float, float*, int64_t);

template <typename Function>
Function symbol(void* library, const char* name) {
  return library ? reinterpret_cast<Function>(dlsym(library, name)) : nullptr;
}

// The MKL inside libtorch, once the process has loaded one: never loaded from here.
struct Mkl {
  FortranSgemm sgemm = nullptr;
  int (*set_threads)(int) = nullptr;

  Mkl() {
    void* library = dlopen("libtorch_cpu.so", RTLD_NOW | RTLD_NOLOAD);
    set_threads = symbol<int (*)(int)>(library, "MKL_Set_Num_Threads_Local");
    if (set_threads) sgemm = symbol<FortranSgemm>(library, "SGEMM");
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

// The transposed product: row-major matrices are column-major ones transposed.
void call_mkl(const Product& p) {
  static const Mkl library;
  const int m = static_cast<int>(p.n), n = static_cast<int>(p.m), k = static_cast<int>(p.k);
  const int lda = static_cast<int>(p.ldb), ldb = static_cast<int>(p.lda), ldc = static_cast<int>(p.ldc);
  const int before = library.set_threads(1);
  library.sgemm(p.transpose_b ? "T" : "N", p.transpose_a ? "T" : "N", &m, &n, &k, &p.alpha, p.b, &lda, p.a, &ldb,
                &p.beta, p.c, &ldc);
  library.set_threads(before);
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
    case Gemm::kMkl: return Mkl().sgemm != nullptr;
    case Gemm::kOneDnn: return OneDnn::shared().sgemm != nullptr;
    default: return true;
  }
}

std::string describe_mkl() { return has(Gemm::kMkl) ? "inside libtorch" : ""; }
std::string describe_onednn() { return OneDnn::shared().version; }

// Mimir's own kernels, which are the fastest or nearly so wherever it was measured (docs/decisions/0014), unless MIMIR_GEMM
// names another library for a measurement.
static Gemm chosen() {
  static const Gemm library = [] {
    const char* const given = std::getenv("MIMIR_GEMM");
    const std::string name = given ? given : "";
    const Gemm named = name == "mkl" ? Gemm::kMkl : name == "onednn" ? Gemm::kOneDnn : Gemm::kOwn;
    return has(named) ? named : Gemm::kOwn;
  }();
  return library;
}

void sgemm(const Product& p) {
  if (p.m > 0 && p.n > 0) own_gemm(p);
}

void sgemm_parallel_erased(const Product& p, Gemm library, Finish finish, void* context) {
  if (p.m <= 0 || p.n <= 0) return;
  if (library == Gemm::kChoose) library = chosen();
  if (library == Gemm::kOwn) return own_gemm_parallel(p, finish, context);
  // Pieces that follow from the shape alone, each one call: a library sums in another order where the shape is another.
  constexpr int64_t kRows = 256, kColumns = 256;
  const int64_t down = (p.m + kRows - 1) / kRows, across = (p.n + kColumns - 1) / kColumns;
  std::atomic<int64_t> next{0};
  Workers::shared().run([&](int, int) {
    for (int64_t piece; (piece = next.fetch_add(1)) < down * across;) {
      const int64_t row = p.m * (piece / across) / down, rows = p.m * (piece / across + 1) / down - row;
      const Range columns = share(p.n, static_cast<int>(piece % across), static_cast<int>(across), 16);
      Product mine = p;
      mine.m = rows;
      mine.n = columns.size();
      mine.a += p.transpose_a ? row : row * p.lda;
      mine.b += p.transpose_b ? columns.begin * p.ldb : columns.begin;
      mine.c += row * p.ldc + columns.begin;
      library == Gemm::kMkl ? call_mkl(mine) : call_onednn(mine);
      if (finish) finish(context, row, columns.begin, rows, columns.size());
    }
  });
}

}  // namespace mimir

using namespace mimir;

extern "C" {

int mimir_gemm(int library, int64_t m, int64_t n, int64_t k, const float* a, int transpose_a, const float* b,
               int transpose_b, double alpha, double beta, float* c) {
  return guarded([&] {
    const auto chosen = static_cast<Gemm>(library);
    require(has(chosen), "matrix product library ", library, " is not installed");
    sgemm_parallel({transpose_a != 0, transpose_b != 0, m, n, k, static_cast<float>(alpha), a, transpose_a ? m : k, b,
                    transpose_b ? k : n, static_cast<float>(beta), c, n},
                   chosen);
  });
}

}  // extern "C"
