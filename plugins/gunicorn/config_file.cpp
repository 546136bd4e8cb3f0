#include "config.hpp"
#include "templates/gunicorn.hpp"

namespace gunicorn {
namespace {

/// A Python string literal of a text without control characters.
std::string python_text(std::string_view text) {
  std::string out = "'";
  for (const char c : text) {
    if (c == '\'' || c == '\\') out += '\\';
    out += c;
  }
  return out + "'";
}

std::string python_list(const std::vector<std::string>& texts) {
  std::string out = "[";
  for (const auto& text : texts) out += (out.size() > 1 ? ", " : "") + python_text(text);
  return out + "]";
}

class Settings {
 public:
  void text(std::string_view name, std::string_view value) { line(name, python_text(value)); }
  void number(std::string_view name, std::int64_t value) { line(name, wright::format("{}", value)); }
  void flag(std::string_view name, bool value) { line(name, value ? "True" : "False"); }
  [[nodiscard]] const std::string& lines() const { return lines_; }

 private:
  void line(std::string_view name, std::string_view value) {
    lines_ += wright::format("{}{} = {}", lines_.empty() ? "" : "\n", name, value);
  }
  std::string lines_;
};

}  // namespace

Names names_of(const wright::Phase& on, const Config& c) {
  const std::string component = on.component();
  Names names;
  names.name = component == "gunicorn" ? component : "gunicorn-" + component;
  names.folder = "/etc/gunicorn/" + component;
  names.group = c.group.empty() ? c.user : c.group;
  names.socket = c.socket.empty() ? "/run/" + names.name + "/gunicorn.sock" : c.socket;
  names.socket_folder = names.socket.substr(0, names.socket.rfind('/'));
  return names;
}

std::vector<std::string> command_of(const Names& names, const Config& c) {
  std::vector<std::string> command = {
      names.folder + "/run", c.python, "-m", "gunicorn", "--config", names.folder + "/gunicorn.conf.py", "--bind",
      "unix:" + names.socket};
  for (const auto& address : c.bind) command.insert(command.end(), {"--bind", address});
  command.push_back(c.app);
  return command;
}

std::string config_file(const Names& names, const Config& c, std::int64_t workers) {
  Settings settings;
  settings.text("chdir", c.directory);
  settings.text("proc_name", names.name);
  settings.number("workers", workers);
  settings.number("threads", c.threads);
  settings.text("worker_class", c.worker_class);
  settings.number("timeout", c.timeout_s);
  settings.number("graceful_timeout", c.graceful_timeout_s);
  settings.number("keepalive", c.keepalive_s);
  settings.number("max_requests", c.max_requests);
  settings.number("max_requests_jitter", c.max_requests_jitter);
  settings.number("backlog", c.backlog);
  settings.flag("preload_app", c.preload);
  // The heartbeat of a worker is a file; on a disk that is busy it would be killed for nothing.
  settings.text("worker_tmp_dir", "/dev/shm");
  settings.text("loglevel", c.log_level);
  const std::string folder = c.log_folder.empty() ? "" : c.log_folder + "/";
  settings.text("errorlog", folder.empty() ? "-" : folder + "error.log");
  if (c.access_log) settings.text("accesslog", folder.empty() ? "-" : folder + "access.log");
  if (!c.syslog.empty()) {
    settings.flag("syslog", true);
    settings.text("syslog_addr", c.syslog);
    settings.text("syslog_prefix", names.name);
  }
  std::string extra;
  for (const auto& line : c.extra) extra += line + "\n";
  std::string text = wright::render(templates::gunicorn_conf_py, {{"name", names.name},
                                                                  {"settings", settings.lines()},
                                                                  {"command", python_list(command_of(names, c))},
                                                                  {"extra", extra}});
  while (text.ends_with("\n\n")) text.pop_back();
  return text;
}

}  // namespace gunicorn
