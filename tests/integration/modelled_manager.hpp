// SPDX-License-Identifier: Apache-2.0
// A manager and a plain model of it, on which the same random operations are done.
#pragma once

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <cstddef>
#include <deque>
#include <functional>
#include <map>
#include <optional>
#include <random>
#include <string>
#include <vector>

#include <triune/detail/manage/manager_core.hpp>
#include <triune/manage/device_resources.hpp>
#include <triune/triune.hpp>

namespace triune {

// What a buffer should be: on the host, in a vector, with nothing clever.
struct ModelBuffer {
    BufferConfig config;
    std::vector<float> values;  // as many as the capacity holds
    std::size_t size = 0;
    std::size_t capacity_bytes = 0;

    // Downloads: what each start should deliver, newest last, the last two only.
    std::uint64_t started = 0;
    bool claimed = true;
    std::deque<std::vector<float>> flights;
    std::deque<HostView<float>> views;  // still held

    std::vector<float> used() const { return {values.begin(), values.begin() + static_cast<std::ptrdiff_t>(size)}; }
};

class ModelledManager {
  public:
    // `scale` multiplies the sizes of buffers, which are up to 64 KiB with 1; `limit_bytes` is what it says.
    ModelledManager(Device& device, std::size_t limit_bytes, unsigned seed, std::size_t scale = 1)
        : manager(device, limit_bytes), stream_(device), random_(seed), scale_(scale) {}
    ~ModelledManager() {
        // Host memory that queued uploads still read.
        report_teardown(manager.device().synchronize(), "ending a random sequence");
    }

    // Before each operation; where it does something, a failure of the operation is expected too.
    std::function<bool()> inject = [] { return false; };
    std::function<void()> stop_injecting = [] {};
    // No other thread uses the pool meanwhile.
    bool pool_is_its_own = true;

    void step() {
        const std::string name = "b" + std::to_string(draw(6));
        const auto found = model_.find(name);
        if (found == model_.end()) return allocate(name);
        ModelBuffer& model = found->second;
        const auto buffer = manager.get_buffer<float>(name);
        switch (draw(13)) {
            case 0:
                return free(name);
            case 1:
            case 2:
                return grow(buffer, model, draw(12000 * scale_), draw(2) == 0);
            case 3:
                return set_size(buffer, model, draw(8000 * scale_));
            case 4:
                return shrink(buffer, model);
            case 5:
                return write(buffer, model, draw(model.size + 3), draw(model.size + 3), draw(2) == 0);
            case 6:
            case 7:
                return copy(buffer, model);
            case 8:
            case 9:
                return start(buffer, model);
            case 10:
                return wait(buffer, model);
            case 11:
                return latest(buffer, model);
            default:
                if (draw(4) == 0) manager.trim();
        }
    }

    void check() {
        std::size_t total = 0;
        for (const auto& [name, model] : model_) total += model.capacity_bytes;
        peak_ = std::max(peak_, total);
        const auto stats = manager.stats();
        BOOST_TEST(stats.total_allocated_bytes == total);
        BOOST_TEST(stats.buffer_count == model_.size());
        BOOST_TEST(stats.peak_allocated_bytes >= peak_);
        std::size_t recorded = 0;
        for (const auto& record : manager.check_leaks()) recorded += record.bytes;
        BOOST_TEST(recorded == total);
        if (pool_is_its_own) manager.core()->resources->pool.check_invariants();
        for (const auto& [name, model] : model_) {
            const auto buffer = manager.get_buffer<float>(name);
            BOOST_TEST(buffer.size() == model.size);
            BOOST_TEST(buffer.capacity_bytes() == model.capacity_bytes);
            if (draw(3) == 0 && buffer.download() != model.used()) BOOST_ERROR("the contents of " << name << " differ");
        }
    }

    void free_all() {
        while (!model_.empty()) free(model_.begin()->first);
        BOOST_TEST(manager.total_allocated_bytes() == 0U);
        BOOST_TEST(manager.check_leaks(RecordFilter::all).empty());
    }

    GpuMemoryManager manager;
    std::size_t refusals = 0;  // expected ones
    std::size_t failures = 0;  // injected ones

  private:
    std::size_t draw(std::size_t below) { return below == 0 ? 0 : random_() % below; }
    bool on_stream() { return draw(2) == 0; }
    StreamHandle stream() const { return stream_.handle(); }

    // Does `call`; true where it worked. `Refusal` is what must come where the model says so.
    template <typename Refusal>
    bool works(bool refused, const std::function<void()>& call) {
        const bool injected = inject();
        bool done = false;
        try {
            call();
            done = true;
            BOOST_TEST((!refused || injected));
        } catch (const Refusal&) {
            BOOST_TEST((refused || injected));
            ++refusals;
        } catch (const Error& failure) {
            BOOST_TEST(injected, failure.what());
            ++failures;
        }
        stop_injecting();
        return done;
    }

    std::size_t room() const { return manager.limit_bytes() - manager.total_allocated_bytes(); }

    void allocate(const std::string& name) {
        ModelBuffer model;
        model.config.max_size_bytes = 64 * KiB * scale_;
        model.config.growth_factor = draw(2) == 0 ? 1.5F : 2.0F;
        model.config.enable_async = true;
        model.config.stable_address = draw(4) == 0;
        const std::size_t count = draw(3) == 0 ? 0 : draw(6000 * scale_);
        const bool refused = count * sizeof(float) > room();
        if (!works<limit_exceeded>(refused, [&] {
                on_stream() ? manager.allocate<float>(name, count, model.config, stream())
                            : manager.allocate<float>(name, count, model.config);
            })) {
            BOOST_TEST(!manager.contains(name));
            return;
        }
        model.values.assign(count, 0.0F);
        model.size = count;
        model.capacity_bytes = count * sizeof(float);
        model_.emplace(name, std::move(model));
    }

    void free(const std::string& name) {
        on_stream() ? manager.free(name, stream()) : manager.free(name);
        model_.erase(name);
    }

    void grow(const BufferHandle<float>& buffer, ModelBuffer& model, std::size_t count, bool with_size) {
        const std::size_t required = count * sizeof(float);
        const bool grows = required > model.capacity_bytes;
        const bool too_big = grows && required > model.config.max_size_bytes;
        const std::size_t capacity = !grows || too_big
                                         ? model.capacity_bytes
                                         : next_capacity_bytes(model.capacity_bytes, required, model.config);
        const auto call = [&] {
            if (with_size) {
                on_stream() ? buffer.ensure_capacity(count, stream()) : buffer.ensure_capacity(count);
            } else {
                on_stream() ? buffer.reserve(count, stream()) : buffer.reserve(count);
            }
        };
        const bool done = too_big ? works<max_size_exceeded>(true, call)
                                  : works<limit_exceeded>(capacity - model.capacity_bytes > room(), call);
        if (!done) return;
        model.capacity_bytes = capacity;
        model.values.resize(capacity / sizeof(float), 0.0F);
        if (with_size) model.size = std::max(model.size, count);
    }

    void set_size(const BufferHandle<float>& buffer, ModelBuffer& model, std::size_t count) {
        buffer.set_size(count);
        model.size = std::min(count, model.values.size());
    }

    void shrink(const BufferHandle<float>& buffer, ModelBuffer& model) {
        if (!works<stale_handle>(false, [&] { on_stream() ? buffer.shrink_to_fit(stream()) : buffer.shrink_to_fit(); }))
            return;
        model.values.resize(model.size);
        model.capacity_bytes = model.size * sizeof(float);
    }

    // An upload or a fill, perhaps past the end.
    void write(const BufferHandle<float>& buffer, ModelBuffer& model, std::size_t first, std::size_t count,
               bool uniform) {
        auto& source = sources_.emplace_back(count);
        for (float& value : source) value = static_cast<float>(draw(1000));
        if (uniform) std::fill(source.begin(), source.end(), 7.0F);
        const bool refused = first > model.size || count > model.size - first;
        const bool done = works<invalid_argument>(refused, [&] {
            if (uniform) {
                on_stream() ? buffer.fill_at(first, count, 7.0F, stream()) : buffer.fill_at(first, count, 7.0F);
            } else {
                on_stream() ? buffer.upload_at(first, source, stream()) : buffer.upload_at(first, source);
            }
        });
        if (refused) return;
        if (done) {
            std::copy(source.begin(), source.end(), model.values.begin() + static_cast<std::ptrdiff_t>(first));
        } else {
            take_over(buffer, model, first, count);
        }
    }

    void copy(const BufferHandle<float>& buffer, ModelBuffer& model) {
        const auto other = std::next(model_.begin(), static_cast<std::ptrdiff_t>(draw(model_.size())));
        const auto source = manager.get_buffer<float>(other->first);
        const ModelBuffer& from = other->second;
        const std::size_t first = draw(model.size + 1), source_first = draw(from.size + 1), count = draw(3000 * scale_);
        const bool overlaps =
            &from == &model && count > 0 && first < source_first + count && source_first < first + count;
        const bool refused = count > model.size - first || count > from.size - source_first || overlaps;
        const bool done = works<invalid_argument>(refused, [&] {
            on_stream() ? buffer.copy_at(first, source, source_first, count, stream())
                        : buffer.copy_at(first, source, source_first, count);
        });
        if (refused) return;
        if (done) {
            const auto begin = from.values.begin() + static_cast<std::ptrdiff_t>(source_first);
            const std::vector<float> moved(begin, begin + static_cast<std::ptrdiff_t>(count));
            std::copy(moved.begin(), moved.end(), model.values.begin() + static_cast<std::ptrdiff_t>(first));
        } else {
            take_over(buffer, model, first, count);
        }
    }

    // A device that fails half-way may have written a part of the range, and nothing else.
    void take_over(const BufferHandle<float>& buffer, ModelBuffer& model, std::size_t first, std::size_t count) {
        const auto begin = model.values.begin() + static_cast<std::ptrdiff_t>(first);
        std::vector<float> now(count);
        buffer.download_at(first, now);
        std::copy(now.begin(), now.end(), begin);
    }

    void start(const BufferHandle<float>& buffer, ModelBuffer& model) {
        // With all earlier downloads landed, only a view can be in the way.
        report_teardown(manager.device().synchronize(), "before a random start");
        const bool refused = std::any_of(model.views.begin(), model.views.end(), [&](const HostView<float>& view) {
            return model.started >= 1 && view.sequence() == model.started - 1;
        });
        const auto mode = draw(3) == 0 ? DownloadMode::direct : DownloadMode::staged;
        if (!works<download_in_flight>(refused, [&] { buffer.start_async_download(stream(), mode); })) return;
        ++model.started;
        model.claimed = false;
        model.flights.push_back(model.used());
        if (model.flights.size() > 2) model.flights.pop_front();
        // Work on the producer's stream that the download must not see; a direct one asks for the source to be left
        // alone.
        if (mode == DownloadMode::staged && model.size > 0) {
            buffer.fill_at(0, 1, -5.0F, stream());
            model.values[0] = -5.0F;
        }
    }

    void wait(const BufferHandle<float>& buffer, ModelBuffer& model) {
        HostView<float> view;
        if (!works<no_pending_download>(model.claimed, [&] { view = buffer.wait_for_download(); })) return;
        model.claimed = true;
        expect(view, model, model.started);
        if (draw(2) == 0) model.views.push_back(view);
        while (model.views.size() > draw(3)) model.views.pop_front();
    }

    void latest(const BufferHandle<float>& buffer, ModelBuffer& model) {
        report_teardown(manager.device().synchronize(), "before a random look");
        HostView<float> view;
        if (!works<stale_handle>(false, [&] { view = buffer.latest(); })) return;
        expect(view, model, model.started);
    }

    static void expect(const HostView<float>& view, const ModelBuffer& model, std::uint64_t sequence) {
        BOOST_TEST(view.sequence() == sequence);
        if (sequence == 0) {
            BOOST_TEST(view.empty());
            return;
        }
        if (view.to_vector() != model.flights.back()) BOOST_ERROR("flight " << sequence << " delivers something else");
    }

    Stream stream_;
    std::mt19937 random_;
    const std::size_t scale_;
    std::map<std::string, ModelBuffer> model_;
    std::deque<std::vector<float>> sources_;  // queued uploads read them late
    std::size_t peak_ = 0;
};

}  // namespace triune
