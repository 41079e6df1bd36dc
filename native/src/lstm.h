// LSTM layers with peepholes and projection (H. Sak et al.: Long short-term memory recurrent neural network architectures
// for large scale acoustic modeling, 2014), with the clipping of Kaldi's nnet1.
#pragma once
#include "sequences.h"

namespace mimir {

// The workspace of a direction, split into what the forward pass leaves for the backward pass.
struct LstmViews {
  at::Tensor gates;   // [N, 4C], after their non-linearities; the backward pass turns them into derivatives
  at::Tensor cells;   // [N, C]
  at::Tensor hidden;  // [N, C], tanh of the cells
  at::Tensor memory;  // [N, C], hidden times output gate: the output, or what is projected
  at::Tensor cells0;  // [S, C], the state that each sequence starts from
  at::Tensor output0; // [S, R]
};

struct LstmShape {
  int64_t input, cells, output;
  bool projects, peeps;
};

int64_t lstm_workspace(int64_t rows, int64_t sequences, int64_t cells, int64_t output);
LstmViews lstm_views(const mimir_lstm_direction& d, const Sequences& s, const LstmShape& shape);
// Fills cells0 and output0 from the carried state, or with zeros.
void lstm_load_state(const mimir_lstm_direction& d, const Sequences& s, const LstmViews& v);
void lstm_save_state(const mimir_lstm_direction& d, const Sequences& s, const LstmViews& v, const at::Tensor& y);

}  // namespace mimir
