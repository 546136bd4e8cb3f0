#include <algorithm>
#include <cctype>
#include <charconv>

#include "parts.hpp"

namespace elasticsearch {
namespace {

/// "6.8.23" and "7.x"; what does not begin with a number is no version.
bool read_version(std::string_view text, Release& release) {
  const char* end = text.data() + text.size();
  int major = 0;
  const auto [stop, problem] = std::from_chars(text.data(), end, major);
  if (problem != std::errc() || stop == end || *stop != '.') return false;
  release.major = major;
  // The newest of a series.
  release.minor = std::string_view(stop + 1, end) == "x" ? 99 : 0;
  std::from_chars(stop + 1, end, release.minor);
  return true;
}

/// The vendors' addresses name the series: …/packages/7.x/apt.
std::string_view series_in(std::string_view uri) {
  const auto end = uri.find(".x/");
  if (end == std::string_view::npos) return {};
  const auto begin = uri.rfind('/', end);
  return begin == std::string_view::npos ? std::string_view() : uri.substr(begin + 1, end + 2 - begin - 1);
}

}  // namespace

Release release_of(const wright::Phase& on, const Config& c) {
  Release release;
  release.opensearch = c.flavor == "opensearch";
  if (read_version(c.version, release) || read_version(series_in(c.source.uri), release)) return release;
  const std::string found = on.fact("apt.candidate:" + c.flavor).text_or("");
  // An epoch is no part of it.
  read_version(std::string_view(found).substr(found.find(':') == std::string::npos ? 0 : found.find(':') + 1), release);
  return release;
}

bool is_plain(std::string_view text, std::string_view more) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [&](unsigned char c) {
    return std::isalnum(c) != 0 || more.find(static_cast<char>(c)) != std::string_view::npos;
  });
}

std::string lower(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(),
                 [](unsigned char letter) { return static_cast<char>(std::tolower(letter)); });
  return text;
}

std::string data_path(const Config& c) { return c.data_path.empty() ? "/var/lib/" + c.flavor : c.data_path; }
std::string log_path(const Config& c) { return c.log_path.empty() ? "/var/log/" + c.flavor : c.log_path; }

bool is_loopback(std::string_view address) { return address.substr(0, 4) == "127." || address == "::1"; }

bool is_any(std::string_view address) { return address == "0.0.0.0" || address == "::"; }

std::string near_address(const Config& c) {
  for (const auto& address : c.bind)
    if (is_loopback(address)) return address;
  const std::string& first = c.bind.front();
  if (first == "0.0.0.0") return "127.0.0.1";
  return first == "::" ? "::1" : first;
}

std::string near_url(const Config& c) { return url_of(c, near_address(c)); }

std::string url_of(const Config& c, const std::string& address) {
  return wright::format("{}://{}:{}", is_https(c) ? "https" : "http", before_port(address), c.port);
}

std::string before_port(const std::string& address) {
  return address.find(':') == std::string::npos ? address : "[" + address + "]";
}

}  // namespace elasticsearch
