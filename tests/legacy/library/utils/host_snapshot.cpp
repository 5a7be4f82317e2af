#include "utils/host_snapshot.hpp"

#include <utility>
#include <vector>

#include "device/device.hpp"

namespace legacy {

using utils::DeviceBuffer;
using utils::NodeVectors;
using utils::Stream;

namespace {

NodeVectors zeros(std::size_t count) {
    const std::vector<float> values(count, 0.0F);
    return {values, values, values};
}

void copy_to_host(std::vector<float>& values, const DeviceBuffer<float>& source) {
    check(device().download(values.data(), source.as_device_ptr(), values.size() * sizeof(float)),
          "cudaMemcpy to the host");
}

void copy_to_host(NodeVectors& vectors, const Stream& stream, const NodeBuffers& source) {
    stream.synchronize();
    copy_to_host(std::get<0>(vectors), *source[0]);
    copy_to_host(std::get<1>(vectors), *source[1]);
    copy_to_host(std::get<2>(vectors), *source[2]);
}

NodeVectors with_length(const NodeVectors& vectors, std::size_t count) {
    NodeVectors result = vectors;
    std::get<0>(result).resize(count);
    std::get<1>(result).resize(count);
    std::get<2>(result).resize(count);
    return result;
}

}  // namespace

NodeVectors download(const Stream& stream, const NodeBuffers& source, std::size_t count) {
    NodeVectors vectors = zeros(count);
    copy_to_host(vectors, stream, source);
    return vectors;
}

HostSnapshot::HostSnapshot(std::size_t count) : front_(zeros(count)), back_(zeros(count)) {}

void HostSnapshot::start(const Stream& stream, const NodeBuffers& source, std::size_t count) {
    if (pending_) {
        return;
    }
    if (std::get<0>(back_).size() != count) {
        back_ = zeros(count);
    }
    copy_to_host(back_, stream, source);
    copied_.record(stream.handle());
    pending_ = true;
}

void HostSnapshot::publish_if_complete() {
    if (pending_ && copied_.is_complete()) {
        publish();
    }
}

void HostSnapshot::wait() {
    if (pending_) {
        copied_.synchronize();
        publish();
    }
}

HostSnapshot::Resized HostSnapshot::resized(std::size_t count) const {
    return {with_length(front_, count), with_length(back_, count)};
}

void HostSnapshot::replace(Resized&& vectors) noexcept {
    front_ = std::move(vectors.front);
    back_ = std::move(vectors.back);
}

void HostSnapshot::publish() noexcept {
    front_.swap(back_);
    pending_ = false;
}

}  // namespace legacy
