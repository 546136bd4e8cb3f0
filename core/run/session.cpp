#include "run/session.hpp"

#include <sys/utsname.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <ctime>
#include <thread>

#include "base/name.hpp"
#include "base/sha256.hpp"

namespace wright {
namespace {

constexpr std::size_t connecting_at_once = 50;
constexpr std::chrono::seconds greeting_deadline{30};

}  // namespace

Target target_of(const Site& site, const SiteHost& host) {
  Target target;
  target.name = host.name;
  target.address = host.address;
  target.port = host.port;
  target.user = host.user;
  target.key = host.key;
  target.known_hosts = site.folder + "/known_hosts";
  return target;
}

Diagnostics at_host(const Diagnostics& problems, const std::string& host) {
  Diagnostics out;
  for (Diagnostic one : problems.items()) {
    if (one.where.empty())
      one.where = host;
    else if (one.where != host && !one.where.starts_with(host + "/") && !one.where.starts_with(host + ":"))
      one.where = host + (one.where.starts_with("/") ? ":" : "/") + one.where;
    out.add(std::move(one));
  }
  return out;
}

Result<Value> ask(Session& session, const Value& request, std::string_view expected, std::chrono::milliseconds deadline,
                  const OnEvent& on_event) {
  const std::string& host = session.host->name;
  if (auto sent = session.connection->send(request); !sent) return failure(at_host(sent.error(), host));
  while (true) {
    auto message = session.connection->receive(deadline);
    if (!message) return failure(at_host(message.error(), host));
    const std::string type = message_type(*message);
    if (type == "event") {
      auto event = event_in(*message);
      if (!event) return failure(at_host(event.error(), host));
      event->host = host;
      on_event(*event);
    } else if (type == "error") {
      auto problems = error_in(*message);
      if (problems && problems->has_errors()) return failure(at_host(*problems, host));
      return failure(host, "the agent answered \"" + message_type(request) + "\" with an error it does not explain");
    } else if (type == expected) {
      return message;
    } else {
      return failure(host, "the agent answered \"" + message_type(request) + "\" with \"" + type + "\" instead of \"" +
                               std::string(expected) + "\"");
    }
  }
}

void in_parallel(std::size_t count, std::size_t at_once, const std::function<void(std::size_t)>& work) {
  if (count == 1) return work(0);
  std::atomic<std::size_t> next{0};
  std::vector<std::thread> threads;
  for (std::size_t t = 0; t < std::min(count, at_once); ++t)
    threads.emplace_back([&] {
      for (std::size_t i = next++; i < count; i = next++) work(i);
    });
  for (auto& thread : threads) thread.join();
}

struct Fleet::Shared {
  std::vector<Session> sessions;
  std::vector<Target> targets;
  std::function<Result<std::unique_ptr<Connection>>(const Target&)> connect;
  Hello hello;
  std::shared_future<bool> go;

  void bring_up(std::size_t i) {
    Session& session = sessions[i];
    auto connection = connect(targets[i]);
    if (!connection) {
      session.state = failure(at_host(connection.error(), targets[i].name));
      return;
    }
    if (!go.get()) return;
    session.connection = std::move(*connection);
    Hello mine = hello;
    mine.lock = session.lock;
    mine.facts = session.facts;
    const auto deadline = greeting_deadline + std::chrono::milliseconds(mine.lock ? mine.lock_timeout_ms : 0);
    auto answer = ask(session, to_message(mine), "welcome", deadline, [](const Event&) {});
    auto welcome = answer ? welcome_from(*answer) : failure(answer.error());
    if (welcome && welcome->protocol != protocol_version)
      welcome = failure({}, "the agent speaks protocol " + std::to_string(welcome->protocol) + ", not " +
                                std::to_string(protocol_version));
    if (!welcome) {
      session.state = failure(at_host(welcome.error(), targets[i].name));
      session.connection.reset();
      return;
    }
    session.welcome = std::move(*welcome);
  }
};

Fleet::Fleet(const Run& run, const std::vector<Wanted>& hosts, std::string run_id)
    : shared_(std::make_shared<Shared>()) {
  for (const auto& wanted : hosts) {
    Session session;
    session.host = wanted.host;
    session.lock = wanted.lock;
    session.facts = wanted.facts;
    shared_->sessions.push_back(std::move(session));
    shared_->targets.push_back(target_of(run.site, *wanted.host));
  }
  shared_->connect = run.ports.connect;
  shared_->hello.site = run.site.name;
  shared_->hello.formerly = run.site.formerly;
  shared_->hello.run = std::move(run_id);
  shared_->hello.controller = controller_name();
  shared_->hello.lock_timeout_ms = run.lock_timeout.count();
  shared_->go = go_.get_future().share();
  std::promise<void> done;
  done_ = done.get_future();
  std::thread([shared = shared_, done = std::move(done)]() mutable {
    in_parallel(shared->sessions.size(), connecting_at_once, [&](std::size_t i) { shared->bring_up(i); });
    done.set_value();
  }).detach();
}

Fleet::~Fleet() {
  if (shared_ != nullptr && !decided_) go_.set_value(false);
}

Diagnostics Fleet::greet(const Secret& key, bool skip_unreachable, Diagnostics& warnings) {
  decided_ = true;
  shared_->hello.site_key = key;  // nobody reads it before the promise is kept
  go_.set_value(true);
  done_.wait();
  Diagnostics problems;
  const bool nobody_is_left = ready().empty();
  for (const auto& session : shared_->sessions) {
    if (session.state) continue;
    for (Diagnostic one : session.state.error().items()) {
      if (skip_unreachable && !nobody_is_left && one.fault == Fault::unreachable) {
        one.severity = Severity::warning;
        one.what += "; the host is left out";
        warnings.add(std::move(one));
      } else {
        problems.add(std::move(one));
      }
    }
  }
  return problems;
}

std::vector<Session*> Fleet::all() const {
  std::vector<Session*> out;
  for (auto& session : shared_->sessions) out.push_back(&session);
  return out;
}

std::vector<Session*> Fleet::ready() const {
  std::vector<Session*> out;
  for (auto& session : shared_->sessions)
    if (session.ready()) out.push_back(&session);
  return out;
}

Session* Fleet::find(std::string_view host) const {
  for (auto& session : shared_->sessions)
    if (session.host->name == host) return &session;
  return nullptr;
}

std::string new_run_id() {
  const std::time_t now = std::time(nullptr);
  std::tm utc{};
  ::gmtime_r(&now, &utc);
  char text[32];
  const std::size_t length = std::strftime(text, sizeof text, "%Y%m%dT%H%M%SZ", &utc);
  return std::string(text, length) + "-" + random_hex(4);
}

std::string controller_name() {
  std::string user = "uid" + std::to_string(::getuid());
  for (const char* variable : {"SUDO_USER", "LOGNAME", "USER"})
    if (const char* value = std::getenv(variable); value != nullptr && is_safe_name(value)) {
      user = value;
      break;
    }
  utsname machine{};
  const bool known = ::uname(&machine) == 0 && is_safe_name(machine.nodename);
  return user + "@" + (known ? machine.nodename : "unknown");
}

}  // namespace wright
