#include "own_gemm.h"

#include <atomic>
#include <string>

#include "kernels.h"
#include "scratch.h"
#include "workers.h"

namespace mimir {

namespace {

constexpr int64_t kMostRows = 512;        // of a that are packed at once
constexpr int64_t kMostPacked = 1 << 20;  // floats: over their whole depth, else part by part
constexpr int64_t kColumnGrain = 2 * kWidestSliver;

const OwnVariant& variant() {
#if defined(__x86_64__)
  static const std::string isa = instruction_set();
  static const OwnVariant& chosen = isa == "avx512" ? own_avx512 : isa == "avx2" ? own_avx2 : own_generic;
  return chosen;
#else
  return own_generic;
#endif
}

int64_t blocks(int64_t total, int64_t size) { return (total + size - 1) / size; }

// A product in pieces: blocks of rows, each cut into blocks of columns.
class Pieces {
 public:
  Pieces(const Product& product, int64_t row_blocks, int64_t column_blocks)
      : p_(product), row_blocks_(row_blocks), column_blocks_(column_blocks), parts_((p_.k + kOwnDepth - 1) / kOwnDepth) {
    deep_ = variant().packed_rows((p_.m + row_blocks_ - 1) / row_blocks_ + 1) * p_.k <= kMostPacked;
  }

  // Makes pieces until there is none left.
  void work(Finish finish, void* context) {
    thread_local Scratch scratch;
    const int64_t rows = variant().packed_rows((p_.m + row_blocks_ - 1) / row_blocks_ + 1);
    scratch.reserve(Scratch::rounded(rows * (deep_ ? p_.k : kOwnDepth)) + kOwnSlivers);
    float *const slivers = scratch.take(kOwnSlivers), *const packed = scratch.take(rows * (deep_ ? p_.k : kOwnDepth));
    int64_t packed_block = -1;
    for (int64_t piece; (piece = next_.fetch_add(1, std::memory_order_relaxed)) < row_blocks_ * column_blocks_;) {
      const int64_t block = piece / column_blocks_, column_block = piece % column_blocks_;
      const Range own = {p_.m * block / row_blocks_, p_.m * (block + 1) / row_blocks_};
      const Range columns = columns_of(column_block);
      if (columns.size() > 0) multiply(own, columns, packed, slivers, deep_ && packed_block == block);
      packed_block = block;
      if (finish && columns.size() > 0) finish(context, own.begin, columns.begin, own.size(), columns.size());
    }
  }

 private:
  // The larger blocks come first, so that all threads end at about the same time.
  Range columns_of(int64_t block) const {
    const int64_t slivers = blocks(p_.n, kWidestSliver), each = slivers / column_blocks_, larger = slivers % column_blocks_;
    const auto cut = [&](int64_t i) { return std::min(p_.n, (each * i + std::min(i, larger)) * kWidestSliver); };
    return {cut(block), cut(block + 1)};
  }

  void multiply(const Range& rows, const Range& columns, float* packed, float* slivers, bool is_packed) const {
    const auto& v = variant();
    const int64_t height = v.packed_rows(rows.size());
    for (int64_t part = 0; part < parts_; ++part) {
      const int64_t deep = p_.k * part / parts_, depth = p_.k * (part + 1) / parts_ - deep;
      float* const a = packed + (deep_ ? height * deep : 0);
      if (!is_packed)
        v.pack(p_.a + (p_.transpose_a ? deep * p_.lda + rows.begin : rows.begin * p_.lda + deep), p_.lda, p_.transpose_a,
               rows.size(), depth, p_.alpha, a);
      v.multiply(a, rows.size(), depth,
                 p_.b + (p_.transpose_b ? columns.begin * p_.ldb + deep : deep * p_.ldb + columns.begin), p_.ldb,
                 p_.transpose_b, columns.size(), slivers, part == 0 ? p_.beta : 1.0f,
                 p_.c + rows.begin * p_.ldc + columns.begin, p_.ldc);
    }
  }

  const Product& p_;
  int64_t row_blocks_, column_blocks_, parts_;
  bool deep_;
  std::atomic<int64_t> next_{0};
};

// Without depth there is no product.
void scale(const Product& p) {
  for (int64_t i = 0; i < p.m; ++i)
    for (int64_t j = 0; j < p.n; ++j) p.c[i * p.ldc + j] = p.beta == 0 ? 0.0f : p.beta * p.c[i * p.ldc + j];
}

}  // namespace

void own_gemm(const Product& p) {
  if (p.k <= 0) return scale(p);
  Pieces(p, blocks(p.m, kMostRows), 1).work(nullptr, nullptr);
}

void own_gemm_parallel(const Product& p, Finish finish, void* context) {
  const int threads = Workers::shared().count();
  if (p.k <= 0) {
    scale(p);
    if (finish) finish(context, 0, 0, p.m, p.n);
    return;
  }
  // Every thread packs the rows that it meets, so their blocks are few; the columns of each make up the pieces.
  constexpr int64_t kPiecesPerThread = 4;
  const int64_t least = threads <= 2 ? kMostRows : threads <= 4 ? kMostRows / 2 : kMostRows / 4;
  const int64_t row_blocks = blocks(p.m, least);
  const int64_t column_blocks =
      std::max<int64_t>(1, std::min(blocks(p.n, kColumnGrain), blocks(kPiecesPerThread * threads, row_blocks)));
  Pieces pieces(p, row_blocks, column_blocks);
  constexpr double kWorthwhile = 5e5;  // multiplications that pay for waking a worker
  const bool alone = static_cast<double>(p.m) * static_cast<double>(p.n) * static_cast<double>(p.k) < kWorthwhile;
  Workers::shared().run(alone ? 1 : threads, [&](int, int) { pieces.work(finish, context); });
}

}  // namespace mimir
