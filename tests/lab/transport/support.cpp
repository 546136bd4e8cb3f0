#include "support.hpp"

#include <array>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <memory>

#include "base/sha256.hpp"

namespace wright::lab {
namespace {

namespace fs = std::filesystem;

std::string run(const std::string& command) {
  const std::unique_ptr<FILE, int (*)(FILE*)> pipe(::popen(command.c_str(), "r"), [](FILE*) { return 0; });
  std::string out;
  std::array<char, 4096> buffer{};
  while (const std::size_t got = std::fread(buffer.data(), 1, buffer.size(), pipe.get()))
    out.append(buffer.data(), got);
  EXPECT_EQ(::pclose(pipe.get()), 0) << command;
  while (!out.empty() && out.back() == '\n') out.pop_back();
  return out;
}

std::string setting(const char* name, const char* otherwise) {
  const char* value = std::getenv(name);
  return value != nullptr ? value : otherwise;
}

}  // namespace

std::string lab(const std::string& arguments) {
  const std::size_t space = arguments.find(' ');
  return run(setting("WRIGHT_LAB_TOOL", "tests/lab/lab") + " " + arguments.substr(0, space) + " --name " +
             setting("WRIGHT_LAB", "default") + (space == std::string::npos ? "" : arguments.substr(space)) +
             " </dev/null 2>/dev/null");
}

std::string on_host(const std::string& script) { return lab("exec host1 -- sh -c '" + script + "'"); }

AgentBinary agent_with(const std::string& folder, const std::string& trailer) {
  const auto path = folder + "/agent" + std::to_string(trailer.size());
  fs::copy_file(FAKE_AGENT, path, fs::copy_options::overwrite_existing);
  std::ofstream(path, std::ios::app) << trailer;
  return {path, sha256_of_file(path).value()};
}

Value ask(Connection& connection, Value::Map message) {
  EXPECT_TRUE(connection.send(std::move(message)));
  auto answer = connection.receive(std::chrono::seconds(30));
  EXPECT_TRUE(answer) << to_text(answer.error());
  return answer.value_or(Value());
}

OnHost::OnHost() : folder_(fs::temp_directory_path() / ("transport." + random_hex(8))) {
  fs::create_directories(folder_);
  agent_ = agent_with(folder_);
  target_.name = "web1";
  target_.address = lab("address host1");
  target_.key = lab("key");
  target_.known_hosts = folder_ + "/known_hosts";
  fs::copy_file(lab("known-hosts"), target_.known_hosts);
}

OnHost::~OnHost() { fs::remove_all(folder_); }

Diagnostic OnHost::refusal() const {
  const auto connection = connect(target_, agent_);
  EXPECT_FALSE(connection);
  if (connection) return {};
  EXPECT_EQ(connection.error().items().size(), 1U);
  return connection.error().items().front();
}

std::unique_ptr<Connection> OnHost::connected() const {
  auto connection = connect(target_, agent_);
  EXPECT_TRUE(connection) << to_text(connection.error());
  return connection ? std::move(*connection) : nullptr;
}

}  // namespace wright::lab
