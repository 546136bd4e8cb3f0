#pragma once

#include <wright/node.hpp>

// One class per kind of probe. What each attribute means is in `wright docs kinds`.
namespace wright {

template <class Self>
class ProbeOf : public Node {
 public:
  using Node::Node;

  /// One line for people, instead of the one made from kind and target.
  Self named(std::string_view line) const {
    check(host_->probe_name(node_, detail::borrow(line)), "name");
    return self();
  }
  /// A readiness gate: must pass before those that depend on the component start.
  Self ready() const {
    check(host_->probe_ready(node_), "ready");
    return self();
  }
  Self deadline(double seconds) const {
    check(host_->probe_deadline_ms(node_, milliseconds(seconds)), "deadline");
    return self();
  }

 protected:
  [[nodiscard]] const Self& self() const { return static_cast<const Self&>(*this); }
  template <class T>
  Self set(std::string_view name, const T& value) const {
    put(name, value);
    return self();
  }
};

/// Probes that can be asked from outside, as a visitor would.
template <class Self>
class NetworkProbeOf : public ProbeOf<Self> {
 public:
  using ProbeOf<Self>::ProbeOf;
  Self from_controller() const {
    this->check(this->host_->probe_from(this->node_, detail::borrow("controller")), "from");
    return this->self();
  }
};

class TcpProbe : public NetworkProbeOf<TcpProbe> {
 public:
  using NetworkProbeOf::NetworkProbeOf;
  TcpProbe send(std::string_view bytes) const { return set("send", bytes); }
  TcpProbe send(const Secret& bytes) const { return set("send", bytes); }
  TcpProbe expect(std::string_view bytes) const { return set("expect", bytes); }
};

class TlsProbe : public NetworkProbeOf<TlsProbe> {
 public:
  using NetworkProbeOf::NetworkProbeOf;
  TlsProbe server_name(std::string_view name) const { return set("server_name", name); }
  TlsProbe min_days(std::int64_t days) const { return set("min_days", days); }
  TlsProbe min_version(std::string_view version) const { return set("min_version", version); }
  /// "any" accepts a self-signed certificate; "system" is the default.
  TlsProbe trust(std::string_view which) const { return set("trust", which); }
};

class HttpProbe : public NetworkProbeOf<HttpProbe> {
 public:
  using NetworkProbeOf::NetworkProbeOf;
  /// Numeric address to connect to instead of the URL's host, or "unix:/path".
  HttpProbe address(std::string_view numeric) const { return set("address", numeric); }
  HttpProbe method(std::string_view name) const { return set("method", name); }
  HttpProbe header(std::string_view name, std::string_view value) const {
    return put_entry("headers", name, value), self();
  }
  HttpProbe header(std::string_view name, const Secret& value) const {
    return put_entry("headers", name, value), self();
  }
  HttpProbe body(std::string_view bytes) const { return set("body", bytes); }
  HttpProbe body(const Secret& bytes) const { return set("body", bytes); }
  HttpProbe status(std::int64_t expected) const { return set("status", expected); }
  /// The connection must be closed without an answer.
  HttpProbe closed() const { return status(0); }
  HttpProbe contains(std::string_view bytes) const { return set("contains", bytes); }
  HttpProbe header_contains(std::string_view name, std::string_view text) const {
    return put_entry("header_contains", name, text), self();
  }
  HttpProbe trust(std::string_view which) const { return set("trust", which); }
};

class MongodbProbe : public ProbeOf<MongodbProbe> {
 public:
  using ProbeOf::ProbeOf;
  MongodbProbe login(std::string_view user, const Secret& password) const {
    return set("user", user), set("password", password);
  }
  /// The database that the user belongs to.
  MongodbProbe login_database(std::string_view name) const { return set("login_database", name); }
  /// Where a document is written, read and deleted.
  MongodbProbe database(std::string_view name) const { return set("database", name); }
  /// It is asked over TLS, whatever its certificate.
  MongodbProbe tls(bool yes = true) const { return set("tls", yes); }
  MongodbProbe replica_set(std::string_view name) const { return set("replica_set", name); }
  MongodbProbe refused() const { return set("refused", true); }
  /// That the user is let in is enough.
  MongodbProbe login_only() const { return set("login_only", true); }
};

/// Wright can log in to the host anew: for what could lock it out. Only ever asked from the controller.
class LoginProbe : public NetworkProbeOf<LoginProbe> {
 public:
  using NetworkProbeOf::NetworkProbeOf;
};

class CommandProbe : public ProbeOf<CommandProbe> {
 public:
  using ProbeOf::ProbeOf;
  CommandProbe user(std::string_view name) const { return set("user", name); }
  CommandProbe input(std::string_view bytes) const { return set("stdin", bytes); }
  CommandProbe input(const Secret& bytes) const { return set("stdin", bytes); }
  CommandProbe environment(std::string_view name, std::string_view value) const {
    return put_entry("environment", name, value), self();
  }
  CommandProbe environment(std::string_view name, const Secret& value) const {
    return put_entry("environment", name, value), self();
  }
  CommandProbe exit(int code) const { return set("exit", code); }
  CommandProbe contains(std::string_view text) const { return set("contains", text); }
};

class FileProbe : public ProbeOf<FileProbe> {
 public:
  using ProbeOf::ProbeOf;
  FileProbe exists(bool yes = true) const { return set("exists", yes); }
  FileProbe mode(int bits) const { return set("mode", bits); }
  FileProbe contains(std::string_view bytes) const { return set("contains", bytes); }
};

class ProgramProbe : public ProbeOf<ProgramProbe> {
 public:
  using ProbeOf::ProbeOf;
  ProgramProbe processes(std::int64_t count) const { return set("processes", count); }
  /// For how long each runs already.
  ProgramProbe up(std::int64_t seconds) const { return set("up_s", seconds); }
  ProgramProbe socket(std::string_view path) const { return set("socket", path); }
  /// A text that is left out when the end of its log is shown.
  ProgramProbe hide(std::string_view name, const Secret& text) const {
    return put_entry("secrets", name, text), self();
  }
};

}  // namespace wright
