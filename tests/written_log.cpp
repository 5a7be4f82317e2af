// SPDX-License-Identifier: Apache-2.0
#include "written_log.hpp"

#include <spdlog/sinks/ostream_sink.h>

#include <memory>
#include <sstream>

#include <triune/base/log.hpp>

namespace triune {

struct WrittenLog::Sink {
    std::ostringstream text;
    std::shared_ptr<spdlog::sinks::ostream_sink_mt> sink = std::make_shared<spdlog::sinks::ostream_sink_mt>(text, true);
};

WrittenLog::WrittenLog() : sink_(new Sink) {
    sink_->sink->set_pattern("[%n] [%l] %v");
    log::set_sink(sink_->sink);
}

WrittenLog::~WrittenLog() {
    log::set_level(log::Level::warn);
    log::set_sink(nullptr);
    delete sink_;
}

std::string WrittenLog::text() const { return sink_->text.str(); }

}  // namespace triune
