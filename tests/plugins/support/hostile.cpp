// A plugin that does one bad thing, given by its build: HOSTILE_NAME, and HOSTILE_BODY as the body of configure.
#include <fcntl.h>
#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>
#include <wright/plugin.h>

#include <cstdlib>
#include <cstring>
#include <stdexcept>

#ifndef HOSTILE_BODY
#define HOSTILE_BODY
#endif
#ifndef HOSTILE_MAJOR
#define HOSTILE_MAJOR 1
#endif

/// Defined nowhere.
int nowhere();

namespace {

wright_str text(const char* from) { return {from, std::strlen(from)}; }

[[maybe_unused]] int overflow_stack(int depth) {
  volatile char page[4096];
  page[0] = static_cast<char>(depth);
  return overflow_stack(depth + 1) + page[0];
}

[[maybe_unused]] void loop_for_ever() {
  for (volatile bool on = true; on;) continue;
}

[[maybe_unused]] int32_t misuse_handles(const wright_host* host, wright_call* call) {
  const bool refused = host->set_str(nullptr, text("a"), {nullptr, 9}) == WRIGHT_FAILED &&
                       host->relate(nullptr, {}, nullptr) == WRIGHT_FAILED && host->value_get(nullptr, {}) == nullptr &&
                       host->fact(call, text("x"), nullptr) == WRIGHT_FAILED &&
                       host->resource(nullptr, {}, {}) == nullptr &&
                       host->value_at(host->config(call), 99) == nullptr && host->value_size(nullptr) == 0;
  return refused ? WRIGHT_OK : WRIGHT_FAILED;
}

[[maybe_unused]] void close_all() {
  for (int fd = 0; fd < 256; ++fd) close(fd);
}

[[maybe_unused]] void write_garbage() {
  const char garbage[] = "\x00\x00\x00\x04nope and more";
  for (int fd = 3; fd < 64; ++fd)
    if (write(fd, garbage, sizeof(garbage)) < 0) continue;
}

/// What a process border must bear without a word.
[[maybe_unused]] void disturb() {
  if (chdir("/proc") != 0) std::abort();
  umask(0);
  close(0);
  close(1);
  close(2);
  signal(SIGTERM, SIG_IGN);
}

[[maybe_unused]] void leave_child() {
  if (fork() == 0) {
    while (true) pause();
  }
  _exit(3);
}

#ifdef HOSTILE_ON_LOAD
[[maybe_unused]] const bool loaded = [] {
  HOSTILE_ON_LOAD;
  return true;
}();
#endif

int32_t configure([[maybe_unused]] const wright_host* host, [[maybe_unused]] wright_call* call) {
  HOSTILE_BODY;
  return WRIGHT_OK;
}
[[maybe_unused]] int32_t verify(const wright_host*, wright_call*) { return WRIGHT_OK; }

[[maybe_unused]] void lack_version_and_verify(wright_plugin& made) {
  made.version = {};
  made.verify = nullptr;
}

wright_plugin table() {
  wright_plugin made{};
  made.struct_size = sizeof(made);
  made.name = text(HOSTILE_NAME);
  made.version = text("1");
  made.configure = configure;
  made.verify = verify;
#ifdef HOSTILE_TABLE
  HOSTILE_TABLE;
#endif
  return made;
}

}  // namespace

#define PASTE2(a, b) a##b
#define PASTE(a, b) PASTE2(a, b)
extern "C" WRIGHT_EXPORT const wright_plugin* PASTE(HOSTILE_ENTRY, HOSTILE_MAJOR)(const wright_host*) {
#ifdef HOSTILE_NULL
  return nullptr;
#endif
  static const wright_plugin made = table();
  return &made;
}
