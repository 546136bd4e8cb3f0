#pragma once

#include "cli/context.hpp"

/// The commands, one file each. Every one returns the exit code of the process.
namespace wright::commands {

int plan(Context& context);
int apply(Context& context);
int verify(Context& context);
int rollback(Context& context);
int status(Context& context);
int history(Context& context);
int facts(Context& context);
int trust(Context& context);
int secrets(Context& context);
int lint(Context& context);
int graph(Context& context);
int plugin(Context& context);
int docs(Context& context);
int help(Context& context);

}  // namespace wright::commands
