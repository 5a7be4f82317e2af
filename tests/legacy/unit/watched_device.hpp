// The process's device, watched: what is called and how much memory is live; calls fail on demand.
#pragma once

#include <algorithm>
#include <cstddef>
#include <map>
#include <set>
#include <string>

#include "device/device.hpp"

// In the device's place while it lives. Works over the host stand-in and over a GPU.
class WatchedDevice final : public legacy::Device {
  public:
    WatchedDevice() : real_(legacy::exchange_device(*this)) {}
    ~WatchedDevice() override { legacy::exchange_device(real_); }

    // The nth call from now, of those named where any are, answers `error` and does nothing.
    void fail(int nth, int error, std::set<std::string> of = {}) {
        left_ = nth;
        error_ = error;
        of_ = std::move(of);
    }
    void fail_none() { left_ = 0; }
    bool failure_is_due() const { return left_ > 0; }

    int calls(const std::string& verb) const {
        const auto found = calls_.find(verb);
        return found == calls_.end() ? 0 : found->second;
    }
    std::size_t bytes(const std::string& verb) const {  // in all calls of it
        const auto found = bytes_.find(verb);
        return found == bytes_.end() ? 0 : found->second;
    }
    std::size_t peak_bytes() const { return peak_; }

    int allocate(void** memory, std::size_t size) noexcept override {
        const int error = told("allocate", size) ? error_ : real_.allocate(memory, size);
        if (error != 0) return error;
        live_[*memory] = size;
        live_bytes_ += size;
        peak_ = std::max(peak_, live_bytes_);
        return 0;
    }
    int release(void* memory) noexcept override {
        if (const auto found = live_.find(memory); found != live_.end()) {
            live_bytes_ -= found->second;
            live_.erase(found);
        }
        return told("release", 0) ? error_ : real_.release(memory);
    }
    int zero(void* memory, std::size_t size) noexcept override {
        return told("zero", size) ? error_ : real_.zero(memory, size);
    }
    int upload(void* memory, const void* host, std::size_t size) noexcept override {
        return told("upload", size) ? error_ : real_.upload(memory, host, size);
    }
    int download(void* host, const void* memory, std::size_t size) noexcept override {
        return told("download", size) ? error_ : real_.download(host, memory, size);
    }
    int copy(void* destination, const void* source, std::size_t size) noexcept override {
        return told("copy", size) ? error_ : real_.copy(destination, source, size);
    }
    int create_stream(void** stream) noexcept override {
        return told("create_stream", 0) ? error_ : real_.create_stream(stream);
    }
    int destroy_stream(void* stream) noexcept override { return real_.destroy_stream(stream); }
    int synchronize_stream(void* stream) noexcept override {
        return told("synchronize_stream", 0) ? error_ : real_.synchronize_stream(stream);
    }
    int create_event(void** event) noexcept override {
        return told("create_event", 0) ? error_ : real_.create_event(event);
    }
    int destroy_event(void* event) noexcept override { return real_.destroy_event(event); }
    int record_event(void* event, void* stream) noexcept override {
        return told("record_event", 0) ? error_ : real_.record_event(event, stream);
    }
    int query_event(void* event) noexcept override {
        return told("query_event", 0) ? error_ : real_.query_event(event);
    }
    int synchronize_event(void* event) noexcept override {
        return told("synchronize_event", 0) ? error_ : real_.synchronize_event(event);
    }
    int synchronize() noexcept override { return told("synchronize", 0) ? error_ : real_.synchronize(); }
    int take_last_error() noexcept override { return told("take_last_error", 0) ? error_ : real_.take_last_error(); }
    const char* error_text(int error) const noexcept override { return real_.error_text(error); }

  private:
    bool told(const char* verb, std::size_t size) {
        ++calls_[verb];
        bytes_[verb] += size;
        return (of_.empty() || of_.count(verb) != 0) && left_ > 0 && --left_ == 0;
    }

    legacy::Device& real_;
    std::map<std::string, int> calls_;
    std::map<std::string, std::size_t> bytes_;
    std::map<void*, std::size_t> live_;
    std::size_t live_bytes_ = 0;
    std::size_t peak_ = 0;
    int left_ = 0;
    int error_ = 0;
    std::set<std::string> of_;
};

// Bytes of raw device memory, wherever it lies.
inline void write_bytes(void* memory, const std::string& text) {
    legacy::check(legacy::device().upload(memory, text.data(), text.size()), "writing for a test");
}
inline std::string read_bytes(const void* memory, std::size_t size) {
    std::string text(size, '\0');
    legacy::check(legacy::device().download(&text[0], memory, size), "reading for a test");
    return text;
}
