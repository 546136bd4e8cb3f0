// Stands in for wright-agent: speaks frames as it does, and does on request what a broken one would.
#include <unistd.h>

#include <csignal>
#include <cstdlib>
#include <iostream>

#include "model/protocol.hpp"
#include "transport/frame.hpp"

namespace {

using wright::Value;

void write_out(std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t took = ::write(STDOUT_FILENO, bytes.data(), bytes.size());
    if (took <= 0) std::exit(3);
    bytes.remove_prefix(static_cast<std::size_t>(took));
  }
}

void answer(const Value& message, const wright::FrameReader& reader) {
  const std::string type = wright::message_type(message);
  const auto number = message["number"].int_or(0);
  if (type == "echo") write_out(wright::frame(message));
  if (type == "large") write_out(wright::frame(Value::Map{{"text", std::string(number, 'x')}}));
  if (type == "beating") write_out(wright::frame(Value::Map{{"beating", reader.beating()}}));
  if (type == "uid") write_out(wright::frame(Value::Map{{"uid", static_cast<int>(::geteuid())}}));
  if (type == "environment") {
    const char* text = std::getenv(message["name"].text_or("").c_str());
    write_out(wright::frame(Value::Map{{"text", text != nullptr ? text : ""}}));
  }
  if (type == "group") write_out(wright::frame(Value::Map{{"leads", ::getpgrp() == ::getpid()}}));
  if (type == "complain") std::cerr << message["text"].text_or("") << std::flush;
  if (type == "raw") write_out(message["text"].text_or(""));
  if (type == "exit") std::exit(static_cast<int>(number));
  if (type == "linger") {
    // The end of the output is there long before the exit status.
    for (const int fd : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) ::close(fd);
    ::usleep(300'000);
    std::exit(static_cast<int>(number));
  }
  if (type == "die") ::raise(SIGKILL);
}

int serve() {
  write_out(wright::agent_preamble);
  wright::FrameReader reader;
  char buffer[65536];
  for (ssize_t got = 0; (got = ::read(STDIN_FILENO, buffer, sizeof buffer)) > 0;) {
    reader.feed({buffer, static_cast<std::size_t>(got)});
    for (auto next = reader.next();; next = reader.next()) {
      if (!next) return 4;
      if (next->is_null()) break;
      answer(*next, reader);
    }
  }
  write_out(wright::frame(Value::Map{{"type", "end of input"}}));
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  const std::string what = argc > 1 ? argv[1] : "";
  if (what == "serve") return serve();
  if (what == "noise") {
    std::cout << std::string(static_cast<std::size_t>(std::atoi(argv[2])), '.') << std::flush;
    return serve();
  }
  if (what == "say") {
    std::cerr << argv[2];
    return std::atoi(argv[3]);
  }
  return 64;
}
