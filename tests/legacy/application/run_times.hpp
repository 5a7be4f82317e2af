// Wall times by step, summed over the calls of a step.
#pragma once

#include <chrono>
#include <string>
#include <utility>
#include <vector>

namespace package_map {

class RunTimes {
  public:
    // Runs `work` and adds its time to `step`.
    template <typename Work>
    decltype(auto) measure(const std::string& step, Work&& work) {
        const Timer timer{*this, step, Clock::now()};
        return std::forward<Work>(work)();
    }

    // Seconds by step, in the order of the first calls.
    const std::vector<std::pair<std::string, double>>& steps() const noexcept { return steps_; }

  private:
    using Clock = std::chrono::steady_clock;

    struct Timer {
        RunTimes& times;
        const std::string& step;
        Clock::time_point start;
        ~Timer() { times.add(step, std::chrono::duration<double>(Clock::now() - start).count()); }
    };

    void add(const std::string& step, double seconds) {
        for (auto& [name, total] : steps_) {
            if (name == step) {
                total += seconds;
                return;
            }
        }
        steps_.emplace_back(step, seconds);
    }

    std::vector<std::pair<std::string, double>> steps_;
};

}  // namespace package_map
