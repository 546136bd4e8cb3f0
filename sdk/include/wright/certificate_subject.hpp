#pragma once

#include <wright/check.hpp>
#include <wright/format.hpp>
#include <wright/option.hpp>
#include <wright/resources.hpp>

#include <array>
#include <string>
#include <string_view>
#include <utility>

namespace wright {

/// What a self-signed certificate says of its owner besides the host's name; an option of a plugin that makes one.
/// Empty members are not in it.
struct CertificateSubject {
  std::string organization;
  std::string unit;
  std::string country;
  std::string state;
  std::string locality;
  std::string email;

  static constexpr auto options = wright::options(
      wright::option("organization", &CertificateSubject::organization, "O, at most 64 bytes."),
      wright::option("unit", &CertificateSubject::unit, "OU, at most 64 bytes."),
      wright::option("country", &CertificateSubject::country, "C, two capital letters such as \"DE\"."),
      wright::option("state", &CertificateSubject::state, "ST, state or province, at most 128 bytes."),
      wright::option("locality", &CertificateSubject::locality, "L, at most 128 bytes."),
      wright::option("email", &CertificateSubject::email, "Address of e-mail, ASCII of at most 128 bytes."));

  /// Each field by its name in certificate's attribute `subject`.
  [[nodiscard]] std::array<std::pair<std::string_view, const std::string*>, 6> fields() const {
    return {{{"organization", &organization},
             {"unit", &unit},
             {"country", &country},
             {"state", &state},
             {"locality", &locality},
             {"email", &email}}};
  }
  [[nodiscard]] bool empty() const {
    for (const auto& [name, text] : fields())
      if (!text->empty()) return false;
    return true;
  }
};

/// Calls bad(OPTION.field, what) for each field that no certificate can have. The agent refuses the same, with its own
/// list of the fields: subject_fields in core/agent/resources/x509.cpp.
template <class Bad>
void check_certificate_subject(const CertificateSubject& subject, const std::string& option, const Bad& bad) {
  for (const auto& [name, text] : subject.fields()) {
    if (text->empty()) continue;
    const std::string place = option + "." + std::string(name);
    const std::size_t longest = name == "organization" || name == "unit" ? 64 : 128;
    if (name == "country") {
      if (text->size() != 2 || text->find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZ") != std::string::npos)
        bad(place, "must be two capital letters, such as \"DE\"");
    } else if (!is_line(*text) || text->size() > longest) {
      bad(place, wright::format("must be one line of at most {} bytes", longest));
    } else if (name == "email" && (text->find('@') == std::string::npos || !is_word(*text) ||
                                   std::any_of(text->begin(), text->end(), [](char c) { return c < 0; }))) {
      bad(place, "must be an address such as it@example.org");
    }
  }
}

inline void put_certificate_subject(const Certificate& certificate, const CertificateSubject& subject) {
  for (const auto& [name, text] : subject.fields())
    if (!text->empty()) certificate.subject(name, *text);
}

}  // namespace wright
