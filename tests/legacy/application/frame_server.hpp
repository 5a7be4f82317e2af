// Frames for viewers: positions packed for the wire, sent to whoever has subscribed.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <future>
#include <map>
#include <string>
#include <vector>

#include "layout_engine.hpp"
#include "utils/unified_gpu_compute.hpp"

namespace package_map {

// What a viewer looks at. Nodes outside are not sent.
struct Viewport {
    float centre_x = 0.0F;
    float centre_y = 0.0F;
    float half_width = 1e9F;

    bool shows(float x, float y) const noexcept;
};

// A frame as it goes over the wire: x and y of every node shown, in steps of the scale, as differences to the node
// before.
struct PackedFrame {
    std::size_t frame;
    std::size_t nodes;
    float scale;
    std::vector<std::uint8_t> bytes;
};

class FrameServer {
  public:
    using Subscriber = std::function<void(const PackedFrame&)>;
    using Source = std::function<utils::NodeVectors(utils::UnifiedGPUCompute&)>;

    explicit FrameServer(LayoutEngine& engine) noexcept : engine_(engine) {}

    // Sends every `interval`th frame. Answers with the number to unsubscribe with.
    int subscribe(Subscriber subscriber, std::size_t interval = 1, const Viewport& viewport = {});
    void unsubscribe(int number) { sessions_.erase(number); }

    // The newest positions to all whose turn it is; packing runs beside the caller.
    void serve(std::size_t frame);
    // Waits for the frames under way.
    void finish();

    std::size_t sent_frames() const noexcept { return sent_frames_; }
    std::size_t sent_bytes() const noexcept { return sent_bytes_; }

  private:
    struct Session {
        Subscriber subscriber;
        std::size_t interval;
        Viewport viewport;
    };

    void send(const Session& session, std::future<PackedFrame> packed);

    LayoutEngine& engine_;
    std::map<int, Session> sessions_;
    int next_number_ = 1;
    std::size_t sent_frames_ = 0;
    std::size_t sent_bytes_ = 0;
};

PackedFrame pack_frame(std::size_t frame, const utils::NodeVectors& positions, const Viewport& viewport);
// The x and y that a frame was packed from, to within half a step.
std::pair<std::vector<float>, std::vector<float>> unpack_frame(const PackedFrame& packed);

// The mean speed of the nodes that move at all, by whichever of the two ways a caller prefers to wait.
double mean_speed_of(utils::UnifiedGPUCompute& compute, const FrameServer::Source& source);

}  // namespace package_map
