#include <triune/triune.hpp>

#include <algorithm>
#include <functional>
#include <mutex>
#include <tuple>
#include <vector>

class Layout : public triune::GraphArrays {
  public:
    Layout() : GraphArrays(10, 10) {}
    void step() { start_positions_download(); }
};

void show(const std::vector<float>& x);
const float* held = nullptr;
std::function<void()> callback;
std::mutex guard;

float not_kept(Layout& layout) {
    triune::NodeVectors all;
    all = layout.latest_positions().to_vectors();
    static const auto once = layout.latest_positions().to_vectors();
    if (const auto now = layout.latest_positions().to_vectors(); !std::get<0>(now).empty()) return std::get<0>(now)[0];
    return std::get<0>(layout.wait_for_positions().to_vectors())[0] + std::get<0>(all)[0] + std::get<0>(once)[0];
}

float blocking(Layout& layout) {
    const auto [x, y, z] = layout.download_positions();
    return x[0] + y[0] + z[0];
}

void modified(Layout& layout) {
    auto [x, y, z] = layout.latest_positions().to_vectors();
    x[0] = 1;
}

void modified_by_loop(Layout& layout) {
    auto [x, y, z] = layout.latest_positions().to_vectors();
    for (float& value : y) value = 0;
}

void modified_by_algorithm(Layout& layout) {
    auto [x, y, z] = layout.latest_positions().to_vectors();
    std::copy(x.begin(), x.end(), y.begin());
}

void modified_by_call(Layout& layout) {
    auto [x, y, z] = layout.latest_positions().to_vectors();
    x.push_back(1);
}

void passed_as_vector(Layout& layout) {
    const auto [x, y, z] = layout.latest_positions().to_vectors();
    show(x);
}

void address_kept(Layout& layout) {
    const auto [x, y, z] = layout.latest_positions().to_vectors();
    held = &x[0];
}

void address_of_range_element_kept(Layout& layout) {
    const auto [x, y, z] = layout.latest_positions().to_vectors();
    for (const float& value : x) held = &value;
}

std::vector<float> copied(Layout& layout) {
    const auto now = layout.latest_positions().to_vectors();
    return std::get<0>(now);
}

triune::NodeVectors returned(Layout& layout) {
    auto now = layout.latest_positions().to_vectors();
    return now;
}

void captured(Layout& layout) {
    const auto now = layout.latest_positions().to_vectors();
    callback = [&now] { held = std::get<0>(now).data(); };
}

float next_download(Layout& layout) {
    const auto [x, y, z] = layout.latest_positions().to_vectors();
    layout.step();
    return x[0];
}

float resized(Layout& layout) {
    const auto [x, y, z] = layout.latest_positions().to_vectors();
    layout.resize(20, 20);
    return x[0];
}

float called_through_a_function_object(Layout& layout) {
    const auto [x, y, z] = layout.latest_positions().to_vectors();
    callback();
    return x[0];
}

float waited_for_others(Layout& layout) {
    const auto [x, y, z] = layout.latest_positions().to_vectors();
    const std::lock_guard<std::mutex> lock(guard);
    return x[0];
}

template <typename Any>
float in_a_template(Any& layout) {
    const auto [x, y, z] = layout.latest_positions().to_vectors();
    return x[0];
}
template float in_a_template(Layout&);

#define FIRST(array) array[0]
float in_a_macro(Layout& layout) {
    const auto [x, y, z] = layout.latest_positions().to_vectors();
    return FIRST(x);
}
