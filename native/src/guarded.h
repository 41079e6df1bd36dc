// What every C function of the library shares: the check of what a caller gives, and the wall that exceptions stop at.
#pragma once
#include <sstream>
#include <stdexcept>
#include <string>

#include "mimir_kernels.h"

namespace mimir {

extern thread_local std::string last_error;

// Runs `body`; turns any C++ exception into a status so that none crosses the C ABI.
template <typename Body>
int guarded(Body&& body) noexcept {
  try {
    body();
    return 0;
  } catch (const std::exception& e) {
    last_error = e.what();
  } catch (...) {
    last_error = "unknown native error";
  }
  return 1;
}

// Throws what the parts say, one after the other, unless `holds`.
template <typename... Parts>
void require(bool holds, const Parts&... parts) {
  if (holds) return;
  std::ostringstream text;
  (text << ... << parts);
  throw std::invalid_argument(text.str());
}

}  // namespace mimir
