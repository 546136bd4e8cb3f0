#pragma once

#include <cstdio>
#include <cstdlib>

/// Ends a fuzz run when something that must hold for every input does not.
#define WRIGHT_EXPECT(what)                                                     \
  do {                                                                          \
    if (!(what)) {                                                              \
      std::fprintf(stderr, "%s:%d: not true: %s\n", __FILE__, __LINE__, #what); \
      std::abort();                                                             \
    }                                                                           \
  } while (false)
