#pragma once

#include "cli/context.hpp"
#include "site/secrets_file.hpp"

/// The words of `wright secrets`. Every one returns the exit code of the process.
namespace wright::secrets {

int init(Context& context, const Site& site);
int list(Context& context, const Site& site);
int set(Context& context, const Site& site);
int edit(Context& context, const Site& site);
int rekey(Context& context, const Site& site);

/// Names that the site refers to and that have no value.
std::vector<std::string> missing_from(const Site& site, const std::map<std::string, Secret>& values);
/// Says which secrets still have no value.
void tell_missing(Context& context, const Site& site, const std::map<std::string, Secret>& values);

}  // namespace wright::secrets
