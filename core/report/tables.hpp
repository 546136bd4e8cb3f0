#pragma once

#include <string>
#include <vector>

#include "model/event.hpp"
#include "model/plan.hpp"
#include "model/protocol.hpp"
#include "report/style.hpp"

namespace wright {

/// Rows of cells as aligned columns, the first row as heading. Cells are made safe here; the last column is not padded.
std::string table(const std::vector<std::vector<std::string>>& rows, const Style& style);

/// How an apply or rollback ended on each host, one line each, then what was quarantined or kept.
std::string recap_text(const std::vector<Outcome>& outcomes, const Style& style);
/// How many probes of each host passed.
std::string verified_text(const std::vector<Outcome>& outcomes, const std::vector<Event>& events, const Style& style);
std::string history_text(const std::string& host, const std::vector<TransactionInfo>& transactions, const Style& style);
std::string status_text(const std::string& host, const StatusReport& report, const Style& style);
/// One "host.fact = value" a line, for grep.
std::string facts_text(const std::string& host, const Value::Map& facts);

/// The four parts of each diagnostic: where and what, why, next.
std::string diagnostics_text(const Diagnostics& diagnostics, const Style& style);

}  // namespace wright
