// What every C function of the library shares: the tensor behind the handle, and the wall that exceptions stop at.
#pragma once
#include <ATen/ATen.h>

#include <string>

#include "mimir_torch.h"

struct mimir_tensor {
  at::Tensor value;
};

namespace mimir {

extern thread_local std::string last_error;
extern thread_local bool use_reference;

// Runs `body`; turns any C++ exception into a status so that none crosses the C ABI.
template <typename Body>
int guarded(Body&& body) noexcept {
  try {
    at::NoGradGuard no_tape;
    body();
    return 0;
  } catch (const c10::Error& e) {
    last_error = e.what_without_backtrace();
  } catch (const std::exception& e) {
    last_error = e.what();
  } catch (...) {
    last_error = "unknown native error";
  }
  return 1;
}

// Whether Mimir's own kernels can work on this tensor: contiguous float32 in host memory.
inline bool is_host_float(const at::Tensor& t) {
  return t.device().is_cpu() && t.scalar_type() == at::kFloat && t.is_contiguous();
}

// Whether a call with these tensors takes the fast CPU route; the ATen route is the reference and serves every device.
template <typename... Tensors>
bool fast_route(const Tensors&... tensors) {
  return !use_reference && (is_host_float(tensors) && ...);
}

inline float* floats(const at::Tensor& t) { return t.data_ptr<float>(); }

inline void check_matrix(const at::Tensor& t, const char* name) {
  TORCH_CHECK(t.dim() == 2, name, " must be a matrix, it has ", t.dim(), " axes");
}

}  // namespace mimir
