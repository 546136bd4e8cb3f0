#include "fuzz/expect.hpp"
#include "model/encoding.hpp"
#include "model/kinds.hpp"
#include "model/option.hpp"
#include "model/protocol.hpp"

namespace {

using namespace wright;

/// What one side understood must be the same when it is sent on.
template <class T, class Encode>
void stays_the_same(const Result<T>& first, Result<T> (*decode)(const Value&), Encode encode) {
  if (!first) {
    WRIGHT_EXPECT(first.error().has_errors());
    return;
  }
  const Value sent = encode(*first);
  const auto second = decode(sent);
  WRIGHT_EXPECT(second.has_value());
  WRIGHT_EXPECT(to_cbor(encode(*second)) == to_cbor(sent));
}

void read_as_everything(const Value& value) {
  const auto message = [](const auto& one) { return to_message(one); };
  const auto plain = [](const auto& one) { return to_value(one); };
  stays_the_same<Hello>(hello_from(value), hello_from, message);
  stays_the_same<Welcome>(welcome_from(value), welcome_from, message);
  stays_the_same<ApplyRequest>(apply_request_from(value), apply_request_from, message);
  stays_the_same<VerifyRequest>(verify_request_from(value), verify_request_from, message);
  stays_the_same<StatusReport>(status_report_from(value), status_report_from, message);
  stays_the_same<Plan>(plan_in(value), plan_in, message);
  stays_the_same<Event>(event_in(value), event_in, message);
  stays_the_same<Outcome>(outcome_in(value), outcome_in, message);
  stays_the_same<Diagnostics>(error_in(value), error_in, message);
  stays_the_same<Catalog>(catalog_in(value), catalog_in, [](const Catalog& c) { return plan_message(c); });
  stays_the_same<PluginDescription>(plugin_description_from(value), plugin_description_from, plain);
  stays_the_same<RollbackRequest>(rollback_request_from(value), rollback_request_from,
                                  [](const RollbackRequest& r) { return to_message(r, "rollback"); });
  static_cast<void>(history_in(value));
  if (const auto catalog = catalog_in(value)) {
    for (const auto& resource : catalog->resources) static_cast<void>(check(resource));
    for (const auto& probe : catalog->probes) static_cast<void>(check(probe));
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto value = from_cbor({reinterpret_cast<const char*>(data), size});
  if (!value) {
    WRIGHT_EXPECT(value.error().has_errors());
    return 0;
  }
  const std::string bytes = to_cbor(*value);
  const auto again = from_cbor(bytes);
  WRIGHT_EXPECT(again.has_value());
  WRIGHT_EXPECT(to_cbor(*again) == bytes);  // not ==: nan differs from itself
  static_cast<void>(to_json(*value));
  read_as_everything(*value);
  return 0;
}
