#include "site/reference.hpp"

#include "fuzz/expect.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace wright;
  const std::string text(reinterpret_cast<const char*>(data), size);
  const auto references = references_in(text);
  const auto resolved = resolve(Value(Value::List{text}), [](const Reference& reference) -> Result<Value> {
    if (reference.kind == Reference::Kind::secret) return Value(Secret("${secret.again}"));
    if (reference.kind == Reference::Kind::other_host_fact) return Value(Value::List{"${host.again}", 1, true, 0.5});
    if (reference.path == "missing") return failure("", "is missing");
    return Value("${host.again}");
  });
  if (!references) {
    WRIGHT_EXPECT(references.error().has_errors());
    WRIGHT_EXPECT(!resolved);
    return 0;
  }
  bool secret = false;
  for (const auto& reference : *references) {
    WRIGHT_EXPECT(text.find(reference.text) != std::string::npos);
    WRIGHT_EXPECT(!reference.path.empty());
    secret = secret || reference.kind == Reference::Kind::secret;
  }
  // What a secret went into must not come out as text.
  if (resolved && secret)
    for (const auto& item : *resolved->as_list()) WRIGHT_EXPECT(item.as_secret() != nullptr);
  return 0;
}
