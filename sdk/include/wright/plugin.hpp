#pragma once

#include <wright/claims.hpp>
#include <wright/config.hpp>
#include <wright/format.hpp>
#include <wright/phases.hpp>
#include <wright/render.hpp>
#include <wright/schema.hpp>

namespace wright {

struct About {
  std::string_view name;  ///< that of the file, without ".so"
  std::string_view version;
  std::string_view summary;
};
constexpr About about(std::string_view name, std::string_view version, std::string_view summary) {
  return {name, version, summary};
}

/// Base of every plugin. A plugin has `static constexpr auto about`, optionally `Config` with `options`, and any of
///   void install(wright::Install& on, const Config&)      void configure(wright::Configure& on, const Config&)
///   void verify(wright::Verify& on, const Config&)        void rollback(wright::Rollback& on, const Config&)
/// verify, and install or configure, are required. A fresh object is made for each call; no state is kept.
struct Plugin {
  struct Config {};
  static constexpr auto options = wright::options();
};

namespace detail {

/// Config carries the plugin's table under the name that nested structs use for theirs.
template <class P>
struct ConfigOf : P::Config {
  static constexpr auto options = P::options;
};

template <class P, class On, class Body>
std::int32_t run_phase(const wright_host* host, wright_call* handle, Body body) noexcept {
  Call call{copy_of(host), handle};
  auto fail = [&](std::string_view what, std::string_view why) noexcept {
    call.host.diagnose(handle, WRIGHT_FAULT, borrow(what), borrow(why), wright_str{nullptr, 0});
    return WRIGHT_FAILED;
  };
  try {
    ConfigOf<P> config{};
    ConfigReader(call.host).read(call.host.config(handle), "", config);
    On on(&call);
    P plugin{};
    body(plugin, on, static_cast<const typename P::Config&>(config));
    return call.failed ? WRIGHT_FAILED : WRIGHT_OK;
  } catch (const Suspended&) {
    return WRIGHT_PENDING;
  } catch (const std::exception& e) {
    return fail("an exception was thrown", e.what());
  } catch (...) {
    return fail("an exception was thrown", "it is no std::exception");
  }
}

template <class P>
std::int32_t install(const wright_host* host, wright_call* call) noexcept {
  return run_phase<P, Install>(host, call, [](P& p, Install& on, const auto& c) { p.install(on, c); });
}
template <class P>
std::int32_t configure(const wright_host* host, wright_call* call) noexcept {
  return run_phase<P, Configure>(host, call, [](P& p, Configure& on, const auto& c) { p.configure(on, c); });
}
template <class P>
std::int32_t verify(const wright_host* host, wright_call* call) noexcept {
  return run_phase<P, Verify>(host, call, [](P& p, Verify& on, const auto& c) { p.verify(on, c); });
}
template <class P>
std::int32_t rollback(const wright_host* host, wright_call* call) noexcept {
  return run_phase<P, Rollback>(host, call, [](P& p, Rollback& on, const auto& c) { p.rollback(on, c); });
}

template <class P>
struct Entry {
  OptionTable options = OptionTable::of<ConfigOf<P>>();
  wright_plugin table{};

  Entry() {
    table.struct_size = sizeof(table);
    table.abi_minor = WRIGHT_ABI_MINOR;
    table.name = borrow(P::about.name);
    table.version = borrow(P::about.version);
    table.summary = borrow(P::about.summary);
    table.options = options.data();
    table.option_count = options.size();
    // Found by name alone, so that a phase with a wrong signature does not compile instead of being left out.
    static_assert(
        requires { &P::verify; }, "a plugin needs verify");
    static_assert(
        requires { &P::install; } || requires { &P::configure; }, "a plugin needs install or configure");
    if constexpr (requires { &P::install; }) table.install = install<P>;
    if constexpr (requires { &P::configure; }) table.configure = configure<P>;
    table.verify = verify<P>;
    if constexpr (requires { &P::rollback; }) table.rollback = rollback<P>;
  }
};

template <class P>
const wright_plugin* entry() noexcept {
  try {
    static const Entry<P> made;
    return &made.table;
  } catch (...) {
    return nullptr;
  }
}

}  // namespace detail
}  // namespace wright

/// The one exported symbol of the plugin. Stands once, in one source file, outside any namespace.
#define WRIGHT_PLUGIN(Type)                                                                 \
  extern "C" WRIGHT_EXPORT const wright_plugin* wright_plugin_entry_1(const wright_host*) { \
    return ::wright::detail::entry<Type>();                                                 \
  }
