#pragma once

#include "plugin/plugins.hpp"

/// What controller and worker say to each other: one CBOR map a frame, its "type" first.
///
///   describe -> at*, described      evaluate -> at*, declared
///
/// Either may be answered by "error". "at" tells which phase is being entered.
namespace wright {

Value describe_request(const PluginFile& file);
Value evaluate_request(const PluginFile& file, const Evaluation& evaluation);
Value described_reply(const PluginDescription& description);
Value declared_reply(const Declared& declared);
Value at_message(std::string_view phase);

Result<PluginFile> plugin_file_in(const Value& message);
Result<Evaluation> evaluation_in(const Value& message);
Result<PluginDescription> description_in(const Value& message);
Result<Declared> declared_in(const Value& message);

}  // namespace wright
