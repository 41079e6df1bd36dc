#include "rows.h"

#include "kernels.h"
#include "workers.h"

namespace mimir {

void check_rows(const int32_t* rows, int64_t count, int64_t total, int32_t least) {
  for (int64_t i = 0; i < count; ++i)
    TORCH_CHECK(rows[i] >= least && rows[i] < total, "row ", rows[i], " is not in a matrix of ", total, " rows");
}

at::Tensor row_index(const int32_t* rows, int64_t count, at::Device device) {
  return at::from_blob(const_cast<int32_t*>(rows), {count}, at::TensorOptions().dtype(at::kInt))
      .to(at::TensorOptions().dtype(at::kLong).device(device));
}

void add_rows(at::Tensor to, const at::Tensor& index, const at::Tensor& from) {
  // index_add_ goes row by row on the CPU but adds atomically on CUDA, where index_put_ sorts first.
  if (to.is_cuda())
    to.index_put_({index}, from, /*accumulate=*/true);
  else
    to.index_add_(0, index, from);
}

MIMIR_VARIANTS
void scatter(const float* __restrict from, int64_t from_stride, const int32_t* rows, int64_t count,
             float* __restrict to, int64_t stride, int64_t first, int64_t columns) {
  for (int64_t i = 0; i < count; ++i) {
    const float* source = from + i * from_stride;
    float* target = to + rows[i] * stride + first;
    for (int64_t c = 0; c < columns; ++c) target[c] += source[c];
  }
}

}  // namespace mimir

using namespace mimir;

namespace {

constexpr int64_t kParallel = 1 << 15;  // elements that pay for waking a worker

void check_pair(const at::Tensor& all, const at::Tensor& some, const int32_t* rows, int64_t count) {
  check_matrix(all, "the matrix of all rows");
  check_matrix(some, "the matrix of some rows");
  TORCH_CHECK(some.size(0) == count && some.size(1) == all.size(1), count, " rows of ", all.sizes(),
              " do not make ", some.sizes());
  check_rows(rows, count, all.size(0));
}

}  // namespace

extern "C" {

int mimir_gather_rows(const mimir_tensor* x, const int32_t* rows, int64_t count, mimir_tensor* out) {
  return guarded([&] {
    check_pair(x->value, out->value, rows, count);
    if (!fast_route(x->value, out->value)) {
      at::index_select_out(out->value, x->value, 0, row_index(rows, count, x->value.device()));
      return;
    }
    const int64_t dim = x->value.size(1);
    parallel_for(count, 1, std::max<int64_t>(1, kParallel / std::max<int64_t>(1, dim)), [&](int64_t begin, int64_t end) {
      gather(floats(x->value), dim, rows + begin, end - begin, 0, dim, floats(out->value) + begin * dim, dim);
    });
  });
}

int mimir_scatter_add_rows(const mimir_tensor* dy, const int32_t* rows, int64_t count, mimir_tensor* dx) {
  return guarded([&] {
    check_pair(dx->value, dy->value, rows, count);
    if (!fast_route(dy->value, dx->value)) {
      add_rows(dx->value, row_index(rows, count, dx->value.device()), dy->value);
      return;
    }
    const int64_t dim = dx->value.size(1);
    parallel_for(dim, 16, std::max<int64_t>(1, kParallel / std::max<int64_t>(1, count)), [&](int64_t begin, int64_t end) {
      scatter(floats(dy->value) + begin, dim, rows, count, floats(dx->value), dim, begin, end - begin);
    });
  });
}

}  // extern "C"
