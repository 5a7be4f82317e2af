// SPDX-License-Identifier: Apache-2.0
// Sequences of calls on a manager against vectors on the host: contents, sizes and totals.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <string>
#include <vector>

#include <triune/device/sim/sim_device.hpp>
#include <triune/triune.hpp>

#include "input.hpp"

namespace {

using namespace triune;
using fuzz::Input;
using fuzz::require;

struct Values {
    std::vector<float> values;  // as many as the capacity holds
    std::size_t size = 0;
};

class Model {
  public:
    Model(sim::SimDevice& device, Input& input) : manager_(device, 256 * KiB), stream_(device), input_(input) {
        config_.enable_async = true;
    }

    void step() {
        const std::string name(1, static_cast<char>('a' + input_.below(3)));
        const auto found = model_.find(name);
        try {
            found == model_.end() ? allocate(name) : use(name, found->second);
        } catch (const limit_exceeded&) {
        } catch (const max_size_exceeded&) {
        } catch (const out_of_memory&) {
        } catch (const invalid_argument&) {  // past the end
        }
        check();
    }

    // What is queued still reads `sources_`.
    void finish() {
        for (const auto& [name, model] : model_) compare(name, model);
        require(manager_.device().synchronize().ok(), "the device failed");
    }

  private:
    bool on_stream() { return input_.below(2) == 0; }

    void allocate(const std::string& name) {
        const std::size_t count = input_.two_bytes();
        on_stream() ? manager_.allocate<float>(name, count, config_, stream_.handle())
                    : manager_.allocate<float>(name, count, config_);
        model_[name] = {std::vector<float>(count), count};
    }

    void use(const std::string& name, Values& model) {
        const auto buffer = manager_.get_buffer<float>(name);
        switch (input_.below(9)) {
            case 0:
                on_stream() ? manager_.free(name, stream_.handle()) : manager_.free(name);
                model_.erase(name);
                return;
            case 1: {
                const std::size_t count = input_.two_bytes();
                on_stream() ? buffer.ensure_capacity(count, stream_.handle()) : buffer.ensure_capacity(count);
                model.size = std::max(model.size, count);
                return note_capacity(name, model);
            }
            case 2: {
                const std::size_t count = input_.two_bytes();
                buffer.set_size(count);
                model.size = std::min(count, model.values.size());
                return;
            }
            case 3:
                on_stream() ? buffer.shrink_to_fit(stream_.handle()) : buffer.shrink_to_fit();
                return note_capacity(name, model);
            case 4: {
                const std::size_t first = input_.two_bytes();
                auto& source = sources_.emplace_back(1 + input_.byte(), static_cast<float>(input_.byte()));
                on_stream() ? buffer.upload_at(first, source, stream_.handle()) : buffer.upload_at(first, source);
                std::copy(source.begin(), source.end(), model.values.begin() + static_cast<std::ptrdiff_t>(first));
                return;
            }
            case 5: {
                const std::size_t first = input_.two_bytes(), count = input_.two_bytes();
                const float value = static_cast<float>(input_.byte());
                on_stream() ? buffer.fill_at(first, count, value, stream_.handle())
                            : buffer.fill_at(first, count, value);
                std::fill_n(model.values.begin() + static_cast<std::ptrdiff_t>(first), count, value);
                return;
            }
            case 6:
                buffer.start_async_download(stream_.handle());
                require(buffer.wait_for_download().to_vector() == used(model), "a download delivers something else");
                return;
            case 7:
                manager_.trim();
                return;
            default:
                compare(name, model);
        }
    }

    // New elements are zeroes.
    void note_capacity(const std::string& name, Values& model) {
        model.values.resize(manager_.get_buffer<float>(name).capacity(), 0.0F);
    }

    static std::vector<float> used(const Values& model) {
        return {model.values.begin(), model.values.begin() + static_cast<std::ptrdiff_t>(model.size)};
    }

    void compare(const std::string& name, const Values& model) {
        stream_.synchronize();
        require(manager_.get_buffer<float>(name).download() == used(model), "a buffer has other contents");
    }

    void check() {
        std::size_t bytes = 0;
        for (const auto& [name, model] : model_) {
            const auto buffer = manager_.get_buffer<float>(name);
            require(buffer.size() == model.size, "a buffer has another size");
            bytes += buffer.capacity_bytes();  // which need not be whole elements
        }
        require(manager_.total_allocated_bytes() == bytes, "the total is wrong");
        require(manager_.stats().total_allocated_bytes == bytes, "the statistics are wrong");
        require(bytes <= manager_.limit_bytes(), "the limit is passed");
    }

    GpuMemoryManager manager_;
    Stream stream_;
    Input& input_;
    BufferConfig config_;
    std::map<std::string, Values> model_;
    std::deque<std::vector<float>> sources_;
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t bytes) {
    if (bytes > 300) return 0;
    log::set_level(log::Level::off);
    Input input(data, bytes);
    sim::SimOptions options;
    options.capacity_bytes = 64 * MiB;
    options.virtual_memory = input.below(4) != 0;
    options.device_events = input.below(4) != 0;
    options.lateness_seconds = 0;
    sim::SimDevice device(options);
    {
        Model model(device, input);
        while (!input.empty()) model.step();
        model.finish();
    }
    require(device.misuse().empty(), "the device was misused");
    require(device.ledger().balanced(), "something was not given back");
    return 0;
}
