#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "agent/resources/before.hpp"
#include "agent/resources/kinds.hpp"
#include "agent/resources/one_by_one.hpp"

namespace wright::agent {
namespace {

/// "net.ipv4.ip_forward" is net/ipv4/ip_forward. As sysctl(8) has it, what the first separator is decides: in
/// "net/ipv4/conf/eth0.7/forwarding" the point is one of a name.
std::string path_of(std::string_view name) {
  std::string path(name);
  const auto first = path.find_first_of("./");
  if (first == std::string::npos || path[first] == '/') return path;
  for (char& c : path) c = c == '.' ? '/' : c == '/' ? '.' : c;
  return path;
}

/// Numbers stand with tabs between them where they are read, and with spaces where people write them.
std::string normal(std::string_view text) {
  std::string out;
  for (const char c : text) {
    const bool space = c == ' ' || c == '\t' || c == '\n';
    if (!space)
      out += c;
    else if (!out.empty() && out.back() != ' ')
      out += ' ';
  }
  if (!out.empty() && out.back() == ' ') out.pop_back();
  return out;
}

// Files of the kernel: plain calls, as they are neither replaced nor fsynced, and have no size.
class SysctlKind : public OneByOne {
 public:
  explicit SysctlKind(std::string folder) : folder_(std::move(folder)) {}

  Difference compare(const Resource& resource, const Observed& observed) const override {
    Difference difference;
    const std::string wanted = normal(text_attribute(resource, "value"));
    if (!observed.exists) {
      difference.action = Action::create;
      difference.attributes.push_back({"value", {}, wanted, {}, false});
      difference.notes.emplace_back("the kernel has no such setting now; perhaps a module of it is not loaded yet");
      return difference;
    }
    const Value now = observed.state.at("value");
    if (now.text_or("") == wanted) return difference;
    difference.action = Action::update;
    difference.attributes.push_back({"value", now, wanted, {}, false});
    return difference;
  }

  Result<> undo(const UndoRecord& record, Context& /*context*/) override {
    Diagnostics problems;
    for (auto id = record.ids.rbegin(); id != record.ids.rend(); ++id) {
      const auto* before = record.undo[id->name]["value"].as_string();
      if (before == nullptr) continue;
      const auto now = read(id->name);
      if (!now) {
        problems.add(now.error());
      } else if (*now && **now != *before) {
        if (auto written = write(id->name, *before); !written) problems.add(written.error());
      }
    }
    if (problems.has_errors()) return failure(problems);
    return {};
  }

 protected:
  Result<Observed> look_at_one(const Resource& resource, const Accounts& /*accounts*/,
                               Context& /*context*/) const override {
    const auto value = read(resource.id.name);
    if (!value) return failure(value.error());
    Observed observed;
    observed.exists = value->has_value();
    if (*value) observed.state["value"] = **value;
    return observed;
  }

  Result<Value> record_one(const Item& item, Context& /*context*/) const override {
    const auto value = read(item.resource->id.name);
    if (!value) return failure(value.error());
    return *value ? Value(Value::Map{{"value", **value}}) : Value(Value::Map{});
  }

  Result<> change_one(const Item& item, const Value& /*undo*/, Context& /*context*/) const override {
    const std::string& name = item.resource->id.name;
    const std::string wanted = normal(text_attribute(*item.resource, "value"));
    if (auto written = write(name, wanted); !written) return written;
    const auto now = read(name);
    if (!now) return failure(now.error());
    if (*now && **now == wanted) return {};
    return failure("sysctl:" + name, "the kernel made \"" + now->value_or("") + "\" of \"" + wanted + "\"",
                   "so it would be set again every time", "write it as the kernel does, or leave it out");
  }

 private:
  /// Nothing when the kernel has no such setting.
  [[nodiscard]] Result<std::optional<std::string>> read(const std::string& name) const {
    const std::string path = folder_ + "/" + path_of(name);
    const int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    if (fd < 0 && (errno == ENOENT || errno == ENOTDIR)) return std::optional<std::string>();
    std::string text;
    char buffer[4096];
    ssize_t count = -1;
    while (fd >= 0 && (count = ::read(fd, buffer, sizeof buffer)) > 0)
      text.append(buffer, static_cast<std::size_t>(count));
    const int code = errno;
    if (fd >= 0) ::close(fd);
    if (count < 0) return failure("sysctl:" + name, path + " cannot be read", std::strerror(code));
    return std::optional(normal(text));
  }

  [[nodiscard]] Result<> write(const std::string& name, const std::string& value) const {
    const std::string path = folder_ + "/" + path_of(name);
    const std::string line = value + "\n";
    const int fd = ::open(path.c_str(), O_WRONLY | O_CLOEXEC | O_NOFOLLOW | O_TRUNC);
    // One call: the kernel takes what it is given as the whole value.
    const bool done = fd >= 0 && ::write(fd, line.data(), line.size()) == static_cast<ssize_t>(line.size());
    const int code = errno;
    if (fd >= 0) ::close(fd);
    if (done) return {};
    const bool forbidden = code == EROFS || code == EACCES || code == EPERM;
    const std::string help = code == ENOENT ? "load the module that has it, or leave it out"
                             : forbidden    ? "in a container, set it on the machine that the container runs on"
                                            : "see what values this kernel takes";
    return failure("sysctl:" + name, "\"" + value + "\" cannot be written to " + path, std::strerror(code), help);
  }

  std::string folder_;
};

}  // namespace

std::unique_ptr<Kind> make_sysctl_kind(std::string folder) { return std::make_unique<SysctlKind>(std::move(folder)); }

}  // namespace wright::agent
