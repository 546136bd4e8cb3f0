#include "agent/probes/supervisor.hpp"

#include <array>

#include "agent/probes/base64.hpp"
#include "agent/probes/http_client.hpp"
#include "agent/probes/supervisor_login.hpp"
#include "agent/probes/xml_rpc.hpp"
#include "base/untrusted.hpp"

namespace wright::agent {
namespace {

using Kind = Trouble::Kind;

// Of supervisor.xmlrpc.Faults.
constexpr std::int64_t bad_name = 10;
constexpr std::int64_t already_added = 90;
constexpr std::size_t bytes_of_log = 600;
constexpr std::size_t longest_answer = 8U << 20U;

std::string shown(std::string text) { return Untrusted(std::move(text)).for_terminal(bytes_of_log); }

/// Everything that comes until the peer closes, as it was asked to.
Talk<std::string> read_all(Stream& stream, const Patience& patience) {
  std::string all;
  std::array<char, 16384> piece{};
  while (true) {
    const auto got = stream.read(piece, patience);
    if (!got) return tl::unexpected(got.error());
    if (*got == 0) return all;
    all.append(piece.data(), *got);
    if (all.size() > longest_answer) return trouble(Kind::wrong, "supervisord answers without end");
  }
}

}  // namespace

Talk<Value> Supervisor::call(std::string_view method, const std::vector<Value>& parameters, const Patience& patience,
                             std::int64_t harmless) const {
  Url url;
  url.host = url.authority = "localhost";
  url.target = "/RPC2";
  Request request;
  request.method = "POST";
  request.body = xml_rpc_call("supervisor." + std::string(method), parameters);
  request.headers["Content-Type"] = "text/xml";
  if (const std::string login = supervisor_login(socket_); !login.empty())
    request.headers["Authorization"] = Secret("Basic " + to_base64(login));
  const auto text = request_text(request, url);
  if (!text) return tl::unexpected(text.error());
  auto stream = connect_to("unix:" + socket_, 0, patience);
  if (!stream) return tl::unexpected(stream.error());
  if (auto sent = (*stream)->write(*text, patience); !sent) return tl::unexpected(sent.error());
  const auto all = read_all(**stream, patience);
  if (!all) return tl::unexpected(all.error());
  if (all->empty()) return trouble(Kind::closed, "supervisord closed the connection without an answer");
  const auto head = all->find("\r\n\r\n");
  const std::string line = all->substr(0, all->find("\r\n"));
  if (head == std::string::npos || !line.starts_with("HTTP/1.") || line.find(" 200 ") == std::string::npos)
    return trouble(Kind::wrong, "supervisord answers \"" + shown(line) + "\" to " + std::string(method));
  const auto answer = read_xml_rpc_answer(std::string_view(*all).substr(head + 4));
  if (!answer) return trouble(Kind::wrong, "what supervisord answers to " + std::string(method) + " cannot be read");
  if (answer->fault != 0 && answer->fault != harmless)
    return trouble(Kind::wrong, "supervisord refuses " + std::string(method) + ": " + shown(answer->fault_text));
  return answer->value;
}

Talk<std::vector<SupervisedProcess>> Supervisor::processes(const Patience& patience) const {
  const auto answer = call("getAllProcessInfo", {}, patience);
  if (!answer) return tl::unexpected(answer.error());
  if (answer->as_list() == nullptr) return trouble(Kind::wrong, "supervisord lists no processes");
  std::vector<SupervisedProcess> all;
  for (const auto& one : *answer->as_list()) {
    SupervisedProcess process;
    process.group = one["group"].text_or("");
    process.name = one["name"].text_or("");
    process.state = one["statename"].text_or("");
    process.spawn_error = one["spawnerr"].text_or("");
    process.description = one["description"].text_or("");
    process.log = one["stdout_logfile"].text_or("");
    process.pid = one["pid"].int_or(0);
    process.start = one["start"].int_or(0);
    process.now = one["now"].int_or(0);
    all.push_back(std::move(process));
  }
  return all;
}

Talk<SupervisorChanges> Supervisor::read_again(const Patience& patience) const {
  const auto answer = call("reloadConfig", {}, patience);
  if (!answer) return tl::unexpected(answer.error());
  const auto* outer = answer->as_list();
  const auto* three = outer != nullptr && outer->size() == 1 ? outer->front().as_list() : nullptr;
  if (three == nullptr || three->size() != 3) return trouble(Kind::wrong, "supervisord does not say what changed");
  return SupervisorChanges{(*three)[0].strings(), (*three)[1].strings(), (*three)[2].strings()};
}

Talk<> Supervisor::add(const std::string& group, const Patience& patience) const {
  const auto answer = call("addProcessGroup", {group}, patience, already_added);
  if (!answer) return tl::unexpected(answer.error());
  return {};
}

Talk<> Supervisor::remove(const std::string& group, const Patience& patience) const {
  const auto answer = call("removeProcessGroup", {group}, patience, bad_name);
  if (!answer) return tl::unexpected(answer.error());
  return {};
}

Talk<std::string> Supervisor::start(const std::string& group, const Patience& patience) const {
  const auto answer = call("startProcessGroup", {group, false}, patience);
  if (!answer) return tl::unexpected(answer.error());
  std::string failed;
  if (const auto* list = answer->as_list())
    for (const auto& one : *list)
      // Supervisor's code of a success.
      if (one["status"].int_or(80) != 80)
        failed += (failed.empty() ? "" : "; ") + shown(one["name"].text_or("") + ": " + one["description"].text_or(""));
  return failed;
}

Talk<> Supervisor::stop(const std::string& group, const Patience& patience) const {
  const auto answer = call("stopProcessGroup", {group, false}, patience, bad_name);
  if (!answer) return tl::unexpected(answer.error());
  return {};
}

Talk<> Supervisor::signal(const std::string& group, const std::string& name, const Patience& patience) const {
  const auto answer = call("signalProcessGroup", {group, name}, patience);
  if (!answer) return tl::unexpected(answer.error());
  return {};
}

std::string Supervisor::end_of_log(const SupervisedProcess& process, const Patience& patience) const {
  if (process.log.empty()) return {};
  const auto answer = call("readProcessStdoutLog", {process.full_name(), -static_cast<int>(bytes_of_log), 0}, patience);
  return answer ? answer->text_or("") : "";
}

std::string told(const Supervisor& supervisor, const SupervisedProcess& process, const Patience& patience) {
  std::string text = process.full_name() + " is " + process.state;
  const std::string why = process.spawn_error.empty() ? process.description : process.spawn_error;
  if (!why.empty()) text += " (" + why + ")";
  text = shown(std::move(text));
  if (process.log.empty()) return text;
  std::string end = supervisor.end_of_log(process, patience);
  while (!end.empty() && (end.back() == '\n' || end.back() == ' ')) end.pop_back();
  return text + "; " + shown(process.log) +
         (end.empty() ? " is empty" : " ends with \"" + shown(std::move(end)) + "\"");
}

}  // namespace wright::agent
