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

Talk<std::string> request_text(const Request& request, const Url& url) {
  const std::string& method = request.method;
  if (!is_token(method)) return trouble(Trouble::Kind::unfit, "method must be a name such as GET");
  std::map<std::string, std::string, WithoutCase> headers{{"Host", url.authority},
                                                          {"User-Agent", "wright"},
                                                          {"Accept", "*/*"},
                                                          {"Connection", request.persists ? "keep-alive" : "close"}};
  if (!request.body.empty() || method == "POST" || method == "PUT" || method == "PATCH")
    headers["Content-Length"] = std::to_string(request.body.size());
  for (const auto& [name, value] : request.headers) {
    const std::string text = value.text_or("");
    if (!is_token(name)) return trouble(Trouble::Kind::unfit, "\"" + name + "\" cannot be the name of a header");
    if (text.find_first_of(std::string_view("\r\n\0", 3)) != std::string::npos)
      return trouble(Trouble::Kind::unfit, "the value of the header " + name + " holds the end of a line");
    headers[name] = text;
  }
  std::string text = method + " " + url.target + " HTTP/1.1\r\n";
  for (const auto& [name, value] : headers) text += name + ": " + value + "\r\n";
  return text + "\r\n" + request.body;
}

Talk<std::string> request_of(const Probe& probe, const Url& url) {
  Request request;
  request.method = attribute(probe, "method").text_or("GET");
  request.body = attribute(probe, "body").text_or("");
  if (const auto* headers = attribute(probe, "headers").as_map()) request.headers = *headers;
  return request_text(request, url);
}

}  // namespace wright::agent
