#pragma once

#include <wright/fact.hpp>
#include <wright/format.hpp>
#include <wright/probes.hpp>
#include <wright/resources.hpp>

namespace wright {

/// What every phase is told and can say. Lives as long as the phase.
class Phase {
 public:
  explicit Phase(detail::Call* call) : call_(call) {}
  Phase(const Phase&) = delete;
  Phase& operator=(const Phase&) = delete;

  /// The host's name in the site file, and the component's.
  [[nodiscard]] std::string host() const { return detail::copy(table().host_name(call_->handle)); }
  [[nodiscard]] std::string component() const { return detail::copy(table().component(call_->handle)); }
  /// The host's address in the site file.
  [[nodiscard]] std::string address() const { return fact("address").text(); }

  /// Something known about the host, such as "memory.total_bytes" or "apt.candidate:nginx". When it is not known yet,
  /// the phase ends here and is called again with it.
  [[nodiscard]] Fact fact(std::string_view name) const {
    const wright_value* value = nullptr;
    const std::int32_t status = table().fact(call_->handle, detail::borrow(name), &value);
    if (status == WRIGHT_PENDING) throw detail::Suspended();
    if (status != WRIGHT_OK && status != WRIGHT_ABSENT)
      throw HostError("the host refused the fact " + std::string(name));
    return {&call_->host, status == WRIGHT_OK ? value : nullptr, std::string(name)};
  }
  /// Asks for several facts at once, which saves the host being asked for one after the other.
  void need(const Strings& names) const {
    bool pending = false;
    for (const auto& name : names.items()) {
      const wright_value* value = nullptr;
      pending |= table().fact(call_->handle, detail::borrow(name), &value) == WRIGHT_PENDING;
    }
    if (pending) throw detail::Suspended();
  }

  /// A problem with what the user wrote; `option` is its path, such as "sites[0].name". The phase goes on, so that
  /// every problem is told at once.
  void error(std::string_view option, std::string_view summary, std::string_view why = {}) {
    call_->diagnose(WRIGHT_ERROR, summary, why, option);
  }
  void warning(std::string_view option, std::string_view summary, std::string_view why = {}) {
    call_->diagnose(WRIGHT_WARNING, summary, why, option);
  }

  /// A value for those that depend on this component: ${component.name}. Dots in the name make nested tables.
  void export_value(std::string_view name, std::string_view value) {
    detail::expect_ok(table().export_str(call_->handle, detail::borrow(name), detail::borrow(value)), name);
  }
  void export_value(std::string_view name, const std::string& value) { export_value(name, std::string_view(value)); }
  void export_value(std::string_view name, const char* value) { export_value(name, std::string_view(value)); }
  void export_value(std::string_view name, const Secret& value) {
    detail::expect_ok(table().export_secret(call_->handle, detail::borrow(name), detail::borrow(value.reveal())), name);
  }
  template <std::integral T>
  void export_value(std::string_view name, T value) {
    const auto key = detail::borrow(name);
    const auto status = std::is_same_v<T, bool>
                            ? table().export_bool(call_->handle, key, static_cast<std::int32_t>(value))
                            : table().export_int(call_->handle, key, static_cast<std::int64_t>(value));
    detail::expect_ok(status, name);
  }
  void export_value(std::string_view name, const std::vector<std::string>& list) {
    const auto items = detail::borrow(list);
    detail::expect_ok(table().export_list(call_->handle, detail::borrow(name), items.data(), items.size()), name);
  }

 protected:
  [[nodiscard]] const wright_host& table() const { return call_->host; }
  template <class Kind>
  Kind resource(std::string_view kind, std::string_view name) {
    return Kind(&call_->host, table().resource(call_->handle, detail::borrow(kind), detail::borrow(name)));
  }
  template <class Kind>
  Kind probe(std::string_view kind, std::string_view name) {
    return Kind(&call_->host, table().probe(call_->handle, detail::borrow(kind))).named(name);
  }

 private:
  detail::Call* call_;
};

/// install and configure: what must hold on the host.
class Declaring : public Phase {
 public:
  using Phase::Phase;
  Package package(std::string_view name) { return resource<Package>("package", name); }
  File file(std::string_view path) { return resource<File>("file", path); }
  Directory directory(std::string_view path) { return resource<Directory>("directory", path); }
  Symlink symlink(std::string_view path) { return resource<Symlink>("symlink", path); }
  User user(std::string_view name) { return resource<User>("user", name); }
  Group group(std::string_view name) { return resource<Group>("group", name); }
  Service service(std::string_view unit) { return resource<Service>("service", unit); }
  Command command(std::string_view name) { return resource<Command>("command", name); }
  Certificate certificate(std::string_view path) { return resource<Certificate>("certificate", path); }
  /// A setting of the running kernel, such as "net.core.somaxconn".
  Sysctl sysctl(std::string_view name) { return resource<Sysctl>("sysctl", name); }
  /// By the object's URL; with find(), by the collection's, "#" and a word that tells it from others.
  HttpObject http(std::string_view url) { return resource<HttpObject>("http", url); }
  /// A program or group of Supervisor.
  Program program(std::string_view name) { return resource<Program>("program", name); }
  Sql sql(std::string_view name) { return resource<Sql>("sql", name); }
  MongodbReplicaSet mongodb_replica_set(std::string_view name) {
    return resource<MongodbReplicaSet>("mongodb_replica_set", name);
  }
  /// By DATABASE.USER.
  MongodbUser mongodb_user(std::string_view name) { return resource<MongodbUser>("mongodb_user", name); }
};

/// Packages and what they need to be installed, before any configuration.
class Install : public Declaring {
 public:
  using Declaring::Declaring;
};

/// Files, services, and the rest.
class Configure : public Declaring {
 public:
  using Declaring::Declaring;
};

/// Read-only checks that the component does its work, as its users see it.
class Verify : public Phase {
 public:
  using Phase::Phase;
  /// Numeric address and port; or "unix:/path" of a listening socket, where the port means nothing.
  TcpProbe tcp(std::string_view host, std::uint16_t port = 0) {
    const bool socket = host.starts_with("unix:");
    auto made = probe<TcpProbe>("tcp", socket ? wright::format("{} answers at {}", component(), host)
                                              : wright::format("{} answers at {}:{}", component(), host, port));
    if (!socket) put(made, "port", port);
    return put(made, "host", host), made;
  }
  /// A listening socket by its path.
  TcpProbe socket(std::string_view path) { return tcp("unix:" + std::string(path)); }
  TlsProbe tls(std::string_view host, std::uint16_t port) {
    auto made = probe<TlsProbe>("tls", wright::format("{} speaks TLS at {}:{}", component(), host, port));
    return put(made, "host", host), put(made, "port", port), made;
  }
  HttpProbe http(std::string_view url) {
    auto made = probe<HttpProbe>("http", wright::format("{} answers {}", component(), url));
    return put(made, "url", url), made;
  }
  /// The server lets a user write, read and delete, or refuses it.
  MongodbProbe mongodb(std::string_view host, std::uint16_t port) {
    auto made = probe<MongodbProbe>("mongodb", wright::format("{} answers at {}:{}", component(), host, port));
    return put(made, "host", host), put(made, "port", port), made;
  }
  /// Wright can log in to the host anew. A "local" host has no login, and passes.
  LoginProbe login() { return probe<LoginProbe>("login", "wright can log in anew").from_controller(); }
  /// A program that changes nothing succeeds.
  CommandProbe check_command(const Strings& argv) {
    const std::string program = argv.items().empty() ? "" : argv.items().front();
    auto made = probe<CommandProbe>("command", wright::format("{}: {} succeeds", component(), program));
    return put(made, "argv", argv), made;
  }
  FileProbe file_check(std::string_view path) {
    auto made = probe<FileProbe>("file", wright::format("{}: {} is as expected", component(), path));
    return put(made, "path", path), made;
  }
  /// A program or group of Supervisor runs, all of it.
  ProgramProbe program(std::string_view name) {
    auto made = probe<ProgramProbe>("program", wright::format("{}: {} runs", component(), name));
    return put(made, "group", name), made;
  }

 private:
  /// What a probe cannot be without is set here, so that its class offers only what is optional.
  struct Setter : Node {
    explicit Setter(const Node& node) : Node(node) {}
    using Node::put;
  };
  template <class T>
  static void put(const Node& node, std::string_view name, const T& value) {
    Setter(node).put(name, value);
  }
};

/// What only this component knows to do before it is undone: drain a queue, dump a database. The undoing is the host's.
class Rollback : public Phase {
 public:
  using Phase::Phase;
  Command command(std::string_view name) { return resource<Command>("command", name); }
};

}  // namespace wright
