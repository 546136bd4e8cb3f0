// The floor of any run over SSH: connect, key exchange, public-key login, one channel, `true`.
// Usage: handshake ADDRESS KEY
#include <libssh/libssh.h>

#include <cstdio>

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
                    ssh_connect(session) == SSH_OK && ssh_userauth_publickey(session, nullptr, key) == SSH_AUTH_SUCCESS;
  if (!done) {
    std::fprintf(stderr, "handshake: %s\n", ssh_get_error(session));
    return 1;
  }
  ssh_channel channel = ssh_channel_new(session);
  char byte = 0;
  const bool ran = ssh_channel_open_session(channel) == SSH_OK && ssh_channel_request_exec(channel, "true") == SSH_OK &&
                   ssh_channel_read(channel, &byte, 1, 0) >= 0;
  ssh_key_free(key);
  ssh_disconnect(session);
  ssh_free(session);
  return ran ? 0 : 1;
}
