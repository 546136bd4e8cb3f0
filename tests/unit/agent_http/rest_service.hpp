#pragma once

#include <atomic>
#include <map>
#include <mutex>
#include <set>
#include <string>
#include <thread>
#include <vector>

namespace wright::agent {

/// A small service on a port of 127.0.0.1: objects by their paths, a collection at /items that gives out ids, basic
/// authentication. A thread for each connection, which it keeps open.
class RestService {
 public:
  RestService();
  ~RestService();
  RestService(const RestService&) = delete;
  RestService& operator=(const RestService&) = delete;

  [[nodiscard]] std::string url(const std::string& path) const;
  void put(const std::string& path, const std::string& json);
  void remove(const std::string& path);
  /// The object's JSON; empty when it is not there.
  std::string get(const std::string& path);
  /// "METHOD path" of each request so far that was let in.
  std::vector<std::string> asked();
  std::size_t changes();
  [[nodiscard]] int connections() const { return connections_; }

  /// Everything below is for what comes next.
  void let_in(const std::string& user_and_password);
  /// An answer, byte for byte, to whatever is asked; empty: its own.
  void answer_with(const std::string& bytes);
  /// So many requests are answered with 503.
  void be_busy(int times);
  /// POST there gives the object this content.
  void on_post(const std::string& path, const std::string& object, const std::string& json, int status = 204);
  /// DELETE there, with whatever query, is answered so, so many times.
  void refuse_to_delete(const std::string& path, int status, const std::string& why, int times = 1000000);
  /// So is PUT there.
  void refuse_to_change(const std::string& path, int status, const std::string& why, int times);
  /// So is GET there.
  void refuse_to_show(const std::string& path, int status, const std::string& why, int times);
  /// The object has this content from the so many-th GET of it from now on.
  void on_get(const std::string& path, const std::string& json, int times);
  /// What the last such POST sent.
  std::string sent();
  /// The object's content is not what PUT says.
  void forget_what_is_put() { forgets_ = true; }
  void close_after_each() { closes_ = true; }
  /// After the first answer the next ones wait until there were so many connections, at most for 10 s.
  void wait_for_connections(int count) { awaited_ = count; }

 private:
  void serve();
  bool serve_one(int connection, std::string& buffer);
  std::string answer(const std::string& method, const std::string& path, const std::string& body);
  std::string list();

  std::mutex mutex_;
  std::map<std::string, std::string> objects_;
  std::vector<std::string> asked_;
  std::string authorization_;
  std::string fixed_;
  struct Then {
    std::string object;
    std::string json;
    int status;
  };
  std::map<std::string, Then> then_;
  struct Refusal {
    int status;
    std::string why;
    int times;
  };
  std::map<std::string, Refusal> refusals_;  ///< by method and path
  std::map<std::string, std::pair<int, std::string>> later_;
  std::string sent_;
  int busy_ = 0;
  int next_id_ = 1;
  std::atomic<bool> forgets_{false};
  std::atomic<bool> closes_{false};
  std::atomic<bool> ending_{false};
  std::atomic<int> connections_{0};
  std::atomic<int> awaited_{0};
  int listener_ = -1;
  int port_ = 0;
  std::thread thread_;
  std::vector<std::thread> threads_;  ///< of connections
};

}  // namespace wright::agent
