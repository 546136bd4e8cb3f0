#include "plugin/plugins.hpp"

#include <map>

#include "model/protocol.hpp"
#include "plugin/beside.hpp"
#include "plugin/fault.hpp"
#include "plugin/messages.hpp"
#include "plugin/worker_process.hpp"

namespace wright {
namespace {

std::string in_seconds(std::chrono::milliseconds time) {
  std::string out = std::to_string(time.count() / 1000);
  if (time.count() % 1000 != 0) out += "." + std::to_string(1000 + time.count() % 1000).substr(1);
  return out + " s";
}

class WorkerPlugins : public Plugins {
 public:
  WorkerPlugins(std::string program, std::chrono::milliseconds deadline)
      : program_(std::move(program)), deadline_(deadline) {}

  Result<> start() {
    auto fresh = WorkerProcess::start(program_, deadline_);
    if (!fresh) return failure(fresh.error());
    worker_ = std::move(*fresh);
    return {};
  }

  Result<PluginDescription> describe(const PluginFile& file) override {
    const auto reply = ask(file, describe_request(file));
    if (!reply) return failure(reply.error());
    auto description = description_in(*reply);
    if (!description) return nonsense(file, "load", description.error());
    files_[description->name] = file;
    return description;
  }

  Result<Declared> evaluate(const Evaluation& request) override {
    const auto known = files_.find(request.plugin);
    if (known == files_.end())
      return failure(plugin_fault(request.plugin, "load", "was not described before it was evaluated"));
    const auto reply = ask(known->second, evaluate_request(known->second, request));
    if (!reply) return failure(reply.error());
    auto declared = declared_in(*reply);
    if (!declared) return nonsense(known->second, "load", declared.error());
    return declared;
  }

 private:
  /// One request to a worker that is there; the answer, or what became of the worker.
  Result<Value> ask(const PluginFile& file, const Value& request) {
    if (!worker_) {
      if (auto started = start(); !started) return failure(started.error());
    }
    std::string phase = "load";
    const auto until = std::chrono::steady_clock::now() + deadline_;
    // A request that cannot be sent is told by the receive that follows.
    (void)worker_->channel().send(request);
    while (true) {
      const auto left = std::chrono::ceil<std::chrono::milliseconds>(until - std::chrono::steady_clock::now());
      auto message = worker_->channel().receive(std::max(left, std::chrono::milliseconds(0)));
      if (!message) return lost(file, phase, message.error().items().front());
      const std::string type = message_type(*message);
      if (type == "at") {
        phase = (*message)["phase"].text_or("?");
        continue;
      }
      if (type != "error") return message;
      auto error = error_in(*message);
      if (!error) return nonsense(file, phase, error.error());
      return failure(*error);
    }
  }

  /// The worker did not answer. It ends here; the next request gets a new one.
  tl::unexpected<Diagnostics> lost(const PluginFile& file, const std::string& phase, const Diagnostic& why) {
    std::string what;
    std::string next;
    if (why.fault == Fault::interrupted) {
      what = "did not return within " + in_seconds(deadline_) + " and was stopped";
      next = "a phase only declares; it must not wait, loop or work";
    } else if (why.fault == Fault::failed) {
      what = "wrote into the worker's connection";
    } else {
      what = worker_->farewell();
      next = "this is a bug of the plugin: tell its author, with the options of the component";
    }
    std::string words = worker_->last_words();
    worker_.reset();
    return failure(plugin_fault(file.name, phase, what, std::move(words), std::move(next)));
  }

  tl::unexpected<Diagnostics> nonsense(const PluginFile& file, const std::string& phase, const Diagnostics& why) {
    worker_.reset();
    return failure(plugin_fault(file.name, phase, "the worker's answer makes no sense: the plugin damaged its memory",
                                to_text(why)));
  }

  std::string program_;
  std::chrono::milliseconds deadline_;
  std::unique_ptr<WorkerProcess> worker_;
  std::map<std::string, PluginFile, std::less<>> files_;
};

}  // namespace

Result<std::unique_ptr<Plugins>> start_plugins(std::chrono::milliseconds deadline) {
  auto plugins = std::make_unique<WorkerPlugins>(beside_program("plugin-worker"), deadline);
  if (auto started = plugins->start(); !started) return failure(started.error());
  return plugins;
}

}  // namespace wright
