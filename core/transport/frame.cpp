#include "transport/frame.hpp"

namespace wright {
namespace {

constexpr std::size_t header_size = 4;
constexpr std::size_t worth_freeing = 1U << 20U;

std::size_t length_at(const char* header) {
  std::size_t length = 0;
  for (std::size_t i = 0; i < header_size; ++i) length = length << 8U | static_cast<unsigned char>(header[i]);
  return length;
}

}  // namespace

std::string frame(const Value& message) {
  std::string out = to_cbor(message);
  const std::size_t length = out.size();
  const char header[header_size] = {static_cast<char>(length >> 24U), static_cast<char>(length >> 16U),
                                    static_cast<char>(length >> 8U), static_cast<char>(length)};
  out.insert(0, header, header_size);
  return out;
}

void FrameReader::feed(std::string_view bytes) {
  if (broken_) return;
  if (start_ == buffer_.size()) {
    // Nothing is held: forget what was read, and give back the memory of an unusually large frame.
    start_ = 0;
    if (buffer_.capacity() > worth_freeing) std::string().swap(buffer_);
    buffer_.assign(bytes);
    return;
  }
  // Moving the rest to the front only when as much was read before it keeps the cost linear in the bytes fed.
  if (start_ > buffer_.size() - start_) {
    buffer_.erase(0, start_);
    start_ = 0;
  }
  buffer_.append(bytes);
}

Result<Value> FrameReader::next() {
  if (broken_) return failure("message", "the peer sent something else than frames before");
  while (buffer_.size() - start_ >= header_size) {
    const std::size_t length = length_at(buffer_.data() + start_);
    if (length == 0) {
      beating_ = true;
      start_ += header_size;
      continue;
    }
    if (length > largest_frame) {
      broken_ = true;
      return failure("message", "a frame of " + std::to_string(length) + " bytes is longer than the " +
                                    std::to_string(largest_frame) + " allowed");
    }
    if (buffer_.size() - start_ - header_size < length) break;
    auto message = from_cbor(std::string_view(buffer_).substr(start_ + header_size, length));
    start_ += header_size + length;
    if (message && message->is_null()) message = failure("message", "a frame holds nothing");
    if (!message) broken_ = true;
    return message;
  }
  return Value();
}

}  // namespace wright
