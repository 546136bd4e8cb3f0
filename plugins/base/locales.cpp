#include <algorithm>
#include <cctype>
#include <optional>

#include "parts.hpp"

namespace base {
namespace {

/// Of "de_DE.ISO-8859-15@euro".
struct Locale {
  std::string input;    ///< the source: "de_DE@euro"
  std::string charset;  ///< "ISO-8859-15"
  std::string folder;   ///< as localedef names it: "de_DE.iso885915@euro"
};

bool has_only(std::string_view text, std::string_view more) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [&](unsigned char c) {
    return std::isalnum(c) != 0 || more.find(static_cast<char>(c)) != std::string_view::npos;
  });
}

std::optional<Locale> parse(std::string_view name) {
  const auto point = name.find('.');
  if (point == std::string_view::npos) return {};
  const auto at = std::min(name.find('@'), name.size());
  if (at < point) return {};
  const std::string language(name.substr(0, point));
  const std::string modifier(name.substr(at));
  Locale out{language + modifier, std::string(name.substr(point + 1, at - point - 1)), {}};
  if (!has_only(language, "_") || !has_only(out.charset, "-_")) return {};
  if (!modifier.empty() && !has_only(std::string_view(modifier).substr(1), "")) return {};
  std::string normal;
  for (const char c : out.charset)
    if (std::isalnum(static_cast<unsigned char>(c)) != 0)
      normal += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  out.folder = "/usr/lib/locale/" + language + "." + normal + modifier;
  return out;
}

/// Those that glibc has without being made.
bool is_built_in(std::string_view name) { return name == "C" || name == "POSIX" || name == "C.UTF-8"; }

bool has_defaults(const Config& c) { return !c.default_locale.empty() || !c.locale_categories.empty(); }

void check_default(wright::Configure& on, const Config& c, const std::string& option, const std::string& name) {
  if (is_built_in(name) || std::find(c.locales.begin(), c.locales.end(), name) != c.locales.end()) return;
  on.error(option, "\"" + name + "\" is not among locales", "a login would find no such locale");
}

void check_defaults(wright::Configure& on, const Config& c) {
  static const std::vector<std::string> categories = {
      "LANGUAGE",       "LC_ADDRESS", "LC_COLLATE",  "LC_CTYPE", "LC_IDENTIFICATION", "LC_MESSAGES", "LC_NAME",
      "LC_MEASUREMENT", "LC_NUMERIC", "LC_MONETARY", "LC_PAPER", "LC_TIME",           "LC_TELEPHONE"};
  if (!c.default_locale.empty()) check_default(on, c, "default_locale", c.default_locale);
  for (const auto& [category, name] : c.locale_categories) {
    const std::string option = "locale_categories." + category;
    if (std::find(categories.begin(), categories.end(), category) == categories.end())
      on.error(option, "must be LC_TIME, LC_COLLATE or another category of locale(7)");
    else if (category != "LANGUAGE")
      check_default(on, c, option, name);
    else if (!has_only(name, "_:.-@"))
      on.error(option, "must be languages with colons between them, such as de:en");
  }
}

/// The older name is a link to the newer one where that is there.
std::string defaults_path(const wright::Phase& on) {
  return is_debian_from(on, 13) ? "/etc/locale.conf" : "/etc/default/locale";
}

}  // namespace

void install_locales(wright::Install& on, const Config& c) {
  if (!c.locales.empty()) on.package("locales");
}

void configure_locales(wright::Configure& on, const Config& c) {
  for (std::size_t i = 0; i < c.locales.size(); ++i) {
    if (is_built_in(c.locales[i])) continue;
    const auto locale = parse(c.locales[i]);
    if (!locale) {
      on.error(wright::format("locales[{}]", i), "must be a locale with its character set, such as de_DE.UTF-8");
      continue;
    }
    // A folder of its own beside the archive: it can be removed again, and what makes the archive anew leaves it alone.
    on.command("locale " + c.locales[i])
        .argv({"/usr/bin/localedef", "-i", locale->input, "-f", locale->charset, "--no-archive", c.locales[i]})
        .creates(locale->folder)
        .undo({"/bin/rm", "-rf", "--", locale->folder})
        .makes({locale->folder});
  }
  if (!has_defaults(c)) return;
  check_defaults(on, c);
  std::string text(written_by);
  if (!c.default_locale.empty()) text += "LANG=" + c.default_locale + "\n";
  for (const auto& [category, name] : c.locale_categories) text += category + "=" + name + "\n";
  on.file(defaults_path(on)).mode(0644).content(text);
  if (!c.default_locale.empty()) on.export_value("locale", c.default_locale);
}

void verify_locales(wright::Verify& on, const Config& c) {
  for (const auto& name : c.locales) {
    const auto locale = parse(name);
    if (!locale) continue;
    // One that cannot be used has the character set of "C".
    on.check_command({"/usr/bin/locale", "charmap"})
        .environment("LC_ALL", name)
        .contains(locale->charset + "\n")
        .named("programs can use " + name);
  }
  if (!c.default_locale.empty())
    on.file_check(defaults_path(on))
        .contains("LANG=" + c.default_locale + "\n")
        .named("logins get " + c.default_locale);
}

}  // namespace base
