// How the rows of a packed batch follow each other: see mimir_sequences.
#pragma once
#include <cstdint>
#include <vector>

#include "guarded.h"

namespace mimir {

struct Sequences {
  const mimir_sequences& given;
  int64_t steps, rows, sequences;

  explicit Sequences(const mimir_sequences& s)
      : given(s), steps(s.steps), rows(s.steps > 0 ? s.offsets[s.steps] : 0), sequences(s.steps > 0 ? s.offsets[1] : 0) {
    for (int64_t t = 0; t < steps; ++t)
      TORCH_CHECK(count(t) >= 1 && (t == 0 ? begin(0) == 0 : count(t) <= count(t - 1)),
                  "step ", t, " of a packed batch has ", count(t), " sequences");
  }

  int64_t begin(int64_t t) const { return given.offsets[t]; }
  int64_t count(int64_t t) const { return given.offsets[t + 1] - given.offsets[t]; }

  // For each row, the row that comes before it in the direction of the recurrence, counted from `sequences` on; what has
  // none gets the number of its sequence: an index into the initial states followed by the rows.
  std::vector<int64_t> previous(bool reverse) const {
    std::vector<int64_t> rows_before(rows);
    for (int64_t t = 0; t < steps; ++t) {
      const int64_t neighbour = reverse ? t + 1 : t - 1;
      const int64_t have = neighbour >= 0 && neighbour < steps ? count(neighbour) : 0;
      for (int64_t s = 0; s < count(t); ++s)
        rows_before[begin(t) + s] = s < have ? sequences + begin(neighbour) + s : s;
    }
    return rows_before;
  }

  // The last row of each sequence.
  std::vector<int64_t> last() const {
    std::vector<int64_t> ends(sequences);
    for (int64_t t = 0; t < steps; ++t)
      for (int64_t s = 0; s < count(t); ++s) ends[s] = begin(t) + s;
    return ends;
  }
};

}  // namespace mimir
