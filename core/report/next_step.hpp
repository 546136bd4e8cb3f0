#pragma once

#include <string>

namespace wright {

/// A text that names commands ("then wright trust web"), each with the site file in use, so that it can be typed as it
/// stands: "then wright --site staging.toml trust web". The text itself when `site` is empty.
std::string naming_site(const std::string& text, const std::string& site);

}  // namespace wright
