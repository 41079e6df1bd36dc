// Vectors of MIMIR_VECTOR_BYTES, which the including file says, and the packing of matrices into slivers.
// No C++ library code here: an inline function of it, compiled with this file's instructions, could be linked for all.
#include <stdint.h>
#include <string.h>

#if MIMIR_VECTOR_BYTES >= 32
#include <immintrin.h>
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

// to[p * width + i] = scale * from[i * stride + p] for i < count, p < depth; the rest of the width is 0.
void pack_transposed(const float* from, int64_t stride, int64_t count, int64_t depth, int width, float scale, float* to) {
  int64_t p = 0;
#if MIMIR_VECTOR_BYTES >= 32
  // Eight by eight: a transposition in registers.
  for (; p + 8 <= depth; p += 8) {
    int64_t i = 0;
    for (; i + 8 <= count; i += 8) {
      const float* s = from + i * stride + p;
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
      float* t = to + p * width + i;
      _mm256_storeu_ps(t, _mm256_permute2f128_ps(b0, b4, 0x20));
      _mm256_storeu_ps(t + width, _mm256_permute2f128_ps(b1, b5, 0x20));
      _mm256_storeu_ps(t + 2 * width, _mm256_permute2f128_ps(b2, b6, 0x20));
      _mm256_storeu_ps(t + 3 * width, _mm256_permute2f128_ps(b3, b7, 0x20));
      _mm256_storeu_ps(t + 4 * width, _mm256_permute2f128_ps(b0, b4, 0x31));
      _mm256_storeu_ps(t + 5 * width, _mm256_permute2f128_ps(b1, b5, 0x31));
      _mm256_storeu_ps(t + 6 * width, _mm256_permute2f128_ps(b2, b6, 0x31));
      _mm256_storeu_ps(t + 7 * width, _mm256_permute2f128_ps(b3, b7, 0x31));
    }
    for (; i < width; ++i)
      for (int q = 0; q < 8; ++q) to[(p + q) * width + i] = i < count ? scale * from[i * stride + p + q] : 0.0f;
  }
#endif
  for (; p < depth; ++p)
    for (int64_t i = 0; i < width; ++i) to[p * width + i] = i < count ? scale * from[i * stride + p] : 0.0f;
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
