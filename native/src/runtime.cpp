#include <string>

#include "guarded.h"
#include "kernels.h"
#include "sgemm.h"

namespace mimir {
thread_local std::string last_error;
}  // namespace mimir

using namespace mimir;

namespace {

std::string quoted(const std::string& text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    out += static_cast<unsigned char>(c) < ' ' ? ' ' : c;
  }
  return out + "\"";
}

}  // namespace

extern "C" {

const char* mimir_last_error(void) { return last_error.c_str(); }

int mimir_runtime_info(char* buffer, int64_t capacity, int64_t* length) {
  return guarded([&] {
    const std::string text = "{\"instructionSet\":" + quoted(instruction_set()) + ",\"mkl\":" + quoted(describe_mkl()) +
                             ",\"oneDnn\":" + quoted(describe_onednn()) + "}";
    *length = static_cast<int64_t>(text.size());
    if (capacity > 0) buffer[text.copy(buffer, capacity - 1)] = 0;
  });
}

}  // extern "C"
