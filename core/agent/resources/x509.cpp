#include "agent/resources/x509.hpp"

#include <arpa/inet.h>
#include <openssl/bio.h>
#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include <algorithm>
#include <array>
#include <memory>
#include <set>

#include "base/sha256.hpp"
#include "base/untrusted.hpp"

namespace wright::agent {
namespace {

template <auto free>
struct Freeing {
  template <class T>
  void operator()(T* object) const {
    free(object);
  }
};
using BioPointer = std::unique_ptr<BIO, Freeing<BIO_free_all>>;
using KeyPointer = std::unique_ptr<EVP_PKEY, Freeing<EVP_PKEY_free>>;
using CertificatePointer = std::unique_ptr<X509, Freeing<X509_free>>;
using NamesPointer = std::unique_ptr<GENERAL_NAMES, Freeing<GENERAL_NAMES_free>>;
using NumberPointer = std::unique_ptr<BIGNUM, Freeing<BN_free>>;
using ExtensionPointer = std::unique_ptr<X509_EXTENSION, Freeing<X509_EXTENSION_free>>;

/// Tells a certificate that wright made from one that somebody put there.
constexpr const char* comment = "made by wright";
constexpr std::size_t longest_common_name = 64;
constexpr std::int64_t day = 86400;

struct SubjectField {
  std::string_view name;
  int nid;
  std::size_t longest;  ///< bytes; what X.520 allows
};
/// Names and lengths are also those of wright/certificate_subject.hpp in the SDK, which tells them to who writes
/// options.
constexpr std::array<SubjectField, 6> subject_fields = {{{"country", NID_countryName, 2},
                                                         {"state", NID_stateOrProvinceName, 128},
                                                         {"locality", NID_localityName, 128},
                                                         {"organization", NID_organizationName, 64},
                                                         {"unit", NID_organizationalUnitName, 64},
                                                         {"email", NID_pkcs9_emailAddress, 128}}};

tl::unexpected<Diagnostics> openssl_failure(std::string what) {
  std::string why;
  while (const unsigned long code = ERR_get_error()) {
    std::array<char, 256> text{};
    ERR_error_string_n(code, text.data(), text.size());
    why += (why.empty() ? "" : "\n") + std::string(text.data());
  }
  return failure("", std::move(what), std::move(why));
}

BioPointer reading(std::string_view bytes) {
  return BioPointer(BIO_new_mem_buf(bytes.data(), static_cast<int>(bytes.size())));
}

std::string taken_from(BIO* bio) {
  char* data = nullptr;
  const long size = BIO_get_mem_data(bio, &data);
  return size <= 0 ? std::string() : std::string(data, static_cast<std::size_t>(size));
}

/// Without it OpenSSL would ask at the terminal.
int no_passphrase(char* buffer, int size, int writing, void* data) {
  (void)buffer;
  (void)size;
  (void)writing;
  (void)data;
  return -1;
}

CertificatePointer parse(std::string_view pem) {
  const BioPointer bio = reading(pem);
  CertificatePointer certificate(bio ? PEM_read_bio_X509(bio.get(), nullptr, no_passphrase, nullptr) : nullptr);
  if (!certificate) ERR_clear_error();
  return certificate;
}

/// The address in its usual form, or nothing when the text is no address. `bytes` gets it as a certificate has it.
std::string as_address(const std::string& text, std::string& bytes) {
  std::array<unsigned char, 16> binary{};
  std::array<char, INET6_ADDRSTRLEN> usual{};
  for (const auto& [family, size] : {std::pair{AF_INET, 4U}, std::pair{AF_INET6, 16U}}) {
    if (::inet_pton(family, text.c_str(), binary.data()) != 1) continue;
    bytes.assign(reinterpret_cast<const char*>(binary.data()), size);
    return ::inet_ntop(family, binary.data(), usual.data(), usual.size());
  }
  return {};
}

std::string text_of(const ASN1_STRING* string) {
  unsigned char* utf8 = nullptr;
  const int size = ASN1_STRING_to_UTF8(&utf8, string);
  if (size < 0) return {};
  std::string text(reinterpret_cast<const char*>(utf8), static_cast<std::size_t>(size));
  OPENSSL_free(utf8);
  return text;
}

/// Empty when it is not there.
std::string field_of(const X509_NAME* name, int nid) {
  const int at = X509_NAME_get_index_by_NID(name, nid, -1);
  return at < 0 ? std::string() : text_of(X509_NAME_ENTRY_get_data(X509_NAME_get_entry(name, at)));
}

std::string common_name_of(const X509_NAME* name) { return field_of(name, NID_commonName); }

bool add_field(X509_NAME* name, int nid, const std::string& text) {
  return X509_NAME_add_entry_by_NID(name, nid, MBSTRING_UTF8, reinterpret_cast<const unsigned char*>(text.data()),
                                    static_cast<int>(text.size()), -1, 0) == 1;
}

/// From the widest field to the narrowest; the common name comes after them.
bool add_subject(X509_NAME* name, const std::map<std::string, std::string>& subject) {
  return std::all_of(subject_fields.begin(), subject_fields.end(), [&](const SubjectField& field) {
    const auto found = subject.find(std::string(field.name));
    return found == subject.end() || add_field(name, field.nid, found->second);
  });
}

std::string one_line(const X509_NAME* name) {
  if (std::string common = common_name_of(name); !common.empty()) return common;
  const BioPointer bio(BIO_new(BIO_s_mem()));
  if (!bio || X509_NAME_print_ex(bio.get(), name, 0, XN_FLAG_RFC2253) < 0) return {};
  return taken_from(bio.get());
}

std::vector<std::string> names_of(const X509* certificate) {
  const NamesPointer names(
      static_cast<GENERAL_NAMES*>(X509_get_ext_d2i(certificate, NID_subject_alt_name, nullptr, nullptr)));
  std::set<std::string> all;
  for (int i = 0; names && i < sk_GENERAL_NAME_num(names.get()); ++i) {
    const GENERAL_NAME* name = sk_GENERAL_NAME_value(names.get(), i);
    if (name->type == GEN_DNS) all.insert(text_of(name->d.dNSName));
    if (name->type != GEN_IPADD) continue;
    std::array<char, INET6_ADDRSTRLEN> usual{};
    const int size = ASN1_STRING_length(name->d.iPAddress);
    if (size != 4 && size != 16) continue;
    ::inet_ntop(size == 4 ? AF_INET : AF_INET6, ASN1_STRING_get0_data(name->d.iPAddress), usual.data(), usual.size());
    all.insert(usual.data());
  }
  return {all.begin(), all.end()};
}

std::string type_of(const EVP_PKEY* key) {
  if (key == nullptr) return "unknown";
  if (EVP_PKEY_is_a(key, "RSA") == 1) return "rsa-" + std::to_string(EVP_PKEY_get_bits(key));
  if (EVP_PKEY_is_a(key, "EC") == 1) {
    std::array<char, 64> group{};
    std::size_t size = 0;
    if (EVP_PKEY_get_group_name(key, group.data(), group.size(), &size) != 1) return "ecdsa";
    const std::string name(group.data(), size);
    return name == "prime256v1" ? "ecdsa-p256" : "ecdsa-" + name;
  }
  const char* name = EVP_PKEY_get0_type_name(key);
  return name == nullptr ? "unknown" : name;
}

bool has_comment(const X509* certificate) {
  auto* found = static_cast<ASN1_STRING*>(X509_get_ext_d2i(certificate, NID_netscape_comment, nullptr, nullptr));
  if (found == nullptr) return false;
  const bool ours = text_of(found) == comment;
  ASN1_STRING_free(found);
  return ours;
}

std::string sha256_of(const X509* certificate) {
  unsigned char* der = nullptr;
  const int size = i2d_X509(certificate, &der);
  if (size <= 0) return {};
  const std::string bytes(reinterpret_cast<const char*>(der), static_cast<std::size_t>(size));
  OPENSSL_free(der);
  return sha256_hex(bytes);
}

KeyPointer make_key(const std::string& type) {
  if (type == "ecdsa-p256") return KeyPointer(EVP_EC_gen("P-256"));
  if (type == "rsa-2048") return KeyPointer(EVP_RSA_gen(2048));
  if (type == "rsa-4096") return KeyPointer(EVP_RSA_gen(4096));
  return nullptr;
}

bool add_extension(X509* certificate, int nid, const char* text) {
  X509V3_CTX about;
  X509V3_set_ctx_nodb(&about);
  X509V3_set_ctx(&about, certificate, certificate, nullptr, nullptr, 0);
  const ExtensionPointer extension(X509V3_EXT_conf_nid(nullptr, &about, nid, text));
  return extension && X509_add_ext(certificate, extension.get(), -1) == 1;
}

/// Not through OpenSSL's text form, in which a comma in a name would begin another name.
bool add_names(X509* certificate, const std::vector<std::string>& names) {
  const NamesPointer all(GENERAL_NAMES_new());
  if (!all) return false;
  for (const auto& text : names) {
    std::string bytes;
    const bool is_address = !as_address(text, bytes).empty();
    if (!is_address) bytes = text;
    GENERAL_NAME* name = GENERAL_NAME_new();
    ASN1_STRING* value = is_address ? ASN1_OCTET_STRING_new() : ASN1_IA5STRING_new();
    if (name == nullptr || value == nullptr ||
        ASN1_STRING_set(value, bytes.data(), static_cast<int>(bytes.size())) != 1) {
      GENERAL_NAME_free(name);
      ASN1_STRING_free(value);
      return false;
    }
    GENERAL_NAME_set0_value(name, is_address ? GEN_IPADD : GEN_DNS, value);
    if (sk_GENERAL_NAME_push(all.get(), name) == 0) {
      GENERAL_NAME_free(name);
      return false;
    }
  }
  return X509_add1_ext_i2d(certificate, NID_subject_alt_name, all.get(), 0, 0) == 1;
}

bool set_serial(X509* certificate) {
  const NumberPointer number(BN_new());
  return number && BN_rand(number.get(), 127, BN_RAND_TOP_ONE, BN_RAND_BOTTOM_ANY) == 1 &&
         BN_to_ASN1_INTEGER(number.get(), X509_get_serialNumber(certificate)) != nullptr;
}

bool fill(X509* certificate, EVP_PKEY* key, const CertificateWish& wish) {
  const std::string common_name = fitting_common_name(wish.common_name);
  X509_NAME* subject = X509_get_subject_name(certificate);
  const auto names = alternative_names(wish);
  return X509_set_version(certificate, X509_VERSION_3) == 1 && set_serial(certificate) &&
         X509_gmtime_adj(X509_getm_notBefore(certificate), -3600) != nullptr &&
         X509_time_adj_ex(X509_getm_notAfter(certificate), static_cast<int>(wish.days), -3600, nullptr) != nullptr &&
         add_subject(subject, wish.subject) && add_field(subject, NID_commonName, common_name) &&
         X509_set_issuer_name(certificate, subject) == 1 && X509_set_pubkey(certificate, key) == 1 &&
         add_extension(certificate, NID_basic_constraints, "critical,CA:FALSE") &&
         add_extension(certificate, NID_ext_key_usage, "serverAuth,clientAuth") &&
         add_extension(certificate, NID_subject_key_identifier, "hash") &&
         add_extension(certificate, NID_netscape_comment, comment) &&
         (names.empty() || add_names(certificate, names)) && X509_sign(certificate, key, EVP_sha256()) > 0;
}

}  // namespace

std::string fitting_common_name(std::string_view name) {
  if (name.size() <= longest_common_name) return std::string(name);
  std::size_t end = longest_common_name;
  while (end > 0 && (static_cast<unsigned char>(name[end]) & 0xC0U) == 0x80U) --end;
  return std::string(name.substr(0, end));
}

std::string why_no_subject(const std::map<std::string, std::string>& subject) {
  for (const auto& [name, text] : subject) {
    const auto field = std::find_if(subject_fields.begin(), subject_fields.end(),
                                    [&, &name = name](const SubjectField& one) { return one.name == name; });
    if (field == subject_fields.end())
      return "subject has no field \"" + name + "\": there are country, state, locality, organization, unit and email";
    if (text.empty() || text.size() > field->longest || (name == "country" && text.size() != 2))
      return "subject." + name + " must have " + (name == "country" ? "" : "1 to ") + std::to_string(field->longest) +
             " bytes";
    if (!is_utf8(text) || std::any_of(text.begin(), text.end(), [](char c) { return (c >= 0 && c < ' ') || c == 127; }))
      return "subject." + name + " must be one line of UTF-8";
    if (name == "country" && text.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZ") != std::string::npos)
      return "subject.country must be two capital letters, such as \"DE\"";
    if (name == "email" && std::any_of(text.begin(), text.end(), [](char c) { return c < 0; }))
      return "subject.email must be ASCII";
  }
  return {};
}

std::vector<std::string> alternative_names(const CertificateWish& wish) {
  std::set<std::string> all;
  std::vector<std::string> wanted = wish.names;
  // A common name that is no host name is for people; no client would look for it among the names.
  const bool is_host = wish.common_name.find_first_of(" ,/@") == std::string::npos;
  if (wanted.empty() && is_host) wanted.push_back(wish.common_name);
  for (const auto& name : wanted) {
    std::string bytes;
    const std::string address = as_address(name, bytes);
    all.insert(address.empty() ? name : address);
  }
  return {all.begin(), all.end()};
}

Result<CertificateSeen> read_certificate(std::string_view pem) {
  const CertificatePointer certificate = parse(pem);
  if (!certificate) return failure("", "no certificate is in it");
  CertificateSeen seen;
  X509* x509 = certificate.get();
  seen.common_name = common_name_of(X509_get_subject_name(x509));
  for (const auto& field : subject_fields)
    if (std::string text = field_of(X509_get_subject_name(x509), field.nid); !text.empty())
      seen.subject[std::string(field.name)] = std::move(text);
  seen.names = names_of(x509);
  seen.issuer = one_line(X509_get_issuer_name(x509));
  EVP_PKEY* key = X509_get0_pubkey(x509);
  seen.key_type = type_of(key);
  seen.sha256 = sha256_of(x509);
  int days = 0;
  int seconds = 0;
  if (ASN1_TIME_diff(&days, &seconds, X509_get0_notBefore(x509), X509_get0_notAfter(x509)) == 1) seen.days = days;
  if (ASN1_TIME_diff(&days, &seconds, nullptr, X509_get0_notAfter(x509)) == 1) seen.seconds_left = days * day + seconds;
  seen.started = X509_cmp_current_time(X509_get0_notBefore(x509)) < 0;
  seen.self_signed = key != nullptr && X509_NAME_cmp(X509_get_subject_name(x509), X509_get_issuer_name(x509)) == 0 &&
                     X509_verify(x509, key) == 1;
  seen.made_by_wright = seen.self_signed && has_comment(x509);
  ERR_clear_error();
  return seen;
}

bool key_fits(std::string_view certificate_pem, std::string_view key_pem) {
  const CertificatePointer certificate = parse(certificate_pem);
  const BioPointer bio = reading(key_pem);
  if (!certificate || !bio) return false;
  const KeyPointer key(PEM_read_bio_PrivateKey(bio.get(), nullptr, no_passphrase, nullptr));
  const bool fits = key && X509_check_private_key(certificate.get(), key.get()) == 1;
  ERR_clear_error();
  return fits;
}

Result<MadeCertificate> make_self_signed(const CertificateWish& wish) {
  ERR_clear_error();
  const KeyPointer key = make_key(wish.key_type);
  if (!key) return openssl_failure("cannot make a key of the type \"" + wish.key_type + "\"");
  const CertificatePointer certificate(X509_new());
  if (!certificate || !fill(certificate.get(), key.get(), wish)) return openssl_failure("cannot make the certificate");
  const BioPointer public_part(BIO_new(BIO_s_mem()));
  const BioPointer private_part(BIO_new(BIO_s_secmem()));
  if (!public_part || !private_part || PEM_write_bio_X509(public_part.get(), certificate.get()) != 1 ||
      PEM_write_bio_PrivateKey(private_part.get(), key.get(), nullptr, nullptr, 0, nullptr, nullptr) != 1)
    return openssl_failure("cannot write the certificate as PEM");
  return MadeCertificate{taken_from(public_part.get()), Secret(taken_from(private_part.get()))};
}

}  // namespace wright::agent
