#include "agent/probes/mongodb_hello.hpp"

#include <algorithm>

namespace wright::agent {

Talk<MongodbHello> ask_hello(MongodbClient& server, const Patience& patience) {
  const auto answer = server.ask("admin", Bson().integer("hello", 1), patience);
  if (!answer) return tl::unexpected(answer.error());
  if (const auto why = refusal(*answer); why.code != 0) return trouble(Trouble::Kind::wrong, why.why);
  const Value& hello = *answer;
  MongodbHello out;
  out.set = hello["setName"].text_or("");
  for (const char* which : {"hosts", "passives", "arbiters"})
    for (const auto& one : hello[which].strings()) out.members.push_back(one);
  std::sort(out.members.begin(), out.members.end());
  out.primary = hello["primary"].text_or("");
  out.writes = hello["isWritablePrimary"].bool_or(false);
  out.secondary = hello["secondary"].bool_or(false);
  return out;
}

}  // namespace wright::agent
