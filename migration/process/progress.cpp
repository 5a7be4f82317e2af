// SPDX-License-Identifier: Apache-2.0
#include "process/progress.hpp"

#include <llvm/Support/raw_ostream.h>
#include <unistd.h>

namespace migrate {

Progress::Progress(std::string what, std::size_t total, bool quiet)
    : what_(std::move(what)),
      total_(total),
      active_(!quiet && ::isatty(STDERR_FILENO) != 0),
      began_(std::chrono::steady_clock::now()) {}

Progress::~Progress() {
    if (shown_) llvm::errs() << "\r\033[K";
}

void Progress::step(const std::string& name) {
    ++done_;
    if (!active_ || std::chrono::steady_clock::now() - began_ < std::chrono::milliseconds(500)) return;
    shown_ = true;
    llvm::errs() << "\r\033[K" << what_ << " " << done_ << "/" << total_ << " " << name;
    llvm::errs().flush();
}

}  // namespace migrate
