// Vectors of MIMIR_VECTOR_BYTES, which the including file says, and the packing of matrices into slivers.
// No C++ library code here: an inline function of it, compiled with this file's instructions, could be linked for all.
#include <stdint.h>
#include <string.h>

#if MIMIR_VECTOR_BYTES >= 32
// GCC 12 takes the undefined operands of its own header for mistakes.
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wuninitialized"
#pragma GCC diagnostic ignored "-Wmaybe-uninitialized"
#include <immintrin.h>
#pragma GCC diagnostic pop
#endif

namespace mimir {
namespace {

typedef float Vector __attribute__((vector_size(MIMIR_VECTOR_BYTES)));
constexpr int kLanes = MIMIR_VECTOR_BYTES / 4;

inline int64_t smaller(int64_t a, int64_t b) { return a < b ? a : b; }

inline Vector load(const float* from) {
  Vector v;
  memcpy(&v, from, sizeof v);
  return v;
}

inline void store(float* to, Vector v) { memcpy(to, &v, sizeof v); }

#if MIMIR_VECTOR_BYTES == 64
// Sixteen by sixteen, in registers: each line of `from` is read once, whole, since rows that lie a multiple of 4096 bytes
// apart push each other out of the first cache.
inline void transpose_block(const float* from, int64_t stride, __mmask16 columns, int64_t rows, float scale, float* to,
                            int64_t width, __mmask16 kept, int64_t depth) {
  __m512 r[16], s[16];
  const __m512 f = _mm512_set1_ps(scale);
#pragma GCC unroll 16
  for (int i = 0; i < 16; ++i)
    r[i] = i < rows ? _mm512_mul_ps(f, _mm512_maskz_loadu_ps(columns, from + i * stride)) : _mm512_setzero_ps();
#pragma GCC unroll 8
  for (int i = 0; i < 8; ++i) {
    s[2 * i] = _mm512_unpacklo_ps(r[2 * i], r[2 * i + 1]);
    s[2 * i + 1] = _mm512_unpackhi_ps(r[2 * i], r[2 * i + 1]);
  }
#pragma GCC unroll 4
  for (int i = 0; i < 4; ++i) {
    const auto d = [](__m512 v) { return _mm512_castps_pd(v); };
    const __m512d a0 = d(s[4 * i]), a1 = d(s[4 * i + 1]), b0 = d(s[4 * i + 2]), b1 = d(s[4 * i + 3]);
    r[4 * i] = _mm512_castpd_ps(_mm512_unpacklo_pd(a0, b0));
    r[4 * i + 1] = _mm512_castpd_ps(_mm512_unpackhi_pd(a0, b0));
    r[4 * i + 2] = _mm512_castpd_ps(_mm512_unpacklo_pd(a1, b1));
    r[4 * i + 3] = _mm512_castpd_ps(_mm512_unpackhi_pd(a1, b1));
  }
#pragma GCC unroll 4
  for (int i = 0; i < 4; ++i) {
    const __m512 low = _mm512_shuffle_f32x4(r[i], r[4 + i], 0x88), high = _mm512_shuffle_f32x4(r[i], r[4 + i], 0xdd);
    const __m512 low2 = _mm512_shuffle_f32x4(r[8 + i], r[12 + i], 0x88), high2 = _mm512_shuffle_f32x4(r[8 + i], r[12 + i], 0xdd);
    s[i] = _mm512_shuffle_f32x4(low, low2, 0x88);
    s[8 + i] = _mm512_shuffle_f32x4(low, low2, 0xdd);
    s[4 + i] = _mm512_shuffle_f32x4(high, high2, 0x88);
    s[12 + i] = _mm512_shuffle_f32x4(high, high2, 0xdd);
  }
#pragma GCC unroll 16
  for (int p = 0; p < 16; ++p)
    if (p < depth) _mm512_mask_storeu_ps(to + p * width, kept, s[p]);
}
#elif MIMIR_VECTOR_BYTES == 32
// Eight by eight, in registers.
inline void transpose_block(const float* s, int64_t stride, float scale, float* t, int64_t width) {
  const __m256 f = _mm256_set1_ps(scale);
  const __m256 r0 = _mm256_mul_ps(f, _mm256_loadu_ps(s)), r1 = _mm256_mul_ps(f, _mm256_loadu_ps(s + stride));
  const __m256 r2 = _mm256_mul_ps(f, _mm256_loadu_ps(s + 2 * stride)), r3 = _mm256_mul_ps(f, _mm256_loadu_ps(s + 3 * stride));
  const __m256 r4 = _mm256_mul_ps(f, _mm256_loadu_ps(s + 4 * stride)), r5 = _mm256_mul_ps(f, _mm256_loadu_ps(s + 5 * stride));
  const __m256 r6 = _mm256_mul_ps(f, _mm256_loadu_ps(s + 6 * stride)), r7 = _mm256_mul_ps(f, _mm256_loadu_ps(s + 7 * stride));
  const __m256 a0 = _mm256_unpacklo_ps(r0, r1), a1 = _mm256_unpackhi_ps(r0, r1);
  const __m256 a2 = _mm256_unpacklo_ps(r2, r3), a3 = _mm256_unpackhi_ps(r2, r3);
  const __m256 a4 = _mm256_unpacklo_ps(r4, r5), a5 = _mm256_unpackhi_ps(r4, r5);
  const __m256 a6 = _mm256_unpacklo_ps(r6, r7), a7 = _mm256_unpackhi_ps(r6, r7);
  const __m256 b0 = _mm256_shuffle_ps(a0, a2, 0x44), b1 = _mm256_shuffle_ps(a0, a2, 0xee);
  const __m256 b2 = _mm256_shuffle_ps(a1, a3, 0x44), b3 = _mm256_shuffle_ps(a1, a3, 0xee);
  const __m256 b4 = _mm256_shuffle_ps(a4, a6, 0x44), b5 = _mm256_shuffle_ps(a4, a6, 0xee);
  const __m256 b6 = _mm256_shuffle_ps(a5, a7, 0x44), b7 = _mm256_shuffle_ps(a5, a7, 0xee);
  _mm256_storeu_ps(t, _mm256_permute2f128_ps(b0, b4, 0x20));
  _mm256_storeu_ps(t + width, _mm256_permute2f128_ps(b1, b5, 0x20));
  _mm256_storeu_ps(t + 2 * width, _mm256_permute2f128_ps(b2, b6, 0x20));
  _mm256_storeu_ps(t + 3 * width, _mm256_permute2f128_ps(b3, b7, 0x20));
  _mm256_storeu_ps(t + 4 * width, _mm256_permute2f128_ps(b0, b4, 0x31));
  _mm256_storeu_ps(t + 5 * width, _mm256_permute2f128_ps(b1, b5, 0x31));
  _mm256_storeu_ps(t + 6 * width, _mm256_permute2f128_ps(b2, b6, 0x31));
  _mm256_storeu_ps(t + 7 * width, _mm256_permute2f128_ps(b3, b7, 0x31));
}
#endif

// to[p * width + i] = scale * from[i * stride + p] for i < count, p < depth; the rest of the width is 0.
void pack_transposed(const float* from, int64_t stride, int64_t count, int64_t depth, int width, float scale, float* to) {
#if MIMIR_VECTOR_BYTES == 64
  for (int64_t i = 0; i < width; i += 16) {
    const int64_t rows = count - i < 16 ? (count > i ? count - i : 0) : 16, wide = smaller(16, width - i);
    const __mmask16 kept = static_cast<__mmask16>((1u << wide) - 1);
    int64_t p = 0;
    if (rows == 16)
      for (; p + 16 <= depth; p += 16)
        transpose_block(from + i * stride + p, stride, 0xffff, 16, scale, to + p * width + i, width, kept, 16);
    for (; p < depth; p += 16) {
      const int64_t deep = smaller(16, depth - p);
      transpose_block(from + i * stride + p, stride, static_cast<__mmask16>((1u << deep) - 1), rows, scale,
                      to + p * width + i, width, kept, deep);
    }
  }
#else
  int64_t i = 0;
#if MIMIR_VECTOR_BYTES == 32
  for (; i + 8 <= count; i += 8) {
    int64_t p = 0;
    for (; p + 8 <= depth; p += 8) transpose_block(from + i * stride + p, stride, scale, to + p * width + i, width);
    for (; p < depth; ++p)
      for (int64_t q = 0; q < 8; ++q) to[p * width + i + q] = scale * from[(i + q) * stride + p];
  }
#endif
  for (int64_t p = 0; p < depth; ++p)
    for (int64_t q = i; q < width; ++q) to[p * width + q] = q < count ? scale * from[q * stride + p] : 0.0f;
#endif
}

// to[p * width + i] = scale * from[p * stride + i] for i < count, p < depth; the rest of the width is 0.
void pack_plain(const float* from, int64_t stride, int64_t count, int64_t depth, int width, float scale, float* to) {
  if (count == width) {
    for (int64_t p = 0; p < depth; ++p)
      for (int i = 0; i < width; ++i) to[p * width + i] = scale * from[p * stride + i];
  } else {
    for (int64_t p = 0; p < depth; ++p)
      for (int64_t i = 0; i < width; ++i) to[p * width + i] = i < count ? scale * from[p * stride + i] : 0.0f;
  }
}

}  // namespace
}  // namespace mimir
