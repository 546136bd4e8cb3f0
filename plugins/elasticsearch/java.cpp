#include <algorithm>
#include <charconv>

#include "parts.hpp"

namespace elasticsearch {
namespace {

constexpr std::int64_t mebibyte = 1048576;

// Of 6.x, whose file is the only one. Its CMS collector is gone from Java 14 on; relative paths are those of a folder
// that the server may not write to.
constexpr std::string_view options_of_6 =
    "8-:-XX:+UseG1GC\n"
    "8-:-XX:G1ReservePercent=25\n"
    "8-:-XX:InitiatingHeapOccupancyPercent=30\n"
    "-Des.networkaddress.cache.ttl=60\n"
    "-Des.networkaddress.cache.negative.ttl=10\n"
    "-XX:+AlwaysPreTouch\n"
    "-Xss1m\n"
    "-Djava.awt.headless=true\n"
    "-Dfile.encoding=UTF-8\n"
    "-Djna.nosys=true\n"
    "-XX:-OmitStackTraceInFastThrow\n"
    "-Dio.netty.noUnsafe=true\n"
    "-Dio.netty.noKeySetOptimization=true\n"
    "-Dio.netty.recycler.maxCapacityPerThread=0\n"
    "-Dlog4j.shutdownHookEnabled=false\n"
    "-Dlog4j2.disable.jmx=true\n"
    "-Dlog4j2.formatMsgNoLookups=true\n"
    "-Djava.io.tmpdir=${ES_TMPDIR}\n"
    "-XX:+HeapDumpOnOutOfMemoryError\n"
    "9-:-Djava.locale.providers=COMPAT\n"
    "10-:-XX:UseAVX=2\n";

}  // namespace

bool has_jvm_folder(const Release& release) { return release.is_from(7, 7); }

std::int64_t heap_mb(const Config& c, std::int64_t memory_bytes) {
  if (c.heap_mb > 0) return c.heap_mb;
  const auto share = static_cast<std::int64_t>(static_cast<double>(memory_bytes) * c.heap_share) / mebibyte;
  return std::clamp<std::int64_t>(share, 512, 31744);
}

std::string jvm_file(const Config& c, const Release& release, std::int64_t memory_bytes) {
  const auto heap = heap_mb(c, memory_bytes);
  std::string out = "# Written by wright. Hand edits are reported by `wright plan` and replaced by the next apply.\n";
  out += wright::format("-Xms{}m\n-Xmx{}m\n", heap, heap);
  if (!has_jvm_folder(release)) {
    out += options_of_6;
    out += "-XX:HeapDumpPath=" + data_path(c) + "\n-XX:ErrorFile=" + log_path(c) + "/hs_err_pid%p.log\n";
    out += "8:-Xloggc:" + log_path(c) + "/gc.log\n";
    out += "9-:-Xlog:gc*,gc+age=trace,safepoint:file=" + log_path(c) +
           "/gc.log:utctime,pid,tags:filecount=32,filesize=64m\n";
  }
  for (const auto& line : c.jvm_options) out += line + "\n";
  return out;
}

int java_version(const std::string& package) {
  constexpr std::string_view head = "openjdk-";
  int version = 0;
  if (package.starts_with(head))
    std::from_chars(package.data() + head.size(), package.data() + package.size(), version);
  return version;
}

std::string java_home(const std::string& package, const std::string& arch) {
  constexpr std::string_view head = "openjdk-";
  if (package.substr(0, 8) == "default-") return "/usr/lib/jvm/default-java";
  if (package.substr(0, head.size()) != head) return {};
  const auto end = package.find('-', head.size());
  return "/usr/lib/jvm/java-" + package.substr(head.size(), end - head.size()) + "-openjdk-" + arch;
}

}  // namespace elasticsearch
