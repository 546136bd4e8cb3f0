#include "model/kinds.hpp"

namespace wright {
namespace {

using enum AttributeType;

constexpr AttributeSpec tcp_probe_attributes[] = {
    {"host", text, true, "Numeric address to connect to, or \"unix:/path\"."},
    {"port", integer, false, "TCP port; required unless host is a socket path."},
    {"send", secret_or_text, false, "Bytes sent after the connection is made."},
    {"expect", text, false, "Bytes the answer must contain."},
};
constexpr AttributeSpec tls_probe_attributes[] = {
    {"host", text, true, "Numeric address to connect to."},
    {"port", integer, true, "TCP port."},
    {"server_name", text, false, "Name for SNI, which the certificate must carry."},
    {"min_days", integer, false, "The certificate must be valid for at least so many days; 0 by default."},
    {"min_version", text, false, "Lowest TLS version: \"1.2\" (the default) or \"1.3\"."},
    {"trust", text, false, "\"any\" accepts a self-signed certificate; \"system\" (the default) the host's store."},
};
constexpr AttributeSpec http_probe_attributes[] = {
    {"url", text, true, "http:// or https:// with host name, port and path."},
    {"address", text, false, "Numeric address to connect to instead of the URL's host, or \"unix:/path\"."},
    {"method", text, false, "GET by default."},
    {"headers", table, false, "Request headers; values may be secrets."},
    {"body", secret_or_text, false, "Request body."},
    {"status", integer, false, "Expected status; 200 by default. 0: the connection must be closed without an answer."},
    {"contains", text, false, "Bytes the body must contain."},
    {"header_contains", table, false, "Response header name to the text it must contain."},
    {"trust", text, false, "As for tls."},
};
constexpr AttributeSpec mongodb_probe_attributes[] = {
    {"host", text, true, "Numeric address to connect to."},
    {"port", integer, true, "TCP port."},
    {"tls", boolean, false, "It is asked over TLS, whatever its certificate; false by default."},
    {"user", text, false, "Who logs in; nobody when it is not given."},
    {"password", secret_or_text, false, "With it."},
    {"login_database", text, false, "Database that the user belongs to; admin by default."},
    {"database", text, false,
     "Where a document is written, read and deleted, in a collection of its own that is dropped; test by default."},
    {"login_only", boolean, false, "That it is let in is enough: nothing is written, as its roles may not let it."},
    {"refused", boolean, false, "The user, or one without a password, must be refused."},
    {"replica_set", text, false, "The server must be a member of that set. One that takes no writes is only read."},
};
constexpr AttributeSpec command_probe_attributes[] = {
    {"argv", strings, true, "The program, by its absolute path, and its arguments. It must change nothing."},
    {"user", text, false, "Runs as this user; root by default."},
    {"stdin", secret_or_text, false, "Bytes for its standard input."},
    {"environment", table, false, "Variables, besides PATH and LC_ALL=C.UTF-8."},
    {"exit", integer, false, "Expected exit code; 0 by default."},
    {"contains", text, false, "Text its standard output must contain."},
};
constexpr AttributeSpec file_probe_attributes[] = {
    {"path", text, true, "Absolute path."},
    {"exists", boolean, false, "true by default."},
    {"mode", mode, false, "Expected permission bits."},
    {"contains", text, false, "Bytes its content must contain."},
};

constexpr AttributeSpec program_probe_attributes[] = {
    {"group", text, true, "Its name, or that of its group."},
    {"processes", integer, false, "How many it has; 1 by default."},
    {"up_s", integer, false, "For how many seconds each must run already; 0 by default."},
    {"socket", text, false, "Of the supervisord that has it; /run/supervisor.sock by default."},
    {"secrets", table, false, "Texts that are left out when the end of its log is shown."},
};

constexpr KindSpec probes[] = {
    {"tcp", "A connection is accepted, and answers as expected.", tcp_probe_attributes},
    {"tls", "A TLS handshake succeeds with a certificate that is right.", tls_probe_attributes},
    {"http", "A request over HTTP or HTTPS is answered as expected.", http_probe_attributes},
    {"mongodb", "A MongoDB server lets a user write, read and delete, or refuses it.", mongodb_probe_attributes},
    {"command", "A program succeeds.", command_probe_attributes},
    {"file", "A file is as expected.", file_probe_attributes},
    {"program", "A program or group of Supervisor runs, with all its processes.", program_probe_attributes},
    {"login", "Wright can log in to the host anew, by a second connection. Asked from the controller.", {}},
};

}  // namespace

std::span<const KindSpec> probe_kinds() { return probes; }

}  // namespace wright
