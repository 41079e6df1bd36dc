// Preloaded into a program: writes a line for each change of the file system below KILL_UNDER to KILL_LOG, and kills the program at
// the first one that has KILL_AT in its line for the KILL_TIME-th time. A write is torn: half of it is there.
#include <atomic>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <dlfcn.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace {

template <typename F>
F* next(F*, const char* name) {
    return reinterpret_cast<F*>(dlsym(RTLD_NEXT, name));
}

[[noreturn]] void die() {
    kill(getpid(), SIGKILL);
    for (;;)
        pause();
}

bool is_place(const char* call, const char* path) {
    static const char* const under = std::getenv("KILL_UNDER");
    static const char* const place = std::getenv("KILL_AT");
    static const long time = std::getenv("KILL_TIME") ? std::atol(std::getenv("KILL_TIME")) : 1;
    static const int log = std::getenv("KILL_LOG") ? open(std::getenv("KILL_LOG"), O_WRONLY | O_APPEND | O_CREAT, 0644) : -1;
    static std::atomic<long> times{0};
    if (!path || !under || std::strncmp(path, under, std::strlen(under)) != 0)
        return false;

    char line[1024];
    const int length = std::snprintf(line, sizeof line, "%s %s\n", call, path + std::strlen(under));
    if (log >= 0 && write(log, line, length) != length)
        std::abort();
    return place && std::strstr(line, place) && ++times == time;
}

bool is_place(const char* call, int file) {
    char link[64], path[512];
    std::snprintf(link, sizeof link, "/proc/self/fd/%d", file);
    const ssize_t length = readlink(link, path, sizeof path - 1);
    if (length < 0)
        return false;
    path[length] = 0;
    return is_place(call, path);
}

}  // namespace

extern "C" {

int rename(const char* from, const char* to) noexcept {
    if (is_place("rename", to))
        die();
    return next(rename, "rename")(from, to);
}

int mkdir(const char* path, mode_t mode) noexcept {
    if (is_place("mkdir", path))
        die();
    return next(mkdir, "mkdir")(path, mode);
}

int unlink(const char* path) noexcept {
    if (is_place("unlink", path))
        die();
    return next(unlink, "unlink")(path);
}

int fsync(int file) {
    if (is_place("fsync", file))
        die();
    return next(fsync, "fsync")(file);
}

ssize_t pwrite64(int file, const void* data, size_t size, off64_t offset) {
    const auto write_there = next(pwrite64, "pwrite64");
    if (is_place("write", file)) {
        write_there(file, data, size / 2, offset);
        die();
    }
    return write_there(file, data, size, offset);
}

}
