// Normalisation on host floats, over the rows or the columns of a matrix.
#pragma once
#include <cstdint>

namespace mimir {

// Mean and 1 / sqrt(variance + epsilon) of each row.
void row_moments(const float* x, float epsilon, float* mean, float* inverse, int64_t rows, int64_t columns);
void layer_norm(const float* x, const float* gamma, const float* beta, const float* mean, const float* inverse, float* y,
                int64_t rows, int64_t columns);
// dgamma and dbeta receive the sums over rows of a block of columns of matrices whose rows are `stride` apart.
void layer_norm_sums(const float* x, const float* dy, const float* mean, const float* inverse, float* dgamma,
                     float* dbeta, int64_t rows, int64_t columns, int64_t stride);
void layer_norm_derivative(const float* x, const float* dy, const float* gamma, const float* mean, const float* inverse,
                           float* dx, int64_t rows, int64_t columns);

// Mean and variance of each column of a block of columns.
void column_moments(const float* x, float* mean, float* variance, int64_t rows, int64_t columns, int64_t stride);
// y = x * scale + shift, column by column.
void scale_and_shift(const float* x, const float* scale, const float* shift, float* y, int64_t rows, int64_t columns,
                     int64_t stride);
// sums receives the column sums of dy, projections those of dy * (x - mean) * inverse.
void batch_norm_sums(const float* x, const float* dy, const float* mean, const float* inverse, float* sums,
                     float* projections, int64_t rows, int64_t columns, int64_t stride);
// dx = a * dy + b * x + c, column by column.
void combine(const float* dy, const float* x, const float* a, const float* b, const float* c, float* dx, int64_t rows,
             int64_t columns, int64_t stride);

}  // namespace mimir
