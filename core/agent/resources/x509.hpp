#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "base/secret.hpp"

namespace wright::agent {

/// What a certificate is to say. `names`: DNS names and numeric addresses; the common name when there are none.
struct CertificateWish {
  std::string common_name;
  std::vector<std::string> names;
  std::int64_t days = 825;
  std::string key_type = "ecdsa-p256";  ///< or "rsa-2048", "rsa-4096"
  /// organization, unit, country, state, locality and email; those that it has.
  std::map<std::string, std::string> subject;
};

/// Why no certificate can have that subject; empty when one can.
std::string why_no_subject(const std::map<std::string, std::string>& subject);

/// The common name as it fits into a certificate: at most 64 bytes, cut at the end of a character.
std::string fitting_common_name(std::string_view name);
/// The alternative names that a certificate for the wish has: each once, addresses in their usual form, sorted.
std::vector<std::string> alternative_names(const CertificateWish& wish);

struct CertificateSeen {
  std::string common_name;
  std::vector<std::string> names;              ///< as alternative_names() has them
  std::map<std::string, std::string> subject;  ///< as that of CertificateWish
  std::string issuer;                          ///< its common name, or the whole name on one line
  std::string key_type;                        ///< of CertificateWish, or OpenSSL's name for another
  std::string sha256;                          ///< of its DER form
  std::int64_t days = 0;                       ///< from its first moment to its last
  std::int64_t seconds_left = 0;               ///< negative when it has expired
  bool started = false;                        ///< its first moment is over
  bool self_signed = false;
  bool made_by_wright = false;
};

/// The first certificate of a PEM file; an error when there is none.
Result<CertificateSeen> read_certificate(std::string_view pem);
/// Whether that certificate is for that private key. A key that has a passphrase, or is none, is not.
bool key_fits(std::string_view certificate_pem, std::string_view key_pem);

struct MadeCertificate {
  std::string certificate_pem;
  Secret key_pem;
};
/// A new key, and a certificate for it signed with it: no authority, valid from an hour ago, for servers and clients.
Result<MadeCertificate> make_self_signed(const CertificateWish& wish);

}  // namespace wright::agent
