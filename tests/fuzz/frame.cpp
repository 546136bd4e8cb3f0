#include "transport/frame.hpp"

#include "fuzz/expect.hpp"

namespace {

using namespace wright;

struct Heard {
  std::string messages;  ///< as CBOR, one behind the other
  bool broken = false;
  bool partial = false;
};

/// Feeds the bytes in pieces and takes every message that is complete.
Heard listen(std::string_view bytes, std::size_t piece) {
  Heard heard;
  FrameReader reader;
  for (std::size_t at = 0; at < bytes.size() && !heard.broken; at += piece) {
    reader.feed(bytes.substr(at, piece));
    while (true) {
      const auto message = reader.next();
      heard.broken = !message.has_value();
      if (heard.broken) WRIGHT_EXPECT(!reader.next().has_value());
      if (heard.broken || message->is_null()) break;
      heard.messages += to_cbor(*message);
    }
  }
  heard.partial = reader.partial();
  return heard;
}

}  // namespace

/// The first byte says how the rest is cut into pieces.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::string_view bytes(reinterpret_cast<const char*>(data) + 1, size - 1);
  const Heard whole = listen(bytes, std::max<std::size_t>(bytes.size(), 1));
  const Heard pieces = listen(bytes, 1U + data[0]);
  WRIGHT_EXPECT(whole.messages == pieces.messages);
  WRIGHT_EXPECT(whole.broken == pieces.broken);
  if (!whole.broken) WRIGHT_EXPECT(whole.partial == pieces.partial);
  return 0;
}
