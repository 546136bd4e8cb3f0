#include "config.hpp"
#include "syntax.hpp"

namespace nginx {
namespace {

std::string format_name(const Config& c) { return c.log_format == "combined" ? "combined" : "wright"; }

void access_log(Text& out, const Config& c, const std::string& path) {
  std::vector<std::string> words = {path, format_name(c)};
  if (c.access_log_buffer_kb != 0) {
    words.push_back(wright::format("buffer={}k", c.access_log_buffer_kb));
    words.push_back(wright::format("flush={}s", c.access_log_flush_s));
  }
  out.directive("access_log", words);
}

}  // namespace

void declare_logs(Text& out, const Config& c) {
  // The fields that Graylog's extractors of the reference stack read, in their order.
  out.line(
      "log_format wright '$remote_addr - $remote_user [$time_local] \"$request\" $status $body_bytes_sent "
      "\"$http_referer\" "
      "\"$http_user_agent\" \"$http_x_forwarded_for\" msec=$msec connection=$connection requests=$connection_requests "
      "seconds=$request_time';");
  if (c.log_to == "syslog") {
    out.line("access_log syslog:server=" + c.syslog_access + ",tag=nginx_access " + format_name(c) + ";");
    out.line("error_log syslog:server=" + c.syslog_error + ",tag=nginx_error " + c.error_level + ";");
  } else {
    access_log(out, c, c.access_log);
    out.directive("error_log", {c.error_log, c.error_level});
  }
}

void declare_logs(Text& out, const Config& c, const Site& s) {
  if (s.access_log == "off")
    out.line("access_log off;");
  else if (!s.access_log.empty())
    access_log(out, c, s.access_log);
  if (!s.error_log.empty()) out.directive("error_log", {s.error_log, c.error_level});
}

}  // namespace nginx
