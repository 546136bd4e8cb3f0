#pragma once

#include <cstdint>
#include <string>
#include <vector>
#include <wright/plugin.hpp>

namespace base {

struct LogRotation {
  std::string name;
  std::vector<std::string> paths;
  std::string frequency = "weekly";
  std::uint32_t keep = 4;
  std::uint32_t size_mb = 0;
  std::uint32_t max_age_days = 0;
  bool compress = true;
  bool delay_compress = true;
  bool copy_truncate = false;
  bool date_suffix = false;
  bool missing_ok = true;
  bool skip_empty = true;
  std::string create_mode;
  std::string owner;
  std::string group;
  std::string run_as;
  std::vector<std::string> after;

  static constexpr auto options = wright::options(
      wright::option("name", &LogRotation::name, "Of its file in /etc/logrotate.d.").required(),
      wright::option("paths", &LogRotation::paths, "Logs, such as /var/log/shop/*.log.").required(),
      wright::option("frequency", &LogRotation::frequency, "How often.")
          .choices("daily", "weekly", "monthly", "yearly"),
      wright::option("keep", &LogRotation::keep, "How many old logs stay.").range(0, 10000),
      wright::option("size_mb", &LogRotation::size_mb,
                     "Rotates earlier when a log is larger than so many MiB, looked at once a day; 0: never earlier.")
          .range(0, 1048576),
      wright::option("max_age_days", &LogRotation::max_age_days, "Removes old logs after so many days; 0: keep alone.")
          .range(0, 36500),
      wright::option("compress", &LogRotation::compress, "Compresses old logs."),
      wright::option("delay_compress", &LogRotation::delay_compress,
                     "But the newest of them only the next time, as programs may still write to it."),
      wright::option("copy_truncate", &LogRotation::copy_truncate,
                     "Copies and empties the log, for programs that cannot open a new one; lines written meanwhile "
                     "are lost."),
      wright::option("date_suffix", &LogRotation::date_suffix, "Old logs end in their date instead of a number."),
      wright::option("missing_ok", &LogRotation::missing_ok, "A log that is not there is no error."),
      wright::option("skip_empty", &LogRotation::skip_empty, "Leaves a log without lines as it is."),
      wright::option("create_mode", &LogRotation::create_mode,
                     "Permissions of the new log, such as \"0640\"; those of the old one when empty."),
      wright::option("owner", &LogRotation::owner, "And its owner, with create_mode."),
      wright::option("group", &LogRotation::group, "And its group, with create_mode."),
      wright::option("run_as", &LogRotation::run_as,
                     "USER:GROUP that rotates; needed where others than root may write to the logs' folder."),
      wright::option("after", &LogRotation::after,
                     "Shell commands after a rotation, once for all logs, such as \"systemctl reload shop\"."));
};

}  // namespace base
