#include "parts.hpp"

// AMQP 0-9-1, as much of it as a verification says. The server takes frames in order, so that a client may say
// everything without waiting for answers.
namespace rabbitmq {
namespace {

constexpr unsigned frame_max = 131072;

void put(std::string& out, std::uint64_t number, int bytes) {
  for (int shift = 8 * (bytes - 1); shift >= 0; shift -= 8)
    out += static_cast<char>(number >> static_cast<unsigned>(shift));
}

std::string short_text(std::string_view text) {
  std::string out;
  put(out, text.size() & 255U, 1);
  return out + std::string(text.substr(0, 255));
}

std::string long_text(std::string_view text) {
  std::string out;
  put(out, text.size(), 4);
  return out + std::string(text);
}

std::string frame(unsigned type, unsigned channel, std::string_view payload) {
  std::string out;
  put(out, type, 1);
  put(out, channel, 2);
  put(out, payload.size(), 4);
  return out + std::string(payload) + '\xCE';
}

std::string method(unsigned channel, unsigned klass, unsigned number, std::string_view arguments) {
  std::string out;
  put(out, klass, 2);
  put(out, number, 2);
  return frame(1, channel, out + std::string(arguments));
}

std::string zeros(std::size_t count) { return std::string(count, '\0'); }

std::string content(unsigned channel, std::string_view body) {
  std::string header;
  put(header, 60, 2);
  put(header, 0, 2);
  put(header, body.size(), 8);
  put(header, 0, 2);  // no properties
  return frame(2, channel, header) + frame(3, channel, body);
}

std::string opening(const std::string& user, const wright::Secret& password, const std::string& vhost) {
  // With that capability a refusal is told before the connection is closed.
  const std::string capabilities = short_text("authentication_failure_close") + "t\x01";
  const std::string client = short_text("connection_name") + "S" + long_text("wright verify") +
                             short_text("capabilities") + "F" + long_text(capabilities);
  const std::string login = zeros(1) + user + zeros(1) + password.reveal();
  std::string tuned;
  put(tuned, 1, 2);  // channels
  put(tuned, frame_max, 4);
  put(tuned, 0, 2);  // no heartbeat
  return std::string("AMQP\0\0\x09\x01", 8) +
         method(0, 10, 11, long_text(client) + short_text("PLAIN") + long_text(login) + short_text("en_US")) +
         method(0, 10, 31, tuned) + method(0, 10, 40, short_text(vhost) + zeros(2));
}

}  // namespace

wright::Secret log_in(const std::string& user, const wright::Secret& password, const std::string& vhost) {
  return wright::Secret(opening(user, password, vhost));
}

std::string logged_in() { return std::string("\0\x0A\0\x29", 4); }  // connection.open-ok

wright::Secret publish_and_get(const std::string& user, const wright::Secret& password, const std::string& vhost,
                               const std::string& key, const std::string& proof) {
  constexpr char exclusive_and_auto_delete = 4 | 8;
  const std::string exchange = "amq.direct";
  // The server names the queue, as that of an earlier connection may not be gone yet; "" is the last one declared.
  const std::string queue = short_text("");
  std::string out = opening(user, password, vhost);
  out += method(1, 20, 10, zeros(1));  // channel.open
  out += method(1, 50, 10, zeros(2) + queue + exclusive_and_auto_delete + zeros(4));
  out += method(1, 50, 20, zeros(2) + queue + short_text(exchange) + short_text(key) + zeros(5));
  out += method(1, 60, 40, zeros(2) + short_text(exchange) + short_text(key) + zeros(1)) + content(1, proof);
  out += method(1, 60, 70, zeros(2) + queue + '\x01');  // basic.get without acknowledgement
  return wright::Secret(out);
}

}  // namespace rabbitmq
