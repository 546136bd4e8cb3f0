#include "agent/probes/tls.hpp"

#include <arpa/inet.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include <array>

#include "base/untrusted.hpp"

namespace wright::agent {
namespace {

using Kind = Trouble::Kind;

template <class T, void (*release)(T*)>
struct Releaser {
  void operator()(T* object) const { release(object); }
};
using ContextPtr = std::unique_ptr<SSL_CTX, Releaser<SSL_CTX, SSL_CTX_free>>;
using SslPtr = std::unique_ptr<SSL, Releaser<SSL, SSL_free>>;

/// The first error in OpenSSL's queue, which is emptied.
std::string openssl_error() {
  const unsigned long code = ERR_get_error();
  ERR_clear_error();
  const char* reason = code == 0 ? nullptr : ERR_reason_error_string(code);
  return reason == nullptr ? "unknown reason" : reason;
}

bool is_address(const std::string& name) {
  std::array<unsigned char, 16> bytes{};
  return ::inet_pton(AF_INET, name.c_str(), bytes.data()) == 1 ||
         ::inet_pton(AF_INET6, name.c_str(), bytes.data()) == 1;
}

/// TLS over any stream, with OpenSSL reading and writing memory only: so no deadline is missed and no SIGPIPE is sent.
class TlsStream : public Stream {
 public:
  TlsStream(std::unique_ptr<Stream> below, ContextPtr context)
      : below_(std::move(below)), context_(std::move(context)), ssl_(SSL_new(context_.get())) {
    if (ssl_ == nullptr) return;
    BIO* incoming = BIO_new(BIO_s_mem());
    BIO* outgoing = BIO_new(BIO_s_mem());
    BIO_set_mem_eof_return(incoming, -1);
    SSL_set_bio(ssl_.get(), incoming, outgoing);
  }

  [[nodiscard]] SSL* ssl() const { return ssl_.get(); }

  Talk<> shake_hands(const Patience& patience) {
    auto done = drive([&] { return SSL_connect(ssl_.get()); }, patience, "shaking hands");
    if (!done) return tl::unexpected(done.error());
    if (*done == 0) return trouble(Kind::closed, "the connection was closed during the TLS handshake");
    return {};
  }

  Talk<std::size_t> read(std::span<char> into, const Patience& patience) override {
    return drive([&] { return SSL_read(ssl_.get(), into.data(), static_cast<int>(into.size())); }, patience, "reading");
  }

  Talk<> write(std::string_view bytes, const Patience& patience) override {
    while (!bytes.empty()) {
      const int piece = static_cast<int>(std::min<std::size_t>(bytes.size(), 16384));
      auto sent = drive([&] { return SSL_write(ssl_.get(), bytes.data(), piece); }, patience, "sending");
      if (!sent) return tl::unexpected(sent.error());
      if (*sent == 0) return trouble(Kind::closed, "the connection was closed while sending");
      bytes.remove_prefix(*sent);
    }
    return flush(patience);
  }

 private:
  /// Runs one call of OpenSSL until it is through; 0 when the peer ended its side.
  template <class Call>
  Talk<std::size_t> drive(const Call& call, const Patience& patience, const char* doing) {
    while (true) {
      ERR_clear_error();
      const int result = call();
      const int reason = result > 0 ? SSL_ERROR_NONE : SSL_get_error(ssl_.get(), result);
      if (auto sent = flush(patience); !sent) {
        // What the peer said before it went tells more than that it went.
        if (reason != SSL_ERROR_SSL) return tl::unexpected(sent.error());
      }
      if (result > 0) return static_cast<std::size_t>(result);
      if (reason == SSL_ERROR_ZERO_RETURN) return std::size_t{0};
      if (reason != SSL_ERROR_WANT_READ) {
        const bool alert = ERR_GET_REASON(ERR_peek_error()) >= SSL_AD_REASON_OFFSET;
        return trouble(alert ? Kind::closed : Kind::wrong,
                       std::string("TLS failed while ") + doing + ": " + openssl_error());
      }
      auto more = fill(patience);
      if (!more) return tl::unexpected(more.error());
      if (!*more) return std::size_t{0};
    }
  }

  Talk<> flush(const Patience& patience) {
    BIO* outgoing = SSL_get_wbio(ssl_.get());
    std::array<char, 4096> piece{};
    int size = 0;
    while ((size = BIO_read(outgoing, piece.data(), piece.size())) > 0)
      if (auto sent = below_->write({piece.data(), static_cast<std::size_t>(size)}, patience); !sent) return sent;
    return {};
  }

  /// False when the peer ended the connection.
  Talk<bool> fill(const Patience& patience) {
    std::array<char, 16384> piece{};
    auto got = below_->read(piece, patience);
    if (!got) return tl::unexpected(got.error());
    if (*got == 0) return false;
    BIO_write(SSL_get_rbio(ssl_.get()), piece.data(), static_cast<int>(*got));
    return true;
  }

  std::unique_ptr<Stream> below_;
  ContextPtr context_;
  SslPtr ssl_;
};

std::string name_of_subject(X509* certificate) {
  std::array<char, 256> text{};
  X509_NAME_oneline(X509_get_subject_name(certificate), text.data(), text.size());
  return Untrusted(text.data()).for_terminal(256);
}

std::string time_text(const ASN1_TIME* time) {
  const std::unique_ptr<BIO, Releaser<BIO, BIO_vfree>> memory(BIO_new(BIO_s_mem()));
  ASN1_TIME_print(memory.get(), time);
  std::array<char, 64> text{};
  const int size = BIO_read(memory.get(), text.data(), text.size() - 1);
  return std::string(text.data(), size > 0 ? static_cast<std::size_t>(size) : 0);
}

Talk<> check_time(X509* certificate, std::int64_t min_days) {
  const std::string subject = name_of_subject(certificate);
  if (X509_cmp_current_time(X509_get0_notBefore(certificate)) > 0)
    return trouble(Kind::wrong, "expected a valid certificate; the one of " + subject + " is not valid before " +
                                    time_text(X509_get0_notBefore(certificate)) + ", or the clock here is wrong");
  int days = 0;
  int seconds = 0;
  if (ASN1_TIME_diff(&days, &seconds, nullptr, X509_get0_notAfter(certificate)) != 1)
    return trouble(Kind::wrong, "the certificate of " + subject + " has an unreadable date");
  if (days < 0 || seconds < 0)
    return trouble(Kind::wrong, "expected a valid certificate; the one of " + subject + " expired on " +
                                    time_text(X509_get0_notAfter(certificate)));
  if (days < min_days)
    return trouble(Kind::wrong, "expected a certificate valid for at least " + std::to_string(min_days) +
                                    " more days; the one of " + subject + " has " + std::to_string(days) + " left");
  return {};
}

Talk<> check_certificate(SSL* ssl, const TlsWish& wish) {
  const std::unique_ptr<X509, Releaser<X509, X509_free>> certificate(SSL_get1_peer_certificate(ssl));
  if (certificate == nullptr) return trouble(Kind::wrong, "expected a certificate; the peer sent none");
  if (wish.in_time)
    if (auto checked = check_time(certificate.get(), wish.min_days); !checked) return checked;
  if (wish.trusted)
    if (const long found = SSL_get_verify_result(ssl); found != X509_V_OK)
      return trouble(Kind::wrong, "expected a certificate that " +
                                      (wish.ca.empty() ? std::string("this host trusts") : wish.ca + " vouches for") +
                                      "; the one of " + name_of_subject(certificate.get()) +
                                      " is not: " + X509_verify_cert_error_string(found));
  if (wish.name_must_match && !wish.server_name.empty()) {
    const bool matches =
        is_address(wish.server_name)
            ? X509_check_ip_asc(certificate.get(), wish.server_name.c_str(), 0) == 1
            : X509_check_host(certificate.get(), wish.server_name.data(), wish.server_name.size(), 0, nullptr) == 1;
    if (!matches)
      return trouble(Kind::wrong, "expected a certificate for " + wish.server_name + "; the one that came, of " +
                                      name_of_subject(certificate.get()) + ", does not carry that name");
  }
  return {};
}

}  // namespace

Talk<std::unique_ptr<Stream>> start_tls(std::unique_ptr<Stream> stream, const TlsWish& wish, const Patience& patience) {
  ContextPtr context(SSL_CTX_new(TLS_client_method()));
  if (context == nullptr) return trouble(Kind::wrong, "cannot start TLS: " + openssl_error());
  SSL_CTX_set_min_proto_version(context.get(), wish.only_1_3 ? TLS1_3_VERSION : TLS1_2_VERSION);
  // The handshake goes through whatever comes, so that the answer can say what is wrong with the certificate.
  SSL_CTX_set_verify(context.get(), SSL_VERIFY_NONE, nullptr);
  if (wish.trusted && wish.ca.empty()) SSL_CTX_set_default_verify_paths(context.get());
  if (wish.trusted && !wish.ca.empty() && SSL_CTX_load_verify_locations(context.get(), wish.ca.c_str(), nullptr) != 1)
    return trouble(Kind::wrong, "cannot read the certificates in " + wish.ca + ": " + openssl_error());
  auto tls = std::make_unique<TlsStream>(std::move(stream), std::move(context));
  if (tls->ssl() == nullptr) return trouble(Kind::wrong, "cannot start TLS: " + openssl_error());
  if (!wish.server_name.empty() && !is_address(wish.server_name) &&
      SSL_set_tlsext_host_name(tls->ssl(), wish.server_name.c_str()) != 1)
    return trouble(Kind::unfit, "\"" + wish.server_name + "\" cannot be a server name");
  if (auto shaken = tls->shake_hands(patience); !shaken) return tl::unexpected(shaken.error());
  if (auto checked = check_certificate(tls->ssl(), wish); !checked) return tl::unexpected(checked.error());
  return tls;
}

}  // namespace wright::agent
