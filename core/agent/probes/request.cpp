#include "agent/probes/request.hpp"

#include <algorithm>
#include <map>

#include "agent/probes/kinds_of_probe.hpp"

namespace wright::agent {
namespace {

bool is_token(const std::string& text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](unsigned char c) {
    return std::isalnum(c) != 0 || std::string_view("!#$%&'*+-.^_`|~").find(static_cast<char>(c)) != std::string::npos;
  });
}

/// Header names compare without case.
struct WithoutCase {
  bool operator()(const std::string& a, const std::string& b) const {
    return std::lexicographical_compare(a.begin(), a.end(), b.begin(), b.end(), [](unsigned char x, unsigned char y) {
      return std::tolower(x) < std::tolower(y);
    });
  }
};

}  // namespace

Talk<std::string> request_of(const Probe& probe, const Url& url) {
  const std::string method = attribute(probe, "method").text_or("GET");
  if (!is_token(method)) return trouble(Trouble::Kind::unfit, "method must be a name such as GET");
  const std::string body = attribute(probe, "body").text_or("");
  std::map<std::string, std::string, WithoutCase> headers{
      {"Host", url.authority}, {"User-Agent", "wright"}, {"Accept", "*/*"}, {"Connection", "close"}};
  if (!body.empty() || method == "POST" || method == "PUT" || method == "PATCH")
    headers["Content-Length"] = std::to_string(body.size());
  if (const auto* given = attribute(probe, "headers").as_map())
    for (const auto& [name, value] : *given) {
      const std::string text = value.text_or("");
      if (!is_token(name)) return trouble(Trouble::Kind::unfit, "\"" + name + "\" cannot be the name of a header");
      if (text.find_first_of(std::string_view("\r\n\0", 3)) != std::string::npos)
        return trouble(Trouble::Kind::unfit, "the value of the header " + name + " holds the end of a line");
      headers[name] = text;
    }
  std::string request = method + " " + url.target + " HTTP/1.1\r\n";
  for (const auto& [name, value] : headers) request += name + ": " + value + "\r\n";
  return request + "\r\n" + body;
}

}  // namespace wright::agent
