// SPDX-License-Identifier: Apache-2.0
// A log sink that calls back, for tests of what a sink may do.
#pragma once

#include <spdlog/sinks/base_sink.h>

#include <functional>
#include <memory>
#include <string>
#include <utility>

#include <triune/base/log.hpp>

namespace triune {

// While it lives every line of the log calls `hear` with its text.
class Listening {
  public:
    explicit Listening(std::function<void(const std::string& line)> hear, log::Level level = log::Level::debug) {
        log::set_sink(std::make_shared<Sink>(std::move(hear)));
        log::set_level(level);
    }
    Listening(const Listening&) = delete;
    Listening& operator=(const Listening&) = delete;
    ~Listening() {
        log::set_level(log::Level::warn);
        log::set_sink(nullptr);
    }

  private:
    class Sink : public spdlog::sinks::base_sink<spdlog::details::null_mutex> {
      public:
        explicit Sink(std::function<void(const std::string&)> hear) : hear_(std::move(hear)) {}

      private:
        void sink_it_(const spdlog::details::log_msg& line) override {
            if (std::exchange(inside_, true)) return;  // what it does itself is logged as well
            hear_(std::string(line.payload.data(), line.payload.size()));
            inside_ = false;
        }
        void flush_() override {}

        std::function<void(const std::string&)> hear_;
        bool inside_ = false;
    };
};

}  // namespace triune
