#include "agent/probes/http_client.hpp"

#include <array>
#include <boost/beast/http.hpp>

#include "agent/probes/tls.hpp"

namespace wright::agent {
namespace {

namespace http = boost::beast::http;
using Kind = Trouble::Kind;
using Parser = http::response_parser<http::string_body>;

constexpr std::uint32_t longest_header = 64U << 10U;
constexpr std::uint64_t longest_body = 8U << 20U;
constexpr int most_provisional = 10;  // answers of 100 and the like before the true one

struct Read {
  HttpAnswer answer;
  bool stays_open = false;
};

std::string key_of(const Url& url, bool trusted) {
  return (url.secure ? trusted ? "https " : "https any " : "http ") + url.authority;
}

/// One answer off the stream. Trouble::Kind::closed only when nothing of it came.
class Reader {
 public:
  Reader(Stream& stream, const Patience& patience) : stream_(stream), patience_(patience) {}

  Talk<Read> read(const std::string& method) {
    for (int i = 0; i < most_provisional; ++i) {
      Parser parser;
      parser.eager(true);
      parser.skip(method == "HEAD");
      parser.header_limit(longest_header);
      parser.body_limit(longest_body);
      if (auto whole = fill(parser); !whole) return tl::unexpected(whole.error());
      const int status = static_cast<int>(parser.get().result_int());
      if (status >= 200) return Read{{status, std::move(parser.get().body())}, parser.keep_alive() && buffer_.empty()};
    }
    return trouble(Kind::wrong, "the service only ever says that an answer will come");
  }

 private:
  Talk<> fill(Parser& parser) {
    boost::system::error_code error;
    while (true) {
      while (!buffer_.empty() && !parser.is_done()) {
        const std::size_t used = parser.put(boost::asio::buffer(buffer_), error);
        buffer_.erase(0, used);
        if (error == http::error::need_more) break;
        if (error) return trouble(Kind::wrong, "what the service answered cannot be read: " + error.message());
        if (used == 0) break;
      }
      if (parser.is_done()) return {};
      std::array<char, 16384> piece{};
      auto got = stream_.read(piece, patience_);
      if (!got) return came_ ? trouble(broken(got.error().kind), got.error().text) : tl::unexpected(got.error());
      if (*got == 0) {
        if (!came_) return trouble(Kind::closed, "the connection was closed without an answer");
        parser.put_eof(error);
        if (error || !parser.is_done()) return trouble(Kind::wrong, "the connection was closed within the answer");
        return {};
      }
      came_ = true;
      buffer_.append(piece.data(), *got);
    }
  }

  static Kind broken(Kind kind) { return kind == Kind::closed ? Kind::wrong : kind; }

  Stream& stream_;
  const Patience& patience_;
  std::string buffer_;
  bool came_ = false;
};

}  // namespace

Talk<Stream*> HttpClient::connection(const Url& url, bool trusted, const Patience& patience) {
  auto& kept = open_[key_of(url, trusted)];
  if (kept) return kept.get();
  auto stream = connect_to(url.host, url.port, patience);
  if (stream && url.secure) {
    TlsWish wish;
    wish.server_name = url.host;
    wish.trusted = wish.name_must_match = wish.in_time = trusted;
    stream = start_tls(std::move(*stream), wish, patience);
  }
  if (!stream) return tl::unexpected(stream.error());
  kept = std::move(*stream);
  return kept.get();
}

Talk<HttpAnswer> HttpClient::ask(const Url& url, Request request, bool trusted, const Patience& patience) {
  request.persists = true;
  const auto text = request_text(request, url);
  if (!text) return tl::unexpected(text.error());
  const std::string key = key_of(url, trusted);
  // A kept connection may have been closed meanwhile. What must not happen twice is never sent over one.
  if (request.method == "POST") open_.erase(key);
  const bool was_kept = open_.contains(key);
  auto stream = connection(url, trusted, patience);
  if (!stream) {
    open_.erase(key);
    return tl::unexpected(stream.error());
  }
  const auto sent = (*stream)->write(*text, patience);
  // A service may refuse before it has read everything; its answer is what counts.
  auto read = !sent && sent.error().kind != Trouble::Kind::closed ? Talk<Read>(tl::unexpected(sent.error()))
                                                                  : Reader(**stream, patience).read(request.method);
  if (!read || !read->stays_open) open_.erase(key);
  if (read) return std::move(read->answer);
  if (was_kept && read.error().kind == Trouble::Kind::closed) return ask(url, std::move(request), trusted, patience);
  return tl::unexpected(read.error());
}

}  // namespace wright::agent
