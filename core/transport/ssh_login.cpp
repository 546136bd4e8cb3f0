#include "transport/ssh_login.hpp"

#include <libssh/libssh.h>
#include <pwd.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <memory>

#include "transport/problem.hpp"

namespace wright {
namespace {

using Key = std::unique_ptr<ssh_key_struct, decltype(&ssh_key_free)>;

/// Without this the library asks for the passphrase on the terminal.
int no_passphrase(const char*, char*, std::size_t, int, int, void* asked) {
  *static_cast<bool*>(asked) = true;
  return -1;
}

struct Loaded {
  Key key{nullptr, &ssh_key_free};
  std::string problem;
  bool encrypted = false;
};

Loaded load(const std::string& path) {
  Loaded out;
  struct stat file {};
  if (::stat(path.c_str(), &file) != 0) {
    out.problem = std::strerror(errno);
  } else if ((file.st_mode & 077U) != 0 && file.st_uid == ::geteuid()) {
    out.problem = "others may read it (chmod 600 " + path + ")";
  } else {
    ssh_key key = nullptr;
    const int result = ssh_pki_import_privkey_file(path.c_str(), nullptr, &no_passphrase, &out.encrypted, &key);
    out.key.reset(key);
    if (out.encrypted) {
      out.problem = "it has a passphrase (ssh-add " + path + ")";
    } else if (result != SSH_OK) {
      out.problem = result == SSH_EOF ? "it may not be read" : "it is no private key";
    }
  }
  return out;
}

std::string home_folder() {
  if (const char* home = std::getenv("HOME"); home != nullptr && *home == '/') return home;
  std::array<char, 4096> buffer{};
  passwd entry{};
  passwd* found = nullptr;
  ::getpwuid_r(::geteuid(), &entry, buffer.data(), buffer.size(), &found);
  return found != nullptr ? found->pw_dir : "/nonexistent";
}

class Login {
 public:
  Login(SshSession& session, const Target& target, Deadline deadline)
      : session_(session), target_(target), deadline_(deadline) {}

  Result<> run() {
    if (!target_.key.empty()) {
      if (with_file(target_.key, true)) return {};
      if (encrypted_ && alive_ && with_agent()) return {};
    } else {
      if (with_agent()) return {};
      for (const char* name : {"id_ed25519", "id_ecdsa", "id_rsa"})
        if (alive_ && with_file(home_folder() + "/.ssh/" + name, false)) return {};
    }
    return alive_ ? refused() : lost();
  }

 private:
  template <class Step>
  bool ask(Step step) {
    const int result = session_.drive(step, static_cast<int>(SSH_AUTH_AGAIN), deadline_);
    if (result == SSH_AUTH_SUCCESS) return true;
    if (result == SSH_AUTH_PARTIAL) partial_ = true;
    timed_out_ = result == SSH_AUTH_AGAIN;
    // After an error or in the middle of an exchange nothing else can be asked.
    alive_ = result != SSH_AUTH_ERROR && result != SSH_AUTH_AGAIN;
    return false;
  }

  bool with_file(const std::string& path, bool named) {
    Loaded loaded = load(path);
    encrypted_ = encrypted_ || loaded.encrypted;
    if (!loaded.problem.empty()) {
      if (named || ::access(path.c_str(), F_OK) == 0) tried_ += "\n" + path + ": " + loaded.problem;
      return false;
    }
    tried_ += "\n" + path + ": refused";
    offered_ = true;
    return ask([&] { return ssh_userauth_publickey(session_.get(), nullptr, loaded.key.get()); });
  }

  bool with_agent() {
    const char* socket = std::getenv("SSH_AUTH_SOCK");
    if (socket == nullptr || *socket == '\0') {
      tried_ += "\nssh agent: none (SSH_AUTH_SOCK is not set)";
      return false;
    }
    tried_ += "\nssh agent: no key of it is accepted";
    offered_ = true;
    return ask([&] { return ssh_userauth_agent(session_.get(), nullptr); });
  }

  [[nodiscard]] Result<> lost() const {
    if (timed_out_)
      return problem(Fault::unreachable, target_.name,
                     "the server did not finish the login within " + in_seconds(target_.connect_timeout));
    const std::string error = session_.error();
    // A server that has seen enough keys says so and hangs up: that is a refusal.
    if (error.find("Too many authentication failures") != std::string::npos) return refused();
    return problem(Fault::unreachable, target_.name, "lost the connection during the login", error);
  }

  [[nodiscard]] Result<> refused() const {
    std::string why = "tried:" + tried_;
    if (partial_) why += "\nthe server takes a key and wants something else besides, which wright does not do";
    if (!offered_)
      return problem(Fault::trust, target_.name, "there is no key to log in with", std::move(why),
                     "name the file of a private key as `key` in the site file, or start an ssh agent that has one");
    if (const auto error = session_.error(); !error.empty()) why += "\n" + error;
    return problem(Fault::trust, target_.name, "the host does not let " + target_.user + " in", std::move(why),
                   "put the public key into ~" + target_.user +
                       "/.ssh/authorized_keys on the host, or name another `key` or `user` in the site file");
  }

  SshSession& session_;
  const Target& target_;
  Deadline deadline_;
  std::string tried_;
  bool offered_ = false;  // the server was asked about a key
  bool encrypted_ = false;
  bool partial_ = false;
  bool alive_ = true;
  bool timed_out_ = false;
};

}  // namespace

Result<> log_in(SshSession& session, const Target& target, Deadline deadline) {
  return Login(session, target, deadline).run();
}

}  // namespace wright
