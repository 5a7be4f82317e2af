// SPDX-License-Identifier: Apache-2.0
// Runs jobs in child processes, so that a crash or an endless parse costs one job and not the run.
#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <string>

namespace migrate {

struct JobEnd {
    enum class How { answered, crashed, timed_out };
    How ended = How::answered;
    int signal = 0;      // of a crash, 0 where the process just ended
    std::string answer;  // what the job returned, whole or not at all
};

// Runs job(0) to job(count - 1), `workers` at once, each in a forked child that sees this process as it is now and
// changes nothing in it. `finished` is called here, once a job, as each ends. A job that runs longer than `limit` is
// killed. Call from a process with one thread only.
void run_jobs(std::size_t count, unsigned workers, std::chrono::milliseconds limit,
              const std::function<std::string(std::size_t)>& job,
              const std::function<void(std::size_t, JobEnd)>& finished);

}  // namespace migrate
