#include "sshd_keywords.hpp"

#include <algorithm>
#include <cctype>
#include <numeric>

namespace base {
namespace {

// Not Include and Match, which reach beyond the lines that wright writes, not Subsystem, which may stand only once, and
// none that Debian's sshd is built without.
constexpr std::string_view keywords[] = {"AcceptEnv",
                                         "AddressFamily",
                                         "AllowAgentForwarding",
                                         "AllowGroups",
                                         "AllowStreamLocalForwarding",
                                         "AllowTcpForwarding",
                                         "AllowUsers",
                                         "AuthenticationMethods",
                                         "AuthorizedKeysCommand",
                                         "AuthorizedKeysCommandUser",
                                         "AuthorizedKeysFile",
                                         "AuthorizedPrincipalsCommand",
                                         "AuthorizedPrincipalsCommandUser",
                                         "AuthorizedPrincipalsFile",
                                         "Banner",
                                         "CASignatureAlgorithms",
                                         "ChannelTimeout",
                                         "ChrootDirectory",
                                         "Ciphers",
                                         "ClientAliveCountMax",
                                         "ClientAliveInterval",
                                         "Compression",
                                         "DebianBanner",
                                         "DenyGroups",
                                         "DenyUsers",
                                         "DisableForwarding",
                                         "ExposeAuthInfo",
                                         "FingerprintHash",
                                         "ForceCommand",
                                         "GatewayPorts",
                                         "GSSAPIAuthentication",
                                         "GSSAPICleanupCredentials",
                                         "GSSAPIKeyExchange",
                                         "GSSAPIKexAlgorithms",
                                         "GSSAPIStoreCredentialsOnRekey",
                                         "GSSAPIStrictAcceptorCheck",
                                         "HostbasedAcceptedAlgorithms",
                                         "HostbasedAuthentication",
                                         "HostbasedUsesNameFromPacketOnly",
                                         "HostCertificate",
                                         "HostKey",
                                         "HostKeyAgent",
                                         "HostKeyAlgorithms",
                                         "IgnoreRhosts",
                                         "IgnoreUserKnownHosts",
                                         "IPQoS",
                                         "KbdInteractiveAuthentication",
                                         "KerberosAuthentication",
                                         "KerberosOrLocalPasswd",
                                         "KerberosTicketCleanup",
                                         "KexAlgorithms",
                                         "ListenAddress",
                                         "LoginGraceTime",
                                         "LogLevel",
                                         "LogVerbose",
                                         "MACs",
                                         "MaxAuthTries",
                                         "MaxSessions",
                                         "MaxStartups",
                                         "ModuliFile",
                                         "PasswordAuthentication",
                                         "PermitEmptyPasswords",
                                         "PermitListen",
                                         "PermitOpen",
                                         "PermitRootLogin",
                                         "PermitTTY",
                                         "PermitTunnel",
                                         "PermitUserEnvironment",
                                         "PermitUserRC",
                                         "PerSourceMaxStartups",
                                         "PerSourceNetBlockSize",
                                         "PerSourcePenalties",
                                         "PerSourcePenaltyExemptList",
                                         "PidFile",
                                         "Port",
                                         "PrintLastLog",
                                         "PrintMotd",
                                         "PubkeyAcceptedAlgorithms",
                                         "PubkeyAuthentication",
                                         "PubkeyAuthOptions",
                                         "RekeyLimit",
                                         "RequiredRSASize",
                                         "RevokedKeys",
                                         "SecurityKeyProvider",
                                         "SetEnv",
                                         "StreamLocalBindMask",
                                         "StreamLocalBindUnlink",
                                         "StrictModes",
                                         "SyslogFacility",
                                         "TCPKeepAlive",
                                         "TrustedUserCAKeys",
                                         "UnusedConnectionTimeout",
                                         "UseDNS",
                                         "UsePAM",
                                         "VersionAddendum",
                                         "X11DisplayOffset",
                                         "X11Forwarding",
                                         "X11UseLocalhost",
                                         "XAuthLocation"};

/// How many letters must be put in, taken out or exchanged to make one of the other.
std::size_t distance(const std::string& a, const std::string& b) {
  std::vector<std::size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), std::size_t{0});
  for (std::size_t i = 0; i < a.size(); ++i) {
    std::size_t diagonal = row[0]++;
    for (std::size_t k = 0; k < b.size(); ++k) {
      const std::size_t exchanged = diagonal + (a[i] == b[k] ? 0 : 1);
      diagonal = row[k + 1];
      row[k + 1] = std::min({exchanged, row[k] + 1, row[k + 1] + 1});
    }
  }
  return row.back();
}

}  // namespace

bool is_sshd_keyword(std::string_view name) {
  return std::find(std::begin(keywords), std::end(keywords), name) != std::end(keywords);
}

std::string nearest_sshd_keyword(std::string_view name) {
  const std::string meant = lower_case(name);
  std::string nearest;
  std::size_t least = std::max<std::size_t>(name.size() / 3, 1) + 1;
  for (const auto keyword : keywords) {
    const std::size_t away = distance(meant, lower_case(keyword));
    if (away >= least) continue;
    least = away;
    nearest = keyword;
  }
  return nearest;
}

bool is_repeated_keyword(std::string_view name) {
  return name == "Port" || name == "ListenAddress" || name == "HostKey" || name == "HostCertificate";
}

std::string shown_keyword(std::string_view name) { return name == "DebianBanner" ? std::string() : lower_case(name); }

std::string lower_case(std::string_view text) {
  std::string out(text);
  for (char& c : out) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return out;
}

std::vector<std::string> words_of(std::string_view value) {
  std::vector<std::string> words;
  for (std::size_t at = 0; at <= value.size();) {
    const std::size_t end = std::min(value.find(' ', at), value.size());
    words.emplace_back(value.substr(at, end - at));
    at = end + 1;
  }
  return words;
}

}  // namespace base
