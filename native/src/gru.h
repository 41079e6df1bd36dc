// GRU layers: a layer over all its steps is one job of the workers.
#pragma once
#include "sequences.h"

namespace mimir {

// A layer of C cells and I inputs over N rows as plain memory; see mimir_gru_forward.
struct GruLayer {
  const Sequences& s;
  int64_t input, cells;
  bool carries;  // output0 holds states that sequences go on from
  const float *x, *w_x, *w_r, *bias, *bias_q;
  float *gates, *query, *output0, *y;
};

struct GruGradients {
  float *dx, *w_x, *w_r, *bias, *bias_q;  // dx may be null
};

void gru_forward(const GruLayer& layer);
// dy is overwritten, gates and query become derivatives.
void gru_backward(const GruLayer& layer, float* dy, const GruGradients& to);

}  // namespace mimir
