#include <array>
#include <boost/beast/http.hpp>
#include <optional>

#include "agent/probes/kinds_of_probe.hpp"
#include "agent/probes/request.hpp"
#include "agent/probes/tls.hpp"
#include "agent/probes/url.hpp"

namespace wright::agent {
namespace {

namespace http = boost::beast::http;
using Kind = Trouble::Kind;
using Parser = http::response_parser<http::string_body>;

constexpr std::uint32_t longest_header = 64U << 10U;
constexpr std::size_t longest_body = 1U << 20U;  // what is beyond is not read

/// What is read of an answer: always its header, and of the body what `contains` needs.
class Answer {
 public:
  Answer(Stream& stream, const Patience& patience, bool to_head, std::string contains)
      : stream_(stream), patience_(patience), to_head_(to_head), contains_(std::move(contains)) {
    start_over();
  }

  Talk<> read() {
    while (!enough()) {
      if (auto parsed = parse(); !parsed) return parsed;
      if (enough()) return {};
      if (provisional()) {
        start_over();
        continue;
      }
      std::array<char, 16384> piece{};
      auto got = stream_.read(piece, patience_);
      if (!got) return tl::unexpected(got.error());
      if (*got == 0) return at_the_end();
      came_ += *got;
      buffer_.append(piece.data(), *got);
    }
    return {};
  }

  [[nodiscard]] const Parser::value_type& message() const { return parser_->get(); }
  [[nodiscard]] bool has_header() const { return parser_->is_header_done(); }
  [[nodiscard]] std::size_t came() const { return came_; }

 private:
  void start_over() {
    parser_.emplace();
    parser_->eager(true);
    parser_->skip(to_head_);
    parser_->header_limit(longest_header);
    parser_->body_limit(std::uint64_t{1} << 62U);  // enough() stops long before
  }

  /// 100 and the like, with the true answer still to come.
  [[nodiscard]] bool provisional() const {
    return parser_->is_done() && message().result_int() >= 100 && message().result_int() < 200;
  }

  [[nodiscard]] bool enough() const {
    if (!parser_->is_header_done() || provisional()) return false;
    const std::string& body = message().body();
    return parser_->is_done() || contains_.empty() || body.size() >= longest_body ||
           body.find(contains_) != std::string::npos;
  }

  Talk<> parse() {
    boost::system::error_code error;
    while (!buffer_.empty() && !parser_->is_done()) {
      const std::size_t used = parser_->put(boost::asio::buffer(buffer_), error);
      buffer_.erase(0, used);
      if (error == http::error::need_more) return {};
      if (error) return trouble(Kind::wrong, "expected an HTTP answer; what came is none: " + error.message());
      if (used == 0) return {};
    }
    return {};
  }

  Talk<> at_the_end() {
    if (came_ == 0) return trouble(Kind::closed, "the connection was closed without an answer");
    boost::system::error_code error;
    parser_->put_eof(error);
    if (!has_header())
      return trouble(Kind::closed, "the connection was closed before the answer's header was complete");
    return {};  // a body that was cut short is searched as far as it came
  }

  Stream& stream_;
  const Patience& patience_;
  bool to_head_;
  std::string contains_;
  std::optional<Parser> parser_;
  std::string buffer_;
  std::size_t came_ = 0;
};

Talk<std::unique_ptr<Stream>> connect(const Probe& probe, const Url& url, bool checked, const Patience& patience) {
  const std::string trust = attribute(probe, "trust").text_or("system");
  if (trust != "any" && trust != "system")
    return trouble(Kind::unfit, "trust must be \"any\" or \"system\", not \"" + trust + "\"");
  auto stream = connect_to(attribute(probe, "address").text_or(url.host), url.port, patience);
  if (!stream || !url.secure) return stream;
  TlsWish wish;
  wish.server_name = url.host;
  wish.trusted = wish.name_must_match = wish.in_time = checked && trust == "system";
  return start_tls(std::move(*stream), wish, patience);
}

std::string status_text(const Answer& answer) {
  return std::to_string(answer.message().result_int()) + " " + std::string(answer.message().reason());
}

Talk<> check_headers(const Probe& probe, const Answer& answer) {
  const auto* wanted = attribute(probe, "header_contains").as_map();
  if (wanted == nullptr) return {};
  for (const auto& [name, text] : *wanted) {
    std::string seen;
    bool found = false;
    const auto range = answer.message().equal_range(name);
    for (auto field = range.first; field != range.second; ++field) {
      found = found || field->value().find(text.text_or("")) != boost::string_view::npos;
      seen += (seen.empty() ? "" : ", ") + std::string(field->value());
    }
    if (!found)
      return trouble(Kind::wrong, "expected the header " + name + " to contain " + shown(probe, text.text_or("")) +
                                      "; got " + shown(probe, seen));
  }
  return {};
}

Talk<> check_answer(const Probe& probe, const Answer& answer) {
  const auto expected = attribute(probe, "status").int_or(200);
  const std::string contains = attribute(probe, "contains").text_or("");
  const std::string& body = answer.message().body();
  if (static_cast<std::int64_t>(answer.message().result_int()) != expected)
    return trouble(Kind::wrong, "expected status " + std::to_string(expected) + "; got " +
                                    shown(probe, status_text(answer)) +
                                    // Without a text to look for, the body was not read.
                                    (contains.empty() || body.empty() ? "" : ", with " + shown(probe, body)));
  if (auto checked = check_headers(probe, answer); !checked) return checked;
  if (body.find(contains) == std::string::npos)
    return trouble(Kind::wrong, "expected a page with " + shown(probe, contains) +
                                    (body.size() >= longest_body ? " in its first MiB" : "") + "; got " +
                                    shown(probe, body));
  return {};
}

}  // namespace

Talk<> ask_http(const Probe& probe, const Patience& patience) {
  const auto url = parse_url(attribute(probe, "url").text_or(""));
  if (!url) return tl::unexpected(url.error());
  const auto request = request_of(probe, *url);
  if (!request) return tl::unexpected(request.error());
  const bool wants_close = attribute(probe, "status").int_or(200) == 0;
  auto stream = connect(probe, *url, !wants_close, patience);
  if (!stream) {
    if (wants_close && stream.error().kind == Kind::closed) return {};
    return tl::unexpected(stream.error());
  }
  auto sent = (*stream)->write(*request, patience);
  // A server may refuse before it has read everything; its answer is what counts.
  if (!sent && sent.error().kind != Kind::closed) return sent;
  Answer answer(**stream, patience, attribute(probe, "method").text_or("GET") == "HEAD",
                attribute(probe, "contains").text_or(""));
  const auto read = answer.read();
  if (wants_close) {
    if (!read && read.error().kind == Kind::closed && answer.came() == 0) return {};
    if (!read && !answer.has_header()) return read;
    return trouble(Kind::wrong, "expected the connection to be closed without an answer; got status " +
                                    shown(probe, status_text(answer)));
  }
  if (!read && (!answer.has_header() || read.error().kind == Kind::cancelled)) return read;
  if (auto checked = check_answer(probe, answer); !checked)
    return read ? checked : trouble(read.error().kind, checked.error().text + ", then " + read.error().text);
  return {};
}

}  // namespace wright::agent
