#include <cmath>
#include <cstring>

#include "guarded.h"
#include "kernels.h"
#include "workers.h"

using namespace mimir;

namespace {

constexpr int64_t kParallel = 1 << 15;  // elements that pay for waking a worker

at::Tensor upload(const int32_t* values, int64_t count, at::Device device) {
  return at::from_blob(const_cast<int32_t*>(values), {count}, at::TensorOptions().dtype(at::kInt))
      .to(at::TensorOptions().dtype(at::kLong).device(device));
}

void check_same(const at::Tensor& x, const at::Tensor& out) {
  check_matrix(x, "x");
  TORCH_CHECK(x.sizes() == out.sizes(), "shapes ", x.sizes(), " and ", out.sizes(), " differ");
}

// The bits that mix32 makes, in 64-bit arithmetic that every device has.
at::Tensor mix32_reference(at::Tensor x) {
  constexpr int64_t kLow = 0xffffffff;
  x = at::bitwise_xor(x, at::bitwise_right_shift(x, 16));
  x = at::bitwise_and(x * int64_t{0x7feb352d}, kLow);
  x = at::bitwise_xor(x, at::bitwise_right_shift(x, 15));
  x = at::bitwise_and(x * int64_t{0x846ca68b}, kLow);
  return at::bitwise_xor(x, at::bitwise_right_shift(x, 16));
}

}  // namespace

extern "C" {

int mimir_splice(const mimir_tensor* frames, const mimir_tensor* first, const mimir_tensor* last, const int32_t* rows,
                 int64_t count, const int32_t* offsets, int offset_count, mimir_tensor* out) {
  return guarded([&] {
    const auto& table = frames->value;
    check_matrix(table, "frames");
    const int64_t total = table.size(0), dim = table.size(1);
    TORCH_CHECK(out->value.dim() == 2 && out->value.size(0) == count && out->value.size(1) == dim * offset_count,
                "splicing ", count, " frames of ", dim, " values ", offset_count, " times does not give ",
                out->value.sizes());
    TORCH_CHECK(first->value.numel() == total && last->value.numel() == total, "a bound for each frame is needed");
    for (int64_t i = 0; i < count; ++i)
      TORCH_CHECK(rows[i] >= 0 && rows[i] < total, "row ", rows[i], " is not in a table of ", total, " frames");
    if (!fast_route(table, out->value)) {
      const auto at_rows = upload(rows, count, table.device());
      const auto low = first->value.index_select(0, at_rows).to(at::kLong);
      const auto high = last->value.index_select(0, at_rows).to(at::kLong);
      const auto moved = at_rows.unsqueeze(1) + upload(offsets, offset_count, table.device()).unsqueeze(0);
      const auto clamped = at::minimum(at::maximum(moved, low.unsqueeze(1)), high.unsqueeze(1));
      out->value.copy_(table.index_select(0, clamped.reshape({-1})).view(out->value.sizes()));
      return;
    }
    const int32_t* low = first->value.data_ptr<int32_t>();
    const int32_t* high = last->value.data_ptr<int32_t>();
    const float* from = floats(table);
    float* to = floats(out->value);
    parallel_for(count, 1, kParallel / std::max<int64_t>(1, dim * offset_count), [&](int64_t begin, int64_t end) {
      for (int64_t i = begin; i < end; ++i)
        for (int o = 0; o < offset_count; ++o) {
          const int64_t frame = rows[i];
          const int64_t source = std::min<int64_t>(std::max<int64_t>(frame + offsets[o], low[frame]), high[frame]);
          std::memcpy(to + (i * offset_count + o) * dim, from + source * dim, dim * sizeof(float));
        }
    });
  });
}

int mimir_shift_or_scale(
    const mimir_tensor* x, const mimir_tensor* shift, const mimir_tensor* scale, mimir_tensor* out) {
  return guarded([&] {
    check_same(x->value, out->value);
    TORCH_CHECK((shift == nullptr) != (scale == nullptr), "either a shift or a scale");
    if (shift)
      at::add_out(out->value, x->value, shift->value);
    else
      at::mul_out(out->value, x->value, scale->value);
  });
}

int mimir_dropout(const mimir_tensor* x, double rate, uint64_t key, mimir_tensor* out) {
  return guarded([&] {
    check_same(x->value, out->value);
    TORCH_CHECK(rate >= 0 && rate < 1, "a dropout rate is in [0, 1), got ", rate);
    const auto threshold = static_cast<uint32_t>(std::lround(rate * (1 << 24)));
    const auto low = static_cast<uint32_t>(key), high = static_cast<uint32_t>(key >> 32);
    const double scale = 1 / (1 - rate);
    if (fast_route(x->value, out->value)) {
      parallel_for(x->value.numel(), 16, kParallel, [&](int64_t begin, int64_t end) {
        dropout(floats(x->value), floats(out->value), begin, end, static_cast<float>(scale), threshold, low, high);
      });
      return;
    }
    const auto element = at::arange(x->value.numel(), x->value.options().dtype(at::kLong));
    const auto inner = mix32_reference(at::bitwise_xor(element, int64_t{low}));
    const auto hash = mix32_reference(at::bitwise_and(inner + int64_t{high}, int64_t{0xffffffff}));
    const auto keep = at::bitwise_right_shift(hash, 8).ge(int64_t{threshold}).view(x->value.sizes());
    out->value.copy_(at::where(keep, x->value * scale, at::zeros_like(x->value)));
  });
}

int mimir_copy_column_range(
    const mimir_tensor* source, int64_t from, mimir_tensor* target, int64_t to, int64_t columns) {
  return guarded([&] {
    check_matrix(source->value, "source");
    check_matrix(target->value, "target");
    target->value.narrow(1, to, columns).copy_(source->value.narrow(1, from, columns));
  });
}

}  // extern "C"
