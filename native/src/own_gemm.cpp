#include "own_gemm.h"

#include <cstdlib>
#include <memory>
#include <new>
#include <string>

#include "kernels.h"

namespace mimir {

namespace {

// Packing memory of one thread, for its life.
struct Scratch {
  std::unique_ptr<float, decltype(&std::free)> memory{nullptr, std::free};

  OwnGemmScratch get() {
    if (!memory) {
      memory.reset(static_cast<float*>(std::aligned_alloc(64, (kOwnScratchA + kOwnScratchB) * sizeof(float))));
      if (!memory) throw std::bad_alloc();
    }
    return {memory.get(), memory.get() + kOwnScratchA};
  }
};

using Variant = void (*)(const Product&, OwnGemmScratch);

Variant choose_variant() {
#if defined(__x86_64__)
  const std::string isa = instruction_set();
  if (isa == "avx512") return own_gemm_avx512;
  if (isa == "avx2") return own_gemm_avx2;
#endif
  return own_gemm_generic;
}

}  // namespace

void own_gemm(const Product& p) {
  static const Variant variant = choose_variant();
  thread_local Scratch scratch;
  if (p.k > 0) {
    variant(p, scratch.get());
    return;
  }
  for (int64_t i = 0; i < p.m; ++i)
    for (int64_t j = 0; j < p.n; ++j) p.c[i * p.ldc + j] = p.beta == 0 ? 0.0f : p.beta * p.c[i * p.ldc + j];
}

}  // namespace mimir
