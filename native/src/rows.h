// Rows of a matrix by number: checked, gathered, and added up again.
#pragma once
#include <cstring>

#include "guarded.h"

namespace mimir {

// Every row number lies in [least, total).
void check_rows(const int32_t* rows, int64_t count, int64_t total, int32_t least = 0);

// Whether the rows follow each other, so that they can be used where they lie.
inline bool is_run(const int32_t* rows, int64_t count) {
  for (int64_t i = 1; i < count; ++i)
    if (rows[i] != rows[0] + i) return false;
  return true;
}

// Copies columns [first, first + columns) of the rows of a matrix whose rows are `stride` apart.
inline void gather(const float* x, int64_t stride, const int32_t* rows, int64_t count, int64_t first, int64_t columns,
                   float* out, int64_t out_stride) {
  for (int64_t i = 0; i < count; ++i)
    std::memcpy(out + i * out_stride, x + rows[i] * stride + first, columns * sizeof(float));
}

// The same the other way, adding.
void scatter(const float* from, int64_t from_stride, const int32_t* rows, int64_t count, float* to, int64_t stride,
             int64_t first, int64_t columns);

}  // namespace mimir
