#include "utils/unified_gpu_compute.hpp"

#include <algorithm>
#include <functional>
#include <mutex>
#include <tuple>
#include <vector>

class Layout : public utils::UnifiedGPUCompute {
  public:
    Layout() : UnifiedGPUCompute(10, 10) {}
    void step() { start_async_download_positions(); }
};

void show(const std::vector<float>& x);
const float* held = nullptr;
std::function<void()> callback;
std::mutex guard;

float not_kept(Layout& layout) {
    utils::NodeVectors all;
    all = layout.get_node_positions_async();
    static const auto once = layout.get_node_positions_async();
    if (const auto now = layout.get_node_positions_async(); !std::get<0>(now).empty()) return std::get<0>(now)[0];
    return std::get<0>(layout.wait_for_download_positions())[0] + std::get<0>(all)[0] + std::get<0>(once)[0];
}

float blocking(Layout& layout) {
    const auto [x, y, z] = layout.get_node_positions();
    return x[0] + y[0] + z[0];
}

void modified(Layout& layout) {
    auto [x, y, z] = layout.get_node_positions_async();
    x[0] = 1;
}

void modified_by_loop(Layout& layout) {
    auto [x, y, z] = layout.get_node_positions_async();
    for (float& value : y) value = 0;
}

void modified_by_algorithm(Layout& layout) {
    auto [x, y, z] = layout.get_node_positions_async();
    std::copy(x.begin(), x.end(), y.begin());
}

void modified_by_call(Layout& layout) {
    auto [x, y, z] = layout.get_node_positions_async();
    x.push_back(1);
}

void passed_as_vector(Layout& layout) {
    const auto [x, y, z] = layout.get_node_positions_async();
    show(x);
}

void address_kept(Layout& layout) {
    const auto [x, y, z] = layout.get_node_positions_async();
    held = &x[0];
}

void address_of_range_element_kept(Layout& layout) {
    const auto [x, y, z] = layout.get_node_positions_async();
    for (const float& value : x) held = &value;
}

std::vector<float> copied(Layout& layout) {
    const auto now = layout.get_node_positions_async();
    return std::get<0>(now);
}

utils::NodeVectors returned(Layout& layout) {
    auto now = layout.get_node_positions_async();
    return now;
}

void captured(Layout& layout) {
    const auto now = layout.get_node_positions_async();
    callback = [&now] { held = std::get<0>(now).data(); };
}

float next_download(Layout& layout) {
    const auto [x, y, z] = layout.get_node_positions_async();
    layout.step();
    return x[0];
}

float resized(Layout& layout) {
    const auto [x, y, z] = layout.get_node_positions_async();
    layout.resize_buffers(20, 20);
    return x[0];
}

float called_through_a_function_object(Layout& layout) {
    const auto [x, y, z] = layout.get_node_positions_async();
    callback();
    return x[0];
}

float waited_for_others(Layout& layout) {
    const auto [x, y, z] = layout.get_node_positions_async();
    const std::lock_guard<std::mutex> lock(guard);
    return x[0];
}

template <typename Any>
float in_a_template(Any& layout) {
    const auto [x, y, z] = layout.get_node_positions_async();
    return x[0];
}
template float in_a_template(Layout&);

#define FIRST(array) array[0]
float in_a_macro(Layout& layout) {
    const auto [x, y, z] = layout.get_node_positions_async();
    return FIRST(x);
}
