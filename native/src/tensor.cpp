#include <cstring>

#include "guarded.h"

using namespace mimir;

namespace {

at::ScalarType scalar_type(int type) {
  static const at::ScalarType types[] = {at::kFloat, at::kDouble, at::kInt, at::kLong};
  TORCH_CHECK(type >= 0 && type < 4, "unknown element type ", type);
  return types[type];
}

int type_code(at::ScalarType type) {
  for (int code = 0; code < 4; ++code)
    if (scalar_type(code) == type) return code;
  TORCH_CHECK(false, "element type ", type, " has no code");
}

at::Device device_of(int device) {
  return device < 0 ? at::Device(at::kCPU) : at::Device(at::kCUDA, static_cast<c10::DeviceIndex>(device));
}

at::TensorOptions options(int type, int device) {
  return at::TensorOptions().dtype(scalar_type(type)).device(device_of(device));
}

template <typename T>
at::Tensor host_view(const T* data, at::IntArrayRef shape) {
  return at::from_blob(const_cast<T*>(data), shape, at::TensorOptions().dtype(c10::CppTypeToScalarType<T>::value));
}

template <typename T>
void get(const mimir_tensor* t, T* out, int64_t count) {
  TORCH_CHECK(t->value.numel() == count, "the tensor has ", t->value.numel(), " elements, the buffer holds ", count);
  host_view(out, t->value.sizes()).copy_(t->value);
}

template <typename T>
void set(mimir_tensor* t, const T* values, int64_t count) {
  TORCH_CHECK(t->value.numel() == count, "the tensor has ", t->value.numel(), " elements, the buffer holds ", count);
  t->value.copy_(host_view(values, t->value.sizes()));
}

}  // namespace

extern "C" {

int mimir_tensor_zeros(const int64_t* shape, int rank, int type, int device, mimir_tensor** out) {
  return guarded([&] { *out = new mimir_tensor{at::zeros(at::IntArrayRef(shape, rank), options(type, device))}; });
}

int mimir_tensor_from_f32(const float* data, const int64_t* shape, int rank, int type, int device, mimir_tensor** out) {
  return guarded([&] {
    auto value = at::empty(at::IntArrayRef(shape, rank), options(type, device));
    value.copy_(host_view(data, value.sizes()));
    *out = new mimir_tensor{std::move(value)};
  });
}

int mimir_tensor_from_i32(const int32_t* data, int64_t count, int device, mimir_tensor** out) {
  return guarded([&] {
    auto value = at::empty({count}, options(2, device));
    value.copy_(host_view(data, value.sizes()));
    *out = new mimir_tensor{std::move(value)};
  });
}

int mimir_tensor_view(const mimir_tensor* t, int64_t offset, const int64_t* shape, int rank, mimir_tensor** out) {
  return guarded([&] {
    TORCH_CHECK(t->value.is_contiguous(), "a window needs a contiguous tensor");
    const at::IntArrayRef sizes(shape, rank);
    int64_t count = 1;
    for (const int64_t size : sizes) count *= size;
    TORCH_CHECK(offset >= 0 && count >= 0 && offset + count <= t->value.numel(), "a window of ", count,
                " elements at ", offset, " leaves a tensor of ", t->value.numel());
    *out = new mimir_tensor{t->value.view({-1}).narrow(0, offset, count).view(sizes)};
  });
}

int mimir_tensor_clone(const mimir_tensor* t, int type, int device, mimir_tensor** out) {
  return guarded([&] {
    *out = new mimir_tensor{
        t->value.to(options(type, device), /*non_blocking=*/false, /*copy=*/true).contiguous()};
  });
}

int mimir_tensor_describe(
    const mimir_tensor* t, int64_t* shape, int capacity, int* rank, int* type, int* device, void** data) {
  return guarded([&] {
    const auto& value = t->value;
    TORCH_CHECK(value.dim() <= capacity, "a tensor of ", value.dim(), " axes");
    std::copy(value.sizes().begin(), value.sizes().end(), shape);
    *rank = static_cast<int>(value.dim());
    *type = type_code(value.scalar_type());
    *device = value.device().is_cpu() ? -1 : value.device().index();
    *data = value.numel() > 0 ? value.data_ptr() : nullptr;
  });
}

int mimir_tensor_get_f32(const mimir_tensor* t, float* out, int64_t count) {
  return guarded([&] { get(t, out, count); });
}

int mimir_tensor_set_f32(mimir_tensor* t, const float* values, int64_t count) {
  return guarded([&] { set(t, values, count); });
}

int mimir_tensor_get_f64(const mimir_tensor* t, double* out, int64_t count) {
  return guarded([&] { get(t, out, count); });
}

int mimir_tensor_set_f64(mimir_tensor* t, const double* values, int64_t count) {
  return guarded([&] { set(t, values, count); });
}

void mimir_tensor_free(mimir_tensor* t) { delete t; }

}  // extern "C"
