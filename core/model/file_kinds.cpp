#include "model/resource_families.hpp"

namespace wright {
namespace {

using enum AttributeType;

constexpr AttributeSpec file_attributes[] = {
    ensure,
    {"content", secret_or_text, false,
     "The bytes. Required unless ensure = \"absent\". A secret's diff is never shown.", true},
    {"mode", mode, false, "Permission bits, such as 0644. Required unless ensure = \"absent\"."},
    owner,
    group_attribute,
    {"validate", strings, false,
     "Command that must succeed before the new content replaces the live file. \"{}\" stands for the staged file. "
     "Without "
     "\"{}\" it runs in a private mount namespace where every changed file, symlink and directory with the same "
     "validate "
     "and validate_tree is already in place."},
    {"validate_tree", text, false,
     "Directory that the validation without \"{}\" sees in its new state, such as /etc/nginx."},
};

constexpr AttributeSpec directory_attributes[] = {
    ensure,
    {"mode", mode, false, "Permission bits, such as 0755. Required unless ensure = \"absent\"."},
    owner,
    group_attribute,
    {"data", boolean, false, "Holds data: a rollback moves it to quarantine instead of removing it."},
};

constexpr AttributeSpec symlink_attributes[] = {
    ensure,
    {"target", text, false, "What the link says. Required unless ensure = \"absent\"."},
};

constexpr AttributeSpec certificate_attributes[] = {
    ensure,
    {"key", text, false, "Path of the private key, made with the certificate. Required unless ensure = \"absent\"."},
    {"common_name", text, false, "Subject CN. Required unless ensure = \"absent\"."},
    {"names", strings, false, "Subject alternative names: DNS names and numeric addresses."},
    {"subject", table, false,
     "More of the subject: organization, unit, country (two letters), state, locality, email. A certificate that "
     "wright made has no others; of one that somebody else made these alone count, when they are given."},
    {"days", integer, false, "Validity; 825 by default. Made anew when fewer than a tenth of them are left."},
    {"key_type", text, false, "\"ecdsa-p256\" (the default), \"rsa-2048\" or \"rsa-4096\"."},
    {"mode", mode, false, "Of the certificate; 0644 by default."},
    {"key_mode", mode, false, "Of the key; 0600 by default."},
    owner,
    group_attribute,
};

}  // namespace

constinit const KindSpec file_kind{"file", "A regular file by its absolute path.", file_attributes};
constinit const KindSpec directory_kind{"directory", "A directory by its absolute path.", directory_attributes};
constinit const KindSpec symlink_kind{"symlink", "A symbolic link by its absolute path.", symlink_attributes};
constinit const KindSpec certificate_kind{
    "certificate", "A self-signed certificate by the absolute path of its PEM file.", certificate_attributes};

}  // namespace wright
