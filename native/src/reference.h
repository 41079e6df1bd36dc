// The activations of the reference route, with ATen operators on any device and type.
#pragma once
#include <ATen/ATen.h>

#include "kernels.h"

namespace mimir {

inline void reference_activation(at::Tensor y, int activation) {
  switch (activation) {
    case kSigmoid: y.sigmoid_(); break;
    case kTanh: y.tanh_(); break;
    case kRelu: y.relu_(); break;
    default: break;
  }
}

// dy *= activation'(y), in terms of the output y.
inline void reference_derivative(at::Tensor dy, const at::Tensor& y, int activation) {
  switch (activation) {
    case kSigmoid: dy.mul_(y * (1 - y)); break;
    case kTanh: dy.mul_(1 - y * y); break;
    case kRelu: dy.mul_(y > 0); break;
    default: break;
  }
}

}  // namespace mimir
