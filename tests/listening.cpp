// SPDX-License-Identifier: Apache-2.0
#include "listening.hpp"

#include <spdlog/sinks/base_sink.h>

#include <memory>
#include <utility>

namespace triune {
namespace {

class Sink : public spdlog::sinks::base_sink<spdlog::details::null_mutex> {
  public:
    explicit Sink(std::function<void(const std::string&)> hear) : hear_(std::move(hear)) {}

  private:
    void sink_it_(const spdlog::details::log_msg& line) override {
        if (std::exchange(inside_, true)) return;
        hear_(std::string(line.payload.data(), line.payload.size()));
        inside_ = false;
    }
    void flush_() override {}

    std::function<void(const std::string&)> hear_;
    bool inside_ = false;
};

}  // namespace

Listening::Listening(std::function<void(const std::string& line)> hear, log::Level level) {
    log::set_sink(std::make_shared<Sink>(std::move(hear)));
    log::set_level(level);
}

Listening::~Listening() {
    log::set_level(log::Level::warn);
    log::set_sink(nullptr);
}

}  // namespace triune
