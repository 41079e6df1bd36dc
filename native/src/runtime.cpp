#include <ATen/Parallel.h>
#include <c10/core/impl/VirtualGuardImpl.h>

#include <sstream>

#include "guarded.h"
#include "kernels.h"
#include "sgemm.h"
#include "workers.h"

#if __has_include(<torch/version.h>)
#include <torch/version.h>
#endif
#ifndef TORCH_VERSION
#define TORCH_VERSION "unknown"
#endif

namespace mimir {
thread_local std::string last_error;
thread_local bool use_reference = false;
}  // namespace mimir

using namespace mimir;

namespace {

int cuda_devices() { return at::hasCUDA() ? static_cast<int>(at::detail::getCUDAHooks().getNumGPUs()) : 0; }

std::string quoted(const std::string& text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    out += static_cast<unsigned char>(c) < ' ' ? ' ' : c;
  }
  return out + "\"";
}

}  // namespace

extern "C" {

const char* mimir_last_error(void) { return last_error.c_str(); }

int mimir_runtime_info(char* buffer, int64_t capacity, int64_t* length) {
  return guarded([&] {
    std::ostringstream json;
    json << "{\"libtorch\":" << quoted(TORCH_VERSION) << ",\"cudaDevices\":" << cuda_devices()
         << ",\"openBlas\":" << quoted(describe_blas()) << ",\"oneDnn\":" << quoted(describe_onednn())
         << ",\"instructionSet\":" << quoted(instruction_set()) << "}";
    const std::string text = json.str();
    *length = static_cast<int64_t>(text.size());
    if (capacity > 0) {
      const auto copied = text.copy(buffer, capacity - 1);
      buffer[copied] = 0;
    }
  });
}

int mimir_set_threads(int threads) {
  return guarded([&] {
    TORCH_CHECK(threads >= 1, "the number of threads must be at least 1, got ", threads);
    Workers::shared().resize(threads);
    at::set_num_threads(threads);
  });
}

int mimir_get_threads(int* threads) {
  return guarded([&] { *threads = Workers::shared().count(); });
}

int mimir_cuda_device_count(int* count) {
  return guarded([&] { *count = cuda_devices(); });
}

int mimir_synchronize(int device) {
  return guarded([&] {
    if (device < 0) return;
    const c10::Device cuda(c10::kCUDA, static_cast<c10::DeviceIndex>(device));
    c10::impl::VirtualGuardImpl(c10::kCUDA).getStream(cuda).synchronize();
  });
}

int mimir_use_reference(int on, int* previous) {
  return guarded([&] {
    *previous = use_reference;
    use_reference = on != 0;
  });
}

}  // extern "C"
