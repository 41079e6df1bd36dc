#include "guarded.h"
#include "kernels.h"
#include "workers.h"

using namespace mimir;

extern "C" {

int mimir_sgd_step(int64_t count, float* value, const float* gradient, float* correction, double rate, double momentum,
                   double clip, double l1, double l2) {
  return guarded([&] {
    parallel_for(count, 16, kParallel, [&](int64_t begin, int64_t end) {
      sgd(value + begin, gradient + begin, correction ? correction + begin : nullptr, end - begin,
          static_cast<float>(rate), static_cast<float>(momentum), static_cast<float>(clip), static_cast<float>(l1),
          static_cast<float>(l2));
    });
  });
}

int mimir_adam_step(int64_t count, float* value, const float* gradient, float* first, float* second, double rate,
                    double beta1, double beta2, double epsilon, double second_scale, double decay) {
  return guarded([&] {
    parallel_for(count, 16, kParallel, [&](int64_t begin, int64_t end) {
      adam(value + begin, gradient + begin, first + begin, second + begin, end - begin, static_cast<float>(rate),
           static_cast<float>(beta1), static_cast<float>(beta2), static_cast<float>(epsilon),
           static_cast<float>(second_scale), static_cast<float>(decay));
    });
  });
}

}  // extern "C"
