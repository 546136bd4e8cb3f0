#include "agent/resources/stamps.hpp"

#include <unistd.h>

#include "agent/files/files.hpp"
#include "agent/files/relocate.hpp"
#include "base/sha256.hpp"

namespace wright::agent {

Stamps::Stamps(const Context& context, const ResourceId& id)
    : folder_(context.state_folder + "/stamps"), path_(folder_ + "/" + sha256_hex(to_string(id))) {}

Result<std::optional<std::string>> Stamps::read(const std::string& path) const {
  const auto seen = look_at(path);
  if (!seen) return failure(seen.error());
  if (seen->type == FileState::Type::absent) return std::nullopt;
  auto text = read_file(path);
  if (!text) return failure(text.error());
  return std::move(*text);
}

Result<> Stamps::write(const std::string& path, const std::optional<std::string>& text) const {
  if (!text) return remove_path(path);
  if (auto made = make_private_folders(folder_); !made) return made;
  return replace_file(path, *text, {0600, ::geteuid(), ::getegid()});
}

Result<std::optional<std::string>> Stamps::done_for() const { return read(path_); }

Result<> Stamps::set_done_for(const std::optional<std::string>& stamp) const { return write(path_, stamp); }

Result<std::optional<std::string>> Stamps::made() const { return read(path_ + ".made"); }

Result<> Stamps::set_made(const std::optional<std::string>& making) const { return write(path_ + ".made", making); }

Result<std::optional<std::string>> Stamps::closed() const { return read(path_ + ".closed"); }

Result<> Stamps::set_closed(const std::optional<std::string>& before) const { return write(path_ + ".closed", before); }

Result<std::optional<std::string>> Stamps::returned() const { return read(path_ + ".returned"); }

Result<> Stamps::set_returned(const std::optional<std::string>& which) const {
  return write(path_ + ".returned", which);
}

Result<std::string> Stamps::began_in() const {
  auto transaction = read(path_ + ".began");
  if (!transaction) return failure(transaction.error());
  return transaction->value_or("");
}

Result<> Stamps::set_began_in(const std::string& transaction) const {
  return write(path_ + ".began", transaction.empty() ? std::nullopt : std::optional(transaction));
}

}  // namespace wright::agent
