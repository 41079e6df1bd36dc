// The quick route of LSTM layers on host floats: a layer over all its steps is one job of the workers.
#pragma once
#include "lstm.h"

namespace mimir {

// Whether lstm_forward_fast and lstm_backward_fast can take a call.
bool lstm_is_fast(const at::Tensor& x, const mimir_lstm_direction* directions, int count, const at::Tensor& y);
void lstm_forward_fast(const Sequences& s, const at::Tensor& x, const mimir_lstm_direction* directions, int count,
                       const LstmShape& shape, const mimir_lstm_limits& limits, const at::Tensor& y);
void lstm_backward_fast(const Sequences& s, const at::Tensor& x, const mimir_lstm_direction* directions, int count,
                        const LstmShape& shape, const mimir_lstm_limits& limits, const at::Tensor& y,
                        const at::Tensor& dy, at::Tensor* dx);

}  // namespace mimir
