// LSTM layers with peepholes and projection (H. Sak et al.: Long short-term memory recurrent neural network architectures
// for large scale acoustic modeling, 2014), with the clipping of Kaldi's nnet1.
#pragma once
#include "sequences.h"

namespace mimir {

// The workspace of a direction, split into what the forward pass leaves for the backward pass.
struct LstmViews {
  float* gates;    // [N, 4C], after their non-linearities; the backward pass turns them into derivatives
  float* cells;    // [N, C]
  float* hidden;   // [N, C], tanh of the cells
  float* memory;   // [N, C], hidden times output gate, where it is projected
  float* cells0;   // [S, C], the state that each sequence starts from
  float* output0;  // [S, R]
};

struct LstmShape {
  int64_t input, cells, output;
  bool projects, peeps;
};

// A call: a layer over a batch. A layer over all its steps is one job of the workers.
struct LstmCall {
  const Sequences& s;
  LstmShape shape;
  const mimir_lstm_direction* directions;
  int count;
  const mimir_lstm_limits& limits;
  const float* x;
  float* y;  // outputs of the forward pass; [N, R * count]
};

void lstm_forward(const LstmCall& call);
// `dx` may be null.
void lstm_backward(const LstmCall& call, float* dy, float* dx);

LstmViews lstm_views(const mimir_lstm_direction& d, const Sequences& s, const LstmShape& shape);

}  // namespace mimir
