#include <array>

#include "agent/probes/kinds_of_probe.hpp"
#include "agent/probes/tls.hpp"

namespace wright::agent {
namespace {

constexpr std::size_t longest_answer = 1U << 20U;

/// Reads until the answer holds `expected`, ends, or is longer than anybody could mean.
Talk<> expect_answer(Stream& stream, const std::string& expected, const Probe& probe, const Patience& patience) {
  std::string answer;
  std::array<char, 16384> piece{};
  std::string end = "then the connection was closed";
  while (answer.size() < longest_answer) {
    auto got = stream.read(piece, patience);
    if (!got && got.error().kind != Trouble::Kind::closed && got.error().kind != Trouble::Kind::late)
      return tl::unexpected(got.error());
    if (!got) end = got.error().text;
    if (!got || *got == 0)
      return trouble(
          got ? Trouble::Kind::wrong : got.error().kind,
          "expected an answer with " + shown(probe, expected) + "; got " + shown_end(probe, answer) + ", " + end);
    const std::size_t from = answer.size() < expected.size() ? 0 : answer.size() - expected.size();
    answer.append(piece.data(), *got);
    if (answer.find(expected, from) != std::string::npos) return {};
  }
  return trouble(Trouble::Kind::wrong, "expected an answer with " + shown(probe, expected) + " in its first MiB; got " +
                                           shown(probe, answer));
}

}  // namespace

Talk<> ask_tcp(const Probe& probe, const Patience& patience) {
  auto stream = connect_to(attribute(probe, "host").text_or(""), attribute(probe, "port").int_or(0), patience);
  if (!stream) return tl::unexpected(stream.error());
  if (const std::string bytes = attribute(probe, "send").text_or(""); !bytes.empty())
    if (auto sent = (*stream)->write(bytes, patience); !sent) return sent;
  const std::string expected = attribute(probe, "expect").text_or("");
  return expected.empty() ? Talk<>() : expect_answer(**stream, expected, probe, patience);
}

Talk<> ask_tls(const Probe& probe, const Patience& patience) {
  TlsWish wish;
  wish.server_name = attribute(probe, "server_name").text_or("");
  wish.min_days = attribute(probe, "min_days").int_or(0);
  const std::string trust = attribute(probe, "trust").text_or("system");
  const std::string version = attribute(probe, "min_version").text_or("1.2");
  if (trust != "any" && trust != "system")
    return trouble(Trouble::Kind::unfit, "trust must be \"any\" or \"system\", not \"" + trust + "\"");
  if (version != "1.2" && version != "1.3")
    return trouble(Trouble::Kind::unfit, "min_version must be \"1.2\" or \"1.3\", not \"" + version + "\"");
  wish.trusted = trust == "system";
  wish.only_1_3 = version == "1.3";
  auto stream = connect_to(attribute(probe, "host").text_or(""), attribute(probe, "port").int_or(0), patience);
  if (!stream) return tl::unexpected(stream.error());
  auto tls = start_tls(std::move(*stream), wish, patience);
  if (!tls) return tl::unexpected(tls.error());
  return {};
}

}  // namespace wright::agent
