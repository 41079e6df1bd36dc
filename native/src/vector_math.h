// Scalar functions written so that loops over them vectorise: no branches, no tables, no library calls.
#pragma once
#include <cstdint>
#include <cstring>

#define MIMIR_INLINE static inline __attribute__((always_inline))

namespace mimir {

// exp(x) to about 1 ulp for x in [-87, 88]; the argument is clamped there, and NaN stays NaN.
// x = n ln 2 + r with n an integer: 2^n is put together from its bits, e^r is a polynomial (coefficients of Cephes' expf).
MIMIR_INLINE float fast_exp(float x) {
  x = x < -87.3f ? -87.3f : x;
  x = x > 88.0f ? 88.0f : x;
  const float magic = 12582912.0f;  // 1.5 * 2^23: adding it rounds to an integer in the low bits
  const float shifted = x * 1.44269504088896341f + magic;
  const float n = shifted - magic;
  const float r = (x - n * 0.693359375f) + n * 2.12194440e-4f;
  float p = 1.9875691500e-4f;
  p = p * r + 1.3981999507e-3f;
  p = p * r + 8.3334519073e-3f;
  p = p * r + 4.1665795894e-2f;
  p = p * r + 1.6666665459e-1f;
  p = p * r + 5.0000001201e-1f;
  p = p * r * r + r + 1.0f;
  uint32_t bits;
  std::memcpy(&bits, &shifted, sizeof bits);
  bits = (bits + 127u - 0x4b400000u) << 23;
  float power;
  std::memcpy(&power, &bits, sizeof power);
  return p * power;
}

MIMIR_INLINE float fast_sigmoid(float x) { return 1.0f / (1.0f + fast_exp(-x)); }

MIMIR_INLINE float fast_tanh(float x) { return 1.0f - 2.0f / (1.0f + fast_exp(2.0f * x)); }

// A bijection of 32-bit numbers that scatters neighbours (multiply and xor-shift; constants by C. Wellons' search).
MIMIR_INLINE uint32_t mix32(uint32_t x) {
  x ^= x >> 16;
  x *= 0x7feb352du;
  x ^= x >> 15;
  x *= 0x846ca68bu;
  x ^= x >> 16;
  return x;
}

}  // namespace mimir
