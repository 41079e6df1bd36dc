// What is done to the input of a network or a layer: frames with their neighbours, and dropout.
#include <cmath>
#include <cstring>

#include "kernels.h"
#include "rows.h"
#include "workers.h"

using namespace mimir;

extern "C" {

int mimir_splice(int64_t t, int64_t d, const float* frames, const int32_t* first, const int32_t* last,
                 const int32_t* rows, int64_t count, const int32_t* offsets, int offset_count, float* out) {
  return guarded([&] {
    check_rows(rows, count, t);
    parallel_for(count, 1, kParallel / std::max<int64_t>(1, d * offset_count), [&](int64_t begin, int64_t end) {
      for (int64_t i = begin; i < end; ++i)
        for (int o = 0; o < offset_count; ++o) {
          const int64_t frame = rows[i];
          const int64_t source = std::min<int64_t>(std::max<int64_t>(frame + offsets[o], first[frame]), last[frame]);
          std::memcpy(out + (i * offset_count + o) * d, frames + source * d, d * sizeof(float));
        }
    });
  });
}

int mimir_dropout(int64_t count, const float* x, double rate, uint64_t key, float* out) {
  return guarded([&] {
    require(rate >= 0 && rate < 1, "a dropout rate is in [0, 1), got ", rate);
    const auto threshold = static_cast<uint32_t>(std::lround(rate * (1 << 24)));
    const auto scale = static_cast<float>(1 / (1 - rate));
    parallel_for(count, 16, kParallel, [&](int64_t begin, int64_t end) {
      dropout(x, out, begin, end, scale, threshold, static_cast<uint32_t>(key), static_cast<uint32_t>(key >> 32));
    });
  });
}

}  // extern "C"
