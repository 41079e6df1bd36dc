#include "guarded.h"
#include "kernels.h"
#include "workers.h"

using namespace mimir;

namespace {
constexpr int64_t kParallel = 1 << 15;  // elements that pay for waking a worker

void check_same_size(const at::Tensor& value, const at::Tensor& other) {
  TORCH_CHECK(value.numel() == other.numel(), "values ", value.sizes(), " and ", other.sizes(), " differ in size");
}
}  // namespace

extern "C" {

int mimir_sgd_step(mimir_tensor* value, const mimir_tensor* gradient, mimir_tensor* correction, double rate,
                   double momentum, double clip, double l1, double l2) {
  return guarded([&] {
    auto& v = value->value;
    check_same_size(v, gradient->value);
    if (correction) check_same_size(v, correction->value);
    if (fast_route(v, gradient->value, correction ? correction->value : v)) {
      float* const moments = correction ? floats(correction->value) : nullptr;
      parallel_for(v.numel(), 16, kParallel, [&](int64_t begin, int64_t end) {
        sgd(floats(v) + begin, floats(gradient->value) + begin, moments ? moments + begin : nullptr, end - begin,
            static_cast<float>(rate), static_cast<float>(momentum), static_cast<float>(clip), static_cast<float>(l1),
            static_cast<float>(l2));
      });
      return;
    }
    auto step = gradient->value.view_as(v);
    if (correction) {
      step = correction->value.view_as(v);
      step.mul_(momentum).add_(gradient->value.view_as(v));
    } else {
      step = step.clone();
    }
    if (clip > 0) step.clamp_(-clip, clip);
    if (l2 != 0) v.mul_(1 - l2);
    if (l1 != 0) {
      const auto shrunk = v - v.sign() * l1;
      const auto stops = at::logical_and(v != 0, ((shrunk - step * rate) > 0) != (v > 0));
      step.masked_fill_(stops, 0);
      v.copy_(at::where(stops, at::zeros_like(v), shrunk));
    }
    v.sub_(step, rate);
  });
}

int mimir_adam_step(mimir_tensor* value, const mimir_tensor* gradient, mimir_tensor* first, mimir_tensor* second,
                    double rate, double beta1, double beta2, double epsilon, double second_scale, double decay) {
  return guarded([&] {
    auto& v = value->value;
    check_same_size(v, gradient->value);
    check_same_size(v, first->value);
    check_same_size(v, second->value);
    if (fast_route(v, gradient->value, first->value, second->value)) {
      parallel_for(v.numel(), 16, kParallel, [&](int64_t begin, int64_t end) {
        adam(floats(v) + begin, floats(gradient->value) + begin, floats(first->value) + begin,
             floats(second->value) + begin, end - begin, static_cast<float>(rate), static_cast<float>(beta1),
             static_cast<float>(beta2), static_cast<float>(epsilon), static_cast<float>(second_scale),
             static_cast<float>(decay));
      });
      return;
    }
    const auto g = gradient->value.view_as(v);
    auto m = first->value.view_as(v), s = second->value.view_as(v);
    m.mul_(beta1).add_(g, 1 - beta1);
    s.mul_(beta2).addcmul_(g, g, 1 - beta2);
    v.mul_(1 - decay).addcdiv_(m, (s * second_scale).sqrt_().add_(epsilon), -rate);
  });
}

int mimir_max_norm(mimir_tensor* w, double limit) {
  return guarded([&] {
    check_matrix(w->value, "w");
    const auto norm = w->value.square().sum(1, /*keepdim=*/true).sqrt_();
    w->value.div_(norm.div_(limit).clamp_min_(1));
  });
}

}  // extern "C"
