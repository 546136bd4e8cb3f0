#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace wright {

enum class Severity { error, warning, note };

/// What kind of failure a diagnostic is. The command line turns the worst of them into its exit code.
enum class Fault {
  failed,       ///< something did not work; exit code 1
  usage,        ///< the command line is wrong; 64
  bad_site,     ///< the site file is wrong; 65
  bad_plugin,   ///< a plugin is missing, refused, or misbehaved; 65
  unreachable,  ///< no connection to a host, or it was lost; 4
  trust,        ///< a host key is unknown or not the pinned one, or a login or sudo is refused; 8
  locked,       ///< another run holds the host; 7
  stale_plan,   ///< the host changed since the plan was made; 1
  interrupted,  ///< a signal, or a dead peer; 130
};

/// A problem, in the four parts a user needs. Texts are UTF-8, without trailing newline.
struct Diagnostic {
  Severity severity = Severity::error;
  Fault fault = Fault::failed;
  std::string where;  ///< "site.toml:12:3", "web1/nginx/file:/etc/nginx/nginx.conf" or empty
  std::string what;   ///< one sentence: what is wrong and what was expected
  std::string why;    ///< detail, such as the last lines of a command's output; may be empty
  std::string next;   ///< what to do next; may be empty
};

/// Every problem of one piece of work, in the order found. Never logged and returned both.
class Diagnostics {
 public:
  Diagnostics() = default;
  explicit Diagnostics(Diagnostic one) { items_.push_back(std::move(one)); }

  void add(Diagnostic one) { items_.push_back(std::move(one)); }
  void add(const Diagnostics& others) { items_.insert(items_.end(), others.items_.begin(), others.items_.end()); }

  [[nodiscard]] bool has_errors() const;
  [[nodiscard]] bool empty() const { return items_.empty(); }
  [[nodiscard]] const std::vector<Diagnostic>& items() const { return items_; }

 private:
  std::vector<Diagnostic> items_;
};

/// The diagnostic on one or a few lines: "where: error: what", then why and next, each indented.
std::string to_text(const Diagnostic& one);
std::string to_text(const Diagnostics& all);
/// "where: what: why" of the first, for a place that has one line only.
std::string in_one_line(const Diagnostics& all);

std::string_view name_of(Severity severity);
std::string_view name_of(Fault fault);
/// The fault with that name; Fault::failed for any other.
Fault fault_named(std::string_view name);

}  // namespace wright
