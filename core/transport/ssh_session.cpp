#include "transport/ssh_session.hpp"

#include <fcntl.h>
#include <libssh/libssh.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include "base/untrusted.hpp"
#include "transport/problem.hpp"
#include "transport/ssh_key.hpp"
#include "transport/tcp.hpp"

namespace wright {
namespace {

// curve25519 first: a tenth of a second faster than the hybrids, and every server of the last ten years has it.
constexpr const char* key_exchanges =
    "curve25519-sha256,curve25519-sha256@libssh.org,ecdh-sha2-nistp256,ecdh-sha2-nistp384,"
    "diffie-hellman-group16-sha512,diffie-hellman-group18-sha512,diffie-hellman-group14-sha256";
// AES-GCM first: as fast as the processor's AES, and not touched by prefix truncation (CVE-2023-48795).
constexpr const char* ciphers =
    "aes128-gcm@openssh.com,aes256-gcm@openssh.com,chacha20-poly1305@openssh.com,aes256-ctr,aes128-ctr";
constexpr const char* macs = "hmac-sha2-256-etm@openssh.com,hmac-sha2-512-etm@openssh.com,hmac-sha2-256,hmac-sha2-512";

}  // namespace

SshSession::SshSession(std::string where, Descriptor socket)
    : where_(std::move(where)), socket_(std::move(socket)), session_(ssh_new()) {}

// No ssh_disconnect(): it leaves a socket that was given to it open or closed depending on how far it gets. ssh_free()
// closes what is open, and the server takes the end of the connection for what it is.
SshSession::~SshSession() { ssh_free(session_); }

Result<> SshSession::set_options(const Target& target, const std::vector<std::string>& preferred) const {
  const auto algorithms = host_key_algorithms(preferred);
  const bool no_files = false;
  const int level = SSH_LOG_NOLOG;
  // Pins are looked up by this folder's own code; the library is to look nowhere. Its copy of the socket is its own.
  Descriptor copy(::fcntl(socket_.get(), F_DUPFD_CLOEXEC, 3));
  const int number = copy.get();
  bool good = copy.valid();
  const auto set = [&](ssh_options_e option, const void* value) {
    good = good && ssh_options_set(session_, option, value) == SSH_OK;
  };
  set(SSH_OPTIONS_PROCESS_CONFIG, &no_files);
  set(SSH_OPTIONS_LOG_VERBOSITY, &level);
  set(SSH_OPTIONS_KNOWNHOSTS, "/dev/null");
  set(SSH_OPTIONS_GLOBAL_KNOWNHOSTS, "/dev/null");
  set(SSH_OPTIONS_HOST, target.address.c_str());
  set(SSH_OPTIONS_USER, target.user.c_str());
  set(SSH_OPTIONS_KEY_EXCHANGE, key_exchanges);
  set(SSH_OPTIONS_HOSTKEYS, algorithms.c_str());
  set(SSH_OPTIONS_CIPHERS_C_S, ciphers);
  set(SSH_OPTIONS_CIPHERS_S_C, ciphers);
  set(SSH_OPTIONS_HMAC_C_S, macs);
  set(SSH_OPTIONS_HMAC_S_C, macs);
  set(SSH_OPTIONS_COMPRESSION, "no");
  set(SSH_OPTIONS_FD, &number);
  if (!good) return failure(where_, "cannot set up an SSH session", error());
  copy.release();
  ssh_set_blocking(session_, 0);
  return {};
}

Result<std::shared_ptr<SshSession>> SshSession::open(const Target& target, const std::vector<std::string>& preferred) {
  const auto deadline = after(target.connect_timeout);
  auto socket = connect_tcp(target.name, target.address, target.port, target.connect_timeout);
  if (!socket) return failure(socket.error());
  std::shared_ptr<SshSession> session(new SshSession(target.name, std::move(*socket)));
  if (auto set = session->set_options(target, preferred); !set) return failure(set.error());

  const int connected = session->drive([&] { return ssh_connect(session->session_); }, SSH_AGAIN, deadline);
  const std::string place = target.address + " port " + std::to_string(target.port);
  if (connected == SSH_AGAIN)
    return problem(
        Fault::unreachable, target.name,
        place + " took the connection and did not finish the key exchange within " + in_seconds(target.connect_timeout),
        {}, "see that it is an SSH server and that it is not overloaded");
  if (connected != SSH_OK)
    return problem(Fault::unreachable, target.name, place + " ended the connection during the key exchange",
                   session->error(),
                   "see that it is an SSH server, and whether it blocks this address (MaxStartups, fail2ban)");
  return session;
}

Result<PublicKey> SshSession::host_key() const {
  ssh_key key = nullptr;
  if (ssh_get_server_publickey(session_, &key) != SSH_OK) return failure(where_, "the server has no host key", error());
  auto out = to_public_key(key);
  ssh_key_free(key);
  return out;
}

void SshSession::watch(std::vector<pollfd>& descriptors) const {
  // Until a command runs, sshd leaves Nagle's algorithm on: its answer to the opening of a channel waits for our
  // acknowledgement of what it sent before, which the kernel would hold back for 40 ms. The option does not last.
  const int at_once = 1;
  ::setsockopt(socket_.get(), IPPROTO_TCP, TCP_QUICKACK, &at_once, sizeof at_once);
  const bool writing = (ssh_get_poll_flags(session_) & SSH_WRITE_PENDING) != 0;
  descriptors.push_back({socket_.get(), static_cast<short>(writing ? POLLIN | POLLOUT : POLLIN), 0});
}

void SshSession::wait(Deadline deadline) {
  std::vector<pollfd> descriptors;
  watch(descriptors);
  wait_for_any(descriptors, deadline);
}

std::string SshSession::error() const { return Untrusted(ssh_get_error(session_)).for_terminal(1000); }

}  // namespace wright
