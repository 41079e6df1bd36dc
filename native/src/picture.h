// Frames seen as pictures of height times channels: see mimir_picture.
#pragma once
#include <algorithm>

#include "rows.h"

namespace mimir {

struct Picture {
  const mimir_picture& given;
  const int32_t* rows;
  int64_t count;

  int64_t width() const { return given.height * given.channels; }
  int64_t patch() const { return given.time * given.kernel * given.channels; }
  int64_t patches() const { return given.output_height; }
  const int32_t* of(int64_t time) const { return rows + time * count; }
  // The heights [first, last) of the kernel that lie in the picture for an output height.
  int64_t top(int64_t h) const { return h * given.stride - given.padding; }
  int64_t first(int64_t h) const { return std::max<int64_t>(0, -top(h)); }
  int64_t last(int64_t h) const { return std::min(given.kernel, given.height - top(h)); }
};

// Checks the kernel against the picture, and the row numbers against the `n` rows that there are.
Picture check_picture(const mimir_picture& p, const int32_t* rows, int64_t n);

}  // namespace mimir
