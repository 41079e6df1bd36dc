// How the rows of a packed batch follow each other: see mimir_sequences.
#pragma once
#include <cstdint>
#include <cstring>

#include "guarded.h"

namespace mimir {

struct Sequences {
  const mimir_sequences& given;
  int64_t steps, rows, sequences;

  explicit Sequences(const mimir_sequences& s)
      : given(s), steps(s.steps), rows(s.steps > 0 ? s.offsets[s.steps] : 0), sequences(s.steps > 0 ? s.offsets[1] : 0) {
    for (int64_t t = 0; t < steps; ++t)
      require(count(t) >= 1 && (t == 0 ? begin(0) == 0 : count(t) <= count(t - 1)), "step ", t,
              " of a packed batch has ", count(t), " sequences");
  }

  int64_t begin(int64_t t) const { return given.offsets[t]; }
  int64_t count(int64_t t) const { return given.offsets[t + 1] - given.offsets[t]; }

  // Every sequence has one of the `streams` rows of the state.
  void check_streams(int64_t streams) const {
    for (int64_t i = 0; given.streams && i < sequences; ++i)
      require(given.streams[i] >= 0 && given.streams[i] < streams, "stream ", given.streams[i], " has no state");
  }

  // Columns [first, first + columns) of the rows of `state` that the sequences go on from; zeros where there are none.
  void load(const float* state, int64_t stride, int64_t first, int64_t columns, float* to) const {
    for (int64_t i = 0; i < sequences; ++i) {
      if (state && given.streams && !given.begins[i])
        std::memcpy(to + i * columns, state + given.streams[i] * stride + first, columns * sizeof(float));
      else
        std::memset(to + i * columns, 0, columns * sizeof(float));
    }
  }

  // The last row of each sequence becomes these columns of its row of `state`.
  void save(float* state, int64_t stride, int64_t first, int64_t columns, const float* from, int64_t from_stride) const {
    if (!state || !given.streams) return;
    for (int64_t t = 0; t < steps; ++t)
      for (int64_t i = t + 1 < steps ? count(t + 1) : 0; i < count(t); ++i)
        std::memcpy(state + given.streams[i] * stride + first, from + (begin(t) + i) * from_stride,
                    columns * sizeof(float));
  }
};

}  // namespace mimir
