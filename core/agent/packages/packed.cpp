#include "agent/packages/packed.hpp"

#include <zlib.h>

#include <cstdint>
#include <cstring>

namespace wright::agent::packages {
namespace {

constexpr std::size_t head = 8;  // the size before, little endian

}  // namespace

std::string packed(std::string_view bytes) {
  uLongf size = compressBound(bytes.size());
  std::string out(head + size, '\0');
  for (std::size_t i = 0; i < head; ++i)
    out[i] = static_cast<char>(static_cast<std::uint64_t>(bytes.size()) >> (8 * i));
  // Level 1 is four times as fast as the default and a tenth larger.
  compress2(reinterpret_cast<Bytef*>(out.data() + head), &size, reinterpret_cast<const Bytef*>(bytes.data()),
            bytes.size(), 1);
  out.resize(head + size);
  return out;
}

Result<std::string> unpacked(std::string_view bytes, std::size_t limit) {
  if (bytes.size() < head) return failure({}, "a kept list is cut off");
  std::uint64_t size = 0;
  for (std::size_t i = 0; i < head; ++i)
    size |= static_cast<std::uint64_t>(static_cast<unsigned char>(bytes[i])) << (8 * i);
  if (size > limit) return failure({}, "a kept list claims to be larger than any could be");
  std::string out(size, '\0');
  uLongf got = size;
  const int result = uncompress(reinterpret_cast<Bytef*>(out.data()), &got,
                                reinterpret_cast<const Bytef*>(bytes.data() + head), bytes.size() - head);
  if (result != Z_OK || got != size) return failure({}, "a kept list is damaged");
  return out;
}

}  // namespace wright::agent::packages
