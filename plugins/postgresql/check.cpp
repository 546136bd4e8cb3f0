#include <algorithm>
#include <set>
#include <tuple>
#include <wright/address.hpp>
#include <wright/apt_source.hpp>
#include <wright/check.hpp>

#include "age_recipient.hpp"
#include "options.hpp"

namespace postgresql {
namespace {

bool is_name(std::string_view text) {
  return !text.empty() && text.size() < 64 && wright::is_line(text) &&
         text.find_first_of("\"'\\ ,/") == std::string_view::npos && text[0] != '-';
}

bool is_number(const std::string& text, int most) {
  return !text.empty() && text.size() < 4 && text.find_first_not_of("0123456789") == std::string::npos &&
         std::stoi(text) <= most;
}

bool is_address(const std::string& text, int& bits) {
  bits = text.find(':') == std::string::npos ? 32 : 128;
  return bits == 32 ? wright::is_ipv4(text) : wright::is_ipv6(text);
}

bool is_address(const std::string& text) {
  int bits = 0;
  return is_address(text, bits);
}

bool is_address_or_network(const std::string& text) {
  const auto slash = text.find('/');
  int bits = 0;
  if (!is_address(text.substr(0, slash), bits)) return false;
  if (slash == std::string::npos) return true;
  return is_number(text.substr(slash + 1), bits);
}

bool is_setting(std::string_view text) {
  return !text.empty() && text.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789_.") == std::string_view::npos;
}

bool is_printable_ascii(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return c >= ' ' && c <= '~'; });
}

bool is_one_of(std::string_view text, std::initializer_list<std::string_view> words) {
  return std::find(words.begin(), words.end(), text) != words.end();
}

class Check {
 public:
  Check(wright::Configure& on, const Config& c) : on_(on), c_(c) {}

  bool passes() {
    if (c_.version.find_first_not_of("0123456789") != std::string::npos)
      bad("version", "must be a number, such as \"15\"");
    if (!c_.source.uri.empty() && c_.version.empty())
      bad("version", "is needed with a source: what that has is not known before it is there");
    good_ = wright::check_apt_source(on_, c_.source) && good_;
    for (std::size_t i = 0; i < c_.listen.size(); ++i)
      if (!is_address(c_.listen[i])) bad(wright::format("listen[{}]", i), "must be a numeric address");
    for (const auto& [name, value] : c_.settings)
      if (!is_setting(name) || !wright::is_line(value))
        bad("settings." + name, "must be a setting of postgresql.conf and one line");
    for (std::string_view own :
         {"port", "listen_addresses", "max_connections", "data_directory", "hba_file", "config_file"})
      if (c_.settings.contains(std::string(own)))
        bad("settings." + std::string(own), "has an option of its own, or must stay");
    if (!wright::is_absolute_path(c_.backup_directory))
      bad("backup_directory", "must be an absolute path without \"..\"");
    if (c_.backup_time.empty() || !wright::is_line(c_.backup_time))
      bad("backup_time", "must be a time, such as \"02:30\"");
    for (std::size_t i = 0; i < c_.backup_recipients.size(); ++i)
      if (const std::string wrong = why_no_recipient(c_.backup_recipients[i]); !wrong.empty())
        bad(wright::format("backup_recipients[{}]", i), wrong);
    if (!c_.backup_on_failure.empty() && !wright::is_word(c_.backup_on_failure))
      bad("backup_on_failure", "must be the name of a unit, such as \"status-mail@%n.service\"");
    if (!c_.host_access && std::any_of(c_.roles.begin(), c_.roles.end(), [](const auto& r) { return r.login; }) &&
        c_.access.empty())
      on_.warning("host_access", "is false and access is empty: no role can log in");
    roles();
    databases();
    std::set<std::tuple<std::string, std::string, std::string>> granted;
    for (std::size_t i = 0; i < c_.grants.size(); ++i) {
      known(wright::format("grants[{}].role", i), c_.grants[i].role, roles_, "roles");
      known(wright::format("grants[{}].database", i), c_.grants[i].database, databases_, "databases");
      if (!granted.insert({c_.grants[i].role, c_.grants[i].database, c_.grants[i].schema}).second)
        bad(wright::format("grants[{}]", i), "is for the role, database and schema of another one");
      if (c_.grants[i].schema != "public" && !schemas_.contains(c_.grants[i].database + "." + c_.grants[i].schema))
        bad(wright::format("grants[{}].schema", i), "names none of the database's schemas");
    }
    for (std::size_t i = 0; i < c_.access.size(); ++i) access(wright::format("access[{}]", i), c_.access[i]);
    return good_;
  }

 private:
  void bad(std::string_view option, std::string_view what) {
    on_.error(option, what);
    good_ = false;
  }

  void known(const std::string& option, const std::string& name, const std::set<std::string>& names, const char* list) {
    if (!names.contains(name))
      bad(option, wright::format("names none of {}", list));
    else if (is_absent(name, list))
      bad(option, wright::format("names one of {} that is to be absent", list));
  }

  [[nodiscard]] bool is_absent(const std::string& name, std::string_view list) const {
    const auto named = [&](const auto& one) { return one.name == name && one.state == "absent"; };
    return list == "roles" ? std::any_of(c_.roles.begin(), c_.roles.end(), named)
                           : std::any_of(c_.databases.begin(), c_.databases.end(), named);
  }

  void roles() {
    for (const auto& role : c_.roles) roles_.insert(role.name);
    std::set<std::string> seen;
    for (std::size_t i = 0; i < c_.roles.size(); ++i) {
      const auto& role = c_.roles[i];
      const std::string place = wright::format("roles[{}]", i);
      if (!is_name(role.name) || role.name.starts_with("pg_"))
        bad(place + ".name", "must be a name without spaces, quotes, commas and slashes");
      if (role.name == "postgres") bad(place + ".name", "is the server's own administrator");
      if (!seen.insert(role.name).second) bad(place + ".name", "is another one's already");
      if (role.state == "absent") continue;
      if (!is_printable_ascii(role.password.reveal())) bad(place + ".password", "must be printable ASCII");
      for (std::size_t j = 0; j < role.member_of.size(); ++j)
        if (!roles_.contains(role.member_of[j]) && !role.member_of[j].starts_with("pg_"))
          bad(wright::format("{}.member_of[{}]", place, j), "names none of roles, and none of the server's own");
        else if (is_absent(role.member_of[j], "roles"))
          bad(wright::format("{}.member_of[{}]", place, j), "names one of roles that is to be absent");
    }
  }

  void databases() {
    for (std::size_t i = 0; i < c_.databases.size(); ++i) {
      const auto& database = c_.databases[i];
      const std::string place = wright::format("databases[{}]", i);
      if (!is_name(database.name)) bad(place + ".name", "must be a name without spaces, quotes, commas and slashes");
      for (std::string_view own : {"postgres", "template0", "template1"})
        if (database.name == own) bad(place + ".name", "is the server's own");
      if (!databases_.insert(database.name).second) bad(place + ".name", "is another one's already");
      if (database.state == "absent") continue;
      if (database.owner.empty())
        bad(place + ".owner", "is needed");
      else
        known(place + ".owner", database.owner, roles_, "roles");
      if (!wright::is_word(database.encoding) || database.encoding.find('\'') != std::string::npos)
        bad(place + ".encoding", "must be an encoding, such as UTF8");
      if (!wright::is_word(database.locale) || database.locale.find('\'') != std::string::npos)
        bad(place + ".locale", "must be a locale, such as C.UTF-8");
      for (std::size_t j = 0; j < database.schemas.size(); ++j) {
        const std::string& schema = database.schemas[j];
        if (!is_name(schema) || schema == "public" || schema.starts_with("pg_"))
          bad(wright::format("{}.schemas[{}]", place, j), "must be a schema's name, not public or the server's own");
        schemas_.insert(database.name + "." + schema);
      }
      for (std::size_t j = 0; j < database.extensions.size(); ++j)
        if (!is_name(database.extensions[j]))
          bad(wright::format("{}.extensions[{}]", place, j), "must be an extension's name");
      for (std::size_t j = 0; j < database.absent_extensions.size(); ++j) {
        const std::string& name = database.absent_extensions[j];
        const auto& wanted = database.extensions;
        if (!is_name(name) || name == "plpgsql")
          bad(wright::format("{}.absent_extensions[{}]", place, j),
              "must be an extension's name, and not that of plpgsql, which every database has");
        if (std::find(wanted.begin(), wanted.end(), name) != wanted.end())
          bad(wright::format("{}.absent_extensions[{}]", place, j), "is among extensions, too");
      }
    }
  }

  void access(const std::string& place, const Access& a) {
    for (std::size_t i = 0; i < a.addresses.size(); ++i)
      if (!is_address_or_network(a.addresses[i]) && !is_one_of(a.addresses[i], {"samehost", "samenet", "all", "local"}))
        bad(wright::format("{}.addresses[{}]", place, i),
            "must be a numeric address, a network, \"samehost\", \"samenet\", \"all\" or \"local\"");
    const bool local = std::find(a.addresses.begin(), a.addresses.end(), "local") != a.addresses.end();
    if (a.method == "peer" && (!local || a.addresses.size() > 1))
      bad(place + ".method", "\"peer\" goes with the address \"local\" alone");
    if (local && is_one_of(a.method, {"ident", "gss", "cert"}))
      bad(place + ".method", wright::format("\"{}\" is not for \"local\"", a.method));
    if (a.method == "trust")
      on_.warning(place + ".method", "\"trust\" lets everybody who gets there be this role, without a password");
    for (const auto& [name, value] : a.method_options)
      if (!is_setting(name) || !wright::is_line(value) || value.find('"') != std::string::npos)
        bad(wright::format("{}.method_options.{}", place, name), "must be a word and a line without quotes");
    for (const auto& [option, text] : {std::pair{"database", &a.database}, {"role", &a.role}})
      if (!is_name(*text)) bad(wright::format("{}.{}", place, option), "must be a name or \"all\"");
    if (is_absent(a.role, "roles")) bad(place + ".role", "names one of roles that is to be absent");
    if (is_absent(a.database, "databases")) bad(place + ".database", "names one of databases that is to be absent");
    if (a.method == "cert" && !a.tls) bad(place + ".tls", "must be true, as certificates are seen over TLS only");
  }

  wright::Configure& on_;
  const Config& c_;
  std::set<std::string> roles_, databases_, schemas_;
  bool good_ = true;
};

template <class Named>
void remove_absent(std::vector<Named>& all) {
  std::erase_if(all, [](const Named& one) { return one.state == "absent"; });
}

}  // namespace

Config without_absent(Config c) {
  remove_absent(c.roles);
  remove_absent(c.databases);
  return c;
}

bool check(wright::Configure& on, const Config& c) { return Check(on, c).passes(); }

}  // namespace postgresql
