// The floor of any run over SSH: connect, key exchange, public-key login, one channel, `true`.
// Usage: handshake ADDRESS KEY
#include <libssh/libssh.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include <cstdio>

namespace {

/// As wright's own transport does: a server that waits for a delayed ACK would make the floor 40 ms higher than it is.
void acknowledge_at_once(ssh_session session) {
  const int at_once = 1;
  ::setsockopt(ssh_get_fd(session), IPPROTO_TCP, TCP_QUICKACK, &at_once, sizeof at_once);
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 3) return 64;
  ssh_session session = ssh_new();
  const int no = 0;
  const int nodelay = 1;
  ssh_options_set(session, SSH_OPTIONS_PROCESS_CONFIG, &no);
  ssh_options_set(session, SSH_OPTIONS_HOST, argv[1]);
  ssh_options_set(session, SSH_OPTIONS_USER, "root");
  ssh_options_set(session, SSH_OPTIONS_NODELAY, &nodelay);
  ssh_options_set(session, SSH_OPTIONS_KEY_EXCHANGE, "curve25519-sha256");
  ssh_key key = nullptr;
  const bool done = ssh_pki_import_privkey_file(argv[2], nullptr, nullptr, nullptr, &key) == SSH_OK &&
                    ssh_connect(session) == SSH_OK && (acknowledge_at_once(session), true) &&
                    ssh_userauth_publickey(session, nullptr, key) == SSH_AUTH_SUCCESS;
  if (!done) {
    std::fprintf(stderr, "handshake: %s\n", ssh_get_error(session));
    return 1;
  }
  acknowledge_at_once(session);
  ssh_channel channel = ssh_channel_new(session);
  char byte = 0;
  const bool ran = ssh_channel_open_session(channel) == SSH_OK && (acknowledge_at_once(session), true) &&
                   ssh_channel_request_exec(channel, "true") == SSH_OK && ssh_channel_read(channel, &byte, 1, 0) >= 0;
  ssh_key_free(key);
  ssh_disconnect(session);
  ssh_free(session);
  return ran ? 0 : 1;
}
