#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "model/encoding.hpp"

namespace wright {

/// A frame is 4 bytes of length, most significant first, then so many bytes of CBOR. No frame is longer than this.
inline constexpr std::size_t largest_frame = 256U << 20U;

/// The frame around an encoded message.
std::string frame(const Value& message);

/// Takes bytes as they come and gives messages as they are complete. Bad input is an error once and for all.
class FrameReader {
 public:
  /// Appends bytes from the peer.
  void feed(std::string_view bytes);
  /// The next complete message; a null value when more bytes are needed.
  Result<Value> next();
  /// True when bytes of an unfinished frame are held.
  [[nodiscard]] bool partial() const { return start_ < buffer_.size(); }

 private:
  std::string buffer_;
  std::size_t start_ = 0;
  bool broken_ = false;
};

}  // namespace wright
