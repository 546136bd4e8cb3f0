#include "unit/agent_http/rest_service.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "agent/probes/base64.hpp"

namespace wright::agent {
namespace {

constexpr const char* collection = "/items";

std::string response(int status, const std::string& body) {
  return "HTTP/1.1 " + std::to_string(status) + " X\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" +
         body;
}

bool wait_for(int fd, const std::atomic<bool>& ending) {
  while (!ending) {
    pollfd one{fd, POLLIN, 0};
    if (::poll(&one, 1, 20) > 0) return true;
  }
  return false;
}

}  // namespace

RestService::RestService() {
  listener_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = ::htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  ::bind(listener_, reinterpret_cast<sockaddr*>(&address), size);
  ::listen(listener_, 8);
  ::getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &size);
  port_ = ::ntohs(address.sin_port);
  thread_ = std::thread([this] { serve(); });
}

RestService::~RestService() {
  ending_ = true;
  thread_.join();
  ::close(listener_);
}

std::string RestService::url(const std::string& path) const {
  return "http://127.0.0.1:" + std::to_string(port_) + path;
}

void RestService::put(const std::string& path, const std::string& json) {
  const std::lock_guard lock(mutex_);
  objects_[path] = json;
}
void RestService::remove(const std::string& path) {
  const std::lock_guard lock(mutex_);
  objects_.erase(path);
}
std::string RestService::get(const std::string& path) {
  const std::lock_guard lock(mutex_);
  const auto found = objects_.find(path);
  return found == objects_.end() ? "" : found->second;
}
std::vector<std::string> RestService::asked() {
  const std::lock_guard lock(mutex_);
  return asked_;
}
std::size_t RestService::changes() {
  std::size_t count = 0;
  for (const auto& one : asked()) count += one.starts_with("GET ") ? 0 : 1;
  return count;
}
void RestService::let_in(const std::string& user_and_password) {
  const std::lock_guard lock(mutex_);
  authorization_ = "Authorization: Basic " + to_base64(user_and_password) + "\r\n";
}
void RestService::answer_with(const std::string& bytes) {
  const std::lock_guard lock(mutex_);
  fixed_ = bytes;
}
void RestService::on_post(const std::string& path, const std::string& object, const std::string& json, int status) {
  const std::lock_guard lock(mutex_);
  then_[path] = {object, json, status};
}
void RestService::refuse_to_delete(const std::string& path, int status, const std::string& why, int times) {
  const std::lock_guard lock(mutex_);
  refusals_["DELETE " + path] = {status, why, times};
}
void RestService::refuse_to_change(const std::string& path, int status, const std::string& why, int times) {
  const std::lock_guard lock(mutex_);
  refusals_["PUT " + path] = {status, why, times};
}
void RestService::refuse_to_show(const std::string& path, int status, const std::string& why, int times) {
  const std::lock_guard lock(mutex_);
  refusals_["GET " + path] = {status, why, times};
}
void RestService::on_get(const std::string& path, const std::string& json, int times) {
  const std::lock_guard lock(mutex_);
  later_[path] = {times, json};
}
std::string RestService::sent() {
  const std::lock_guard lock(mutex_);
  return sent_;
}
void RestService::be_busy(int times) {
  const std::lock_guard lock(mutex_);
  busy_ = times;
}

void RestService::serve() {
  while (wait_for(listener_, ending_)) {
    const int connection = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
    if (connection < 0) continue;
    ++connections_;
    threads_.emplace_back([this, connection] {
      std::string buffer;
      while (serve_one(connection, buffer) && !closes_) {
      }
      ::close(connection);
    });
  }
  for (auto& thread : threads_) thread.join();
}

bool RestService::serve_one(int connection, std::string& buffer) {
  std::size_t end = std::string::npos;
  std::size_t whole = std::string::npos;
  while (buffer.size() < whole) {
    end = buffer.find("\r\n\r\n");
    if (end != std::string::npos) {
      const auto length = buffer.find("Content-Length: ");
      whole = end + 4 + (length < end ? std::stoul(buffer.substr(length + 16)) : 0);
      if (buffer.size() >= whole) break;
    }
    char piece[4096];
    if (!wait_for(connection, ending_)) return false;
    const auto got = ::recv(connection, piece, sizeof piece, 0);
    if (got <= 0) return false;
    buffer.append(piece, static_cast<std::size_t>(got));
  }
  const std::string head = buffer.substr(0, end + 2);
  const std::string body = buffer.substr(end + 4, whole - end - 4);
  buffer.erase(0, whole);
  const auto space = head.find(' ');
  const std::string method = head.substr(0, space);
  const std::string path = head.substr(space + 1, head.find(' ', space + 1) - space - 1);
  std::string text;
  if (!asked().empty())
    for (int i = 0; i < 1000 && connections_ < awaited_ && !ending_; ++i) ::poll(nullptr, 0, 10);
  {
    const std::lock_guard lock(mutex_);
    if (!fixed_.empty()) {
      text = fixed_;
    } else if (busy_ > 0) {
      --busy_;
      text = response(503, "starting");
    } else if (head.find(authorization_) == std::string::npos) {
      text = response(401, R"({"error":"not_authorized"})");
    } else {
      asked_.push_back(method + " " + path);
      text = answer(method, path, body);
    }
  }
  return ::send(connection, text.data(), text.size(), MSG_NOSIGNAL) == static_cast<ssize_t>(text.size());
}

std::string RestService::list() {
  std::string out;
  for (const auto& [path, json] : objects_) {
    if (!path.starts_with(std::string(collection) + "/")) continue;
    const std::string id = path.substr(std::string(collection).size() + 1);
    const bool has_id = json.find("\"id\":") != std::string::npos;
    out += (out.empty() ? "" : ",") + (has_id ? json : json.substr(0, json.size() - 1) + R"(,"id":")" + id + "\"}");
  }
  return R"({"total":0,"list":[)" + out + "]}";
}

std::string RestService::answer(const std::string& method, const std::string& path, const std::string& body) {
  if (path == collection && method == "GET") return response(200, list());
  if (path == collection && method == "POST") {
    objects_[std::string(collection) + "/id " + std::to_string(next_id_)] = body;
    return response(201, R"({"id":")" + std::to_string(next_id_++) + "\"}");
  }
  std::string place = path;
  if (const auto escaped = place.find("%20"); escaped != std::string::npos) place.replace(escaped, 3, " ");
  if (method == "DELETE") place = place.substr(0, place.find('?'));
  const bool there = objects_.contains(place);
  if (const auto refusal = refusals_.find(method + " " + place);
      refusal != refusals_.end() && refusal->second.times-- > 0)
    return response(refusal->second.status, refusal->second.why);
  if (const auto then = then_.find(path); method == "POST" && then != then_.end()) {
    objects_[then->second.object] = then->second.json;
    sent_ = body;
    return response(then->second.status, "");
  }
  if (method == "PUT") {
    if (body.find("refuse me") != std::string::npos) return response(400, R"({"reason":"cannot have )" + body + "\"}");
    objects_[place] = forgets_ ? "{}" : body;
    return response(there ? 204 : 201, "");
  }
  if (!there) return response(404, R"({"error":"Object Not Found"})");
  if (method == "DELETE") return objects_.erase(place), response(204, "");
  if (const auto later = later_.find(place); later != later_.end() && --later->second.first <= 0)
    objects_[place] = later->second.second;
  return response(200, objects_[place]);
}

}  // namespace wright::agent
