#include "frame_server.hpp"

#include <algorithm>
#include <cmath>
#include <stdexcept>
#include <utility>

namespace package_map {

namespace {

constexpr float kSteps = 4096.0F;  // across the shown width

// Seven bits a byte, the sign lowest: small differences take one byte.
void put(std::vector<std::uint8_t>& bytes, std::int32_t value) {
    auto left = (static_cast<std::uint32_t>(value) << 1U) ^ (value < 0 ? 0xFFFFFFFFU : 0U);
    while (left >= 0x80U) {
        bytes.push_back(static_cast<std::uint8_t>(left | 0x80U));
        left >>= 7U;
    }
    bytes.push_back(static_cast<std::uint8_t>(left));
}

std::int32_t take(const std::vector<std::uint8_t>& bytes, std::size_t& at) {
    std::uint32_t value = 0;
    for (unsigned shift = 0;; shift += 7) {
        const std::uint8_t byte = bytes.at(at++);
        value |= static_cast<std::uint32_t>(byte & 0x7FU) << shift;
        if (byte < 0x80U) {
            break;
        }
    }
    const auto half = static_cast<std::int32_t>(value >> 1U);
    return (value & 1U) != 0 ? ~half : half;
}

float extent_of(const std::vector<float>& values) {
    float most = 1.0F;
    for (const float value : values) {
        most = std::max(most, std::fabs(value));
    }
    return most;
}

}  // namespace

bool Viewport::shows(float x, float y) const noexcept {
    return std::fabs(x - centre_x) <= half_width && std::fabs(y - centre_y) <= half_width;
}

PackedFrame pack_frame(std::size_t frame, const utils::NodeVectors& positions, const Viewport& viewport) {
    const auto& x = std::get<0>(positions);
    const auto& y = std::get<1>(positions);
    PackedFrame packed{frame, 0, std::max(extent_of(x), extent_of(y)) / kSteps, {}};
    std::int32_t last_x = 0;
    std::int32_t last_y = 0;
    for (std::size_t node = 0; node < x.size(); ++node) {
        if (!viewport.shows(x[node], y[node])) {
            continue;
        }
        const auto at_x = static_cast<std::int32_t>(std::lround(x[node] / packed.scale));
        const auto at_y = static_cast<std::int32_t>(std::lround(y[node] / packed.scale));
        put(packed.bytes, at_x - std::exchange(last_x, at_x));
        put(packed.bytes, at_y - std::exchange(last_y, at_y));
        ++packed.nodes;
    }
    return packed;
}

std::pair<std::vector<float>, std::vector<float>> unpack_frame(const PackedFrame& packed) {
    std::pair<std::vector<float>, std::vector<float>> places;
    std::size_t at = 0;
    std::int32_t x = 0;
    std::int32_t y = 0;
    for (std::size_t node = 0; node < packed.nodes; ++node) {
        x += take(packed.bytes, at);
        y += take(packed.bytes, at);
        places.first.push_back(static_cast<float>(x) * packed.scale);
        places.second.push_back(static_cast<float>(y) * packed.scale);
    }
    if (at != packed.bytes.size()) {
        throw std::runtime_error("a frame is longer than its nodes");
    }
    return places;
}

int FrameServer::subscribe(Subscriber subscriber, std::size_t interval, const Viewport& viewport) {
    if (interval == 0 || !subscriber) {
        throw std::invalid_argument("a subscription needs a receiver and an interval of at least 1");
    }
    sessions_.emplace(next_number_, Session{std::move(subscriber), interval, viewport});
    return next_number_++;
}

void FrameServer::serve(std::size_t frame) {
    const bool wanted = std::any_of(sessions_.begin(), sessions_.end(),
                                    [&](const auto& entry) { return frame % entry.second.interval == 0; });
    if (!wanted) {
        return;
    }
    // What a viewer gets must not depend on how fast the device is: so the frame is waited for.
    engine_.sync_all_transfers();
    engine_.start_async_download_positions();
    const utils::NodeVectors positions = engine_.wait_for_download_positions();
    for (const auto& [number, session] : sessions_) {
        if (frame % session.interval == 0) {
            send(session, std::async(std::launch::async, pack_frame, frame, std::cref(positions), session.viewport));
        }
    }
}

void FrameServer::send(const Session& session, std::future<PackedFrame> packed) {
    const PackedFrame frame = packed.get();
    session.subscriber(frame);
    ++sent_frames_;
    sent_bytes_ += frame.bytes.size();
}

void FrameServer::finish() { engine_.sync_all_transfers(); }

double mean_speed_of(utils::UnifiedGPUCompute& compute, const FrameServer::Source& source) {
    const auto [x, y, z] = source(compute);
    double sum = 0.0;
    std::size_t moving = 0;
    for (std::size_t node = 0; node < x.size(); ++node) {
        const double speed = std::hypot(std::hypot(static_cast<double>(x[node]), static_cast<double>(y[node])),
                                        static_cast<double>(z[node]));
        moving += speed > 0.0 ? 1 : 0;
        sum += speed;
    }
    return moving == 0 ? 0.0 : sum / static_cast<double>(moving);
}

}  // namespace package_map
