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

/// What the agent writes to its standard output before its first frame. The controller skips what a login shell wrote
/// before it. A plugin's worker has no login shell and does not write it.
inline constexpr std::string_view agent_preamble{"\0wright-agent-1\n", 16};

/// A frame of no bytes says "still here" and is no message. Over SSH the controller sends one every `beat_interval`,
/// because the far end of a link that was cut sees nothing at all: neither data nor its end.
inline constexpr std::string_view beat{"\0\0\0\0", 4};
inline constexpr std::chrono::seconds beat_interval{5};
/// An agent that got a beat and then nothing for this long has lost its controller, as if its input had ended.
inline constexpr std::chrono::seconds silence_limit{30};

/// The frame around an encoded message; at most largest_frame bytes, which is for the caller to see to.
std::string frame(const Value& message);

/// Takes bytes as they come and gives messages as they are complete. Bad input is an error once and for all.
class FrameReader {
 public:
  /// Appends bytes from the peer.
  void feed(std::string_view bytes);
  /// The next complete message; a null value when more bytes are needed. Beats are skipped.
  Result<Value> next();
  /// True when bytes of an unfinished frame are held.
  [[nodiscard]] bool partial() const { return start_ < buffer_.size(); }
  /// True once a beat was read: this peer sends them.
  [[nodiscard]] bool beating() const { return beating_; }

 private:
  std::string buffer_;
  std::size_t start_ = 0;
  bool broken_ = false;
  bool beating_ = false;
};

}  // namespace wright
