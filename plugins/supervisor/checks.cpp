#include <map>
#include <set>
#include <wright/check.hpp>
#include <wright/supervised.hpp>

#include "options.hpp"

namespace supervisor {
namespace {

class Check {
 public:
  Check(wright::Configure& on, const Config& c) : on_(on), c_(c) {}

  bool passes() {
    std::set<std::string> names;
    for (std::size_t i = 0; i < c_.programs.size(); ++i) {
      const std::string place = wright::format("programs[{}]", i);
      program(place, c_.programs[i]);
      if (!names.insert(c_.programs[i].name).second) bad(place + ".name", "is another one's already");
    }
    for (std::size_t i = 0; i < c_.groups.size(); ++i) {
      const std::string place = wright::format("groups[{}]", i);
      group(place, c_.groups[i]);
      if (!names.insert(c_.groups[i].name).second)
        bad(place + ".name", "is that of a program or of another group already");
    }
    server();
    return good_;
  }

 private:
  void bad(std::string_view option, std::string_view what) {
    on_.error(option, what);
    good_ = false;
  }

  static bool is_plain(std::string_view text) {
    return !text.empty() && text[0] != '.' && std::all_of(text.begin(), text.end(), [](unsigned char c) {
      return std::isalnum(c) != 0 || c == '-' || c == '_' || c == '.';
    });
  }
  static bool is_octal(std::string_view text) {
    return !text.empty() && text.size() <= 4 && text.find_first_not_of("01234567") == std::string_view::npos;
  }
  /// Supervisor's files have no escapes in a path, and "%" expands.
  static bool is_plain_path(const std::string& text) {
    return (text == "/" || wright::is_absolute_path(text)) && text.find_first_of("% ;#") == std::string::npos;
  }

  void program(const std::string& place, const Program& p) {
    if (!is_plain(p.name)) bad(place + ".name", "must be letters, digits, \"-\", \"_\" and \".\"");
    if (p.command.empty() || !wright::is_absolute_path(p.command.front()))
      bad(place + ".command", "must begin with the absolute path of a program");
    for (const auto& word : p.command)
      if (!wright::is_line(word)) bad(place + ".command", "holds a control character");
    if (!is_plain_path(p.directory))
      bad(place + ".directory", "must be an absolute path without \"..\", blanks or \"%\"");
    for (const auto& [option, path] : {std::pair{".log", &p.log}, {".stderr_log", &p.stderr_log}})
      if (!path->empty() && (!is_plain_path(*path) || *path == "/"))
        bad(place + option, "must be an absolute path without \"..\", blanks or \"%\"");
    if (p.numprocs > 1 && !(p.log.empty() && p.stderr_log.empty()))
      bad(place + ".log", "would be written by several processes: leave log and stderr_log out with numprocs");
    if (!wright::is_word(p.user)) bad(place + ".user", "must be the name of an account");
    if (!is_octal(p.umask)) bad(place + ".umask", "must be octal digits, such as 022");
    for (const auto& [name, value] : p.environment) {
      const std::string option = place + ".environment." + name;
      if (!wright::is_variable_name(name)) bad(option, "is not the name of a variable");
      if (const auto why = wright::why_no_supervised_variable(value.reveal()); !why.empty()) bad(option, why);
    }
    if (p.stopasgroup && !p.killasgroup) bad(place + ".killasgroup", "is needed with stopasgroup");
    if (p.stopwaitsecs + 10 > c_.stop_timeout_s)
      bad(place + ".stopwaitsecs", "must be at least 10 s below stop_timeout_s, or systemd kills it before");
  }

  void group(const std::string& place, const Group& g) {
    if (!is_plain(g.name)) bad(place + ".name", "must be letters, digits, \"-\", \"_\" and \".\"");
    if (g.programs.empty()) bad(place + ".programs", "names none");
    std::optional<bool> up;
    for (std::size_t i = 0; i < g.programs.size(); ++i) {
      const std::string option = wright::format("{}.programs[{}]", place, i);
      const auto known = std::find_if(c_.programs.begin(), c_.programs.end(),
                                      [&](const Program& p) { return p.name == g.programs[i]; });
      if (known == c_.programs.end()) {
        bad(option, "is no name among programs");
        continue;
      }
      if (!grouped_.insert(g.programs[i]).second) bad(option, "is in a group already");
      if (up && *up != stays_up(*known))
        bad(option, "and the others must all stay up, or none: see autostart and autorestart");
      up = stays_up(*known);
    }
  }

  void server() {
    if (!is_plain_path(c_.socket) || c_.socket == "/")
      bad("socket", "must be an absolute path without \"..\" or blanks");
    if (!is_octal(c_.socket_mode)) bad("socket_mode", "must be octal digits, such as 0700");
    if (const auto colon = c_.socket_owner.find(':');
        !c_.socket_owner.empty() && (colon == std::string::npos || !is_plain(c_.socket_owner.substr(0, colon)) ||
                                     !is_plain(c_.socket_owner.substr(colon + 1))))
      bad("socket_owner", "must be USER:GROUP");
    if (!c_.version.empty() && !wright::is_word(c_.version)) bad("version", "must be the version of a package");
    if (!is_plain_path(c_.log_folder) || c_.log_folder == "/")
      bad("log_folder", "must be an absolute path without \"..\", blanks or \"%\"");
    if (!c_.socket_user.empty() || !c_.socket_password.empty())
      login("socket_user", c_.socket_user, "socket_password", c_.socket_password, "socket_password");
    if (!c_.http_port) return;
    if (c_.http_address.empty() || c_.http_address.find_first_not_of("0123456789.") != std::string::npos)
      bad("http_address", "must be a numeric IPv4 address, such as 127.0.0.1");
    login("http_user", c_.http_user, "http_password", c_.http_password, "http_port");
  }

  void login(std::string_view user_option, const std::string& user, std::string_view password_option,
             const wright::Secret& secret, std::string_view why) {
    if (!is_plain(user)) bad(user_option, wright::format("is needed with {}, and must be a plain word", why));
    const std::string password = secret.reveal();
    if (password.empty())
      bad(password_option, wright::format("is needed with {}", why == password_option ? user_option : why));
    if (!wright::is_line(password) || password.find_first_of(" ;#") != std::string::npos)
      bad(password_option,
          "must not hold blanks, \"#\", \";\" or control characters: Supervisor's file has no escapes");
    if (password.starts_with("{SHA}")) bad(password_option, "must be the password itself, not a digest of it");
  }

  wright::Configure& on_;
  const Config& c_;
  std::set<std::string> grouped_;
  bool good_ = true;
};

}  // namespace

bool check(wright::Configure& on, const Config& c) { return Check(on, c).passes(); }

const Group* group_of(const Config& c, const std::string& program) {
  for (const auto& group : c.groups)
    if (std::find(group.programs.begin(), group.programs.end(), program) != group.programs.end()) return &group;
  return nullptr;
}

bool stays_up(const Program& p) { return p.autostart && p.autorestart != "false"; }

}  // namespace supervisor
