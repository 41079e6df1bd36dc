#include "rows.h"

#include "kernels.h"
#include "workers.h"

namespace mimir {

void check_rows(const int32_t* rows, int64_t count, int64_t total, int32_t least) {
  for (int64_t i = 0; i < count; ++i)
    require(rows[i] >= least && rows[i] < total, "row ", rows[i], " is not in a matrix of ", total, " rows");
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

extern "C" {

int mimir_gather_rows(int64_t n, int64_t d, const float* x, const int32_t* rows, int64_t count, float* out) {
  return guarded([&] {
    check_rows(rows, count, n);
    parallel_for(count, 1, std::max<int64_t>(1, kParallel / std::max<int64_t>(1, d)), [&](int64_t begin, int64_t end) {
      gather(x, d, rows + begin, end - begin, 0, d, out + begin * d, d);
    });
  });
}

int mimir_scatter_add_rows(int64_t n, int64_t d, const float* dy, const int32_t* rows, int64_t count, float* dx) {
  return guarded([&] {
    check_rows(rows, count, n);
    parallel_for(d, 16, std::max<int64_t>(1, kParallel / std::max<int64_t>(1, count)), [&](int64_t begin, int64_t end) {
      scatter(dy + begin, d, rows, count, dx, d, begin, end - begin);
    });
  });
}

}  // extern "C"
