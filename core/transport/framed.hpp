#pragma once

#include <condition_variable>
#include <memory>
#include <mutex>
#include <string>
#include <thread>

#include "transport/connection.hpp"
#include "transport/deadline.hpp"
#include "transport/descriptor.hpp"
#include "transport/frame.hpp"
#include "transport/stream.hpp"

namespace wright {

/// How much may stand before the agent's preamble, and how much of its standard error is kept.
inline constexpr std::size_t most_noise = 64U << 10U;
inline constexpr std::size_t kept_errors = 16U << 10U;

/// What came instead of the agent's preamble.
struct NoPreamble {
  enum class Reason { ended, silent, noise, lost } reason = Reason::lost;
  Ending ending;       ///< when ended
  std::string detail;  ///< why the link was lost
  std::string said;    ///< the last of what came on standard output and error; bytes of the host
};

/// Frames over a ByteStream. send() may run beside receive(); whole frames only ever go out in one piece.
class FramedConnection final : public Connection {
 public:
  /// `where` begins every diagnostic.
  FramedConnection(std::string where, std::unique_ptr<ByteStream> stream);
  ~FramedConnection() override;

  /// Skips all up to and including the preamble. To be called first.
  tl::expected<void, NoPreamble> skip_to_preamble(Deadline deadline);
  /// The agent gets a beat now and every `every` from now on, until close(). Before the first send() only.
  void start_beats(std::chrono::milliseconds every);

  Result<> send(const Value& message) override;
  Result<Value> receive(std::chrono::milliseconds deadline) override;
  void close() override;

 private:
  Result<> send_bytes(std::string_view rest);
  bool read_some(std::string& out);
  void note_end();
  Ending wait_for_ending();
  [[nodiscard]] std::vector<pollfd> watched(int wake, bool writing);
  [[nodiscard]] tl::unexpected<Diagnostics> gone(const std::string& how) const;
  void beat_until_closed(std::chrono::milliseconds every);

  const std::string where_;
  std::mutex send_mutex_;  ///< held for a whole frame; taken before mutex_
  mutable std::mutex mutex_;
  std::unique_ptr<ByteStream> stream_;
  FrameReader reader_;
  std::string errors_;  ///< the last of the agent's standard error
  std::string lost_;    ///< why there is nothing more to receive; empty while there is
  bool ended_ = false;  ///< the output has ended
  bool sender_waits_ = false;
  bool closed_ = false;
  Descriptor wake_receiver_;
  Descriptor wake_sender_;
  std::condition_variable closing_;
  std::thread beats_;
};

}  // namespace wright
