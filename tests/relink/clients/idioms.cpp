// SPDX-License-Identifier: Apache-2.0
// Spellings that the interface allows and applications like: what is passed around is the legacy classes themselves.
#include <gpu/dynamic_buffer_manager.hpp>
#include <utils/gpu_memory.hpp>

#include "client.hpp"
#include "utils/unified_gpu_compute.hpp"

#include <algorithm>
#include <array>
#include <deque>
#include <exception>
#include <functional>
#include <list>
#include <map>
#include <memory>
#include <numeric>
#include <optional>
#include <stdexcept>
#include <thread>
#include <type_traits>
#include <variant>

// Instantiated as a whole, here and nowhere else.
extern template class utils::DeviceBuffer<std::int16_t>;
template class utils::DeviceBuffer<std::int16_t>;
template class utils::ManagedDeviceBuffer<std::int64_t>;

namespace {

namespace memory = utils;
template <typename T>
using Array = memory::DeviceBuffer<T>;
using Named = memory::ManagedDeviceBuffer<float>;
typedef gpu::DynamicGpuBuffer Growing;

template <typename T>
struct IsArray : std::false_type {};
template <typename T>
struct IsArray<utils::DeviceBuffer<T>> : std::true_type {};

template <typename T>
std::size_t bytes_of(const T& value) {
    if constexpr (IsArray<T>::value) {
        return value.len() * sizeof(*value.as_device_ptr());
    } else {
        return value.size_bytes();
    }
}

template <template <typename> class Buffer, typename T>
std::size_t length_of(const Buffer<T>& buffer) {
    return buffer.len();
}

// Has, is and may become a graph.
struct Clock {
    virtual ~Clock() = default;
    int ticks = 0;
};
class Hidden : private utils::UnifiedGPUCompute {
  public:
    explicit Hidden(std::size_t nodes) : UnifiedGPUCompute(nodes, 0) {}
    using UnifiedGPUCompute::get_node_positions;
    using UnifiedGPUCompute::num_nodes;
    UnifiedGPUCompute& graph() { return *this; }
};
class Animated : public Clock, public virtual utils::UnifiedGPUCompute {
  public:
    Animated() try : UnifiedGPUCompute(3, 0) {
        mass = Array<float>::filled(3, 2.0F);
    } catch (const utils::CudaException&) {
    }
    ~Animated() override { ++ticks; }
};

class View {
  public:
    explicit View(const Named& named) : named_(&named) {}
    operator const utils::DeviceBuffer<float>&() const { return named_->as_device_buffer(); }

  private:
    const Named* named_;
};

std::vector<float> read(const utils::DeviceBuffer<float>& array) {
    std::vector<float> values(array.len());
    array.copy_to(values);
    return values;
}

void containers(std::ostream& out) {
    std::vector<Named> vector;
    for (int i = 0; i < 20; ++i) vector.push_back(utils::create_managed_buffer<float>(1, "v" + std::to_string(i)));
    vector.erase(vector.begin() + 3, vector.begin() + 7);
    std::rotate(vector.begin(), vector.begin() + 5, vector.end());
    std::sort(vector.begin(), vector.end(), [](const Named& a, const Named& b) { return a.name() > b.name(); });
    for (const auto& each : vector) out << each.name() << ' ';
    std::map<std::string, Growing> map;
    map.emplace("a", Growing("a", {}, nullptr));
    map.emplace(std::piecewise_construct, std::forward_as_tuple("b"),
                std::forward_as_tuple("b", gpu::BufferConfig(), nullptr));
    map.at("b").ensure_capacity(1);
    std::deque<Array<int>> deque;
    deque.emplace_back(Array<int>::zeroed(2));
    deque.push_front(Array<int>::filled(3, 1));
    std::list<utils::Stream> streams(3);
    std::array<Array<double>, 2> pair{Array<double>::zeroed(1), Array<double>{}};
    std::optional<Named> maybe;
    maybe.emplace(utils::create_managed_buffer<float>(7, "maybe"));
    std::variant<std::monostate, Array<int>, Growing> either = std::move(deque.front());
    out << std::get<1>(either).len() << ' ';
    either = std::move(map.at("b"));
    out << std::get<Growing>(either).capacity_bytes() << ' ' << maybe->size_bytes() << ' ' << pair[0].len()
        << streams.size() << '\n';
    std::shared_ptr<Named> shared = std::make_shared<Named>(*std::exchange(maybe, std::nullopt));
    const std::weak_ptr<Named> weak = shared;
    shared.reset();
    out << weak.expired() << utils::get_gpu_memory_usage().second.count("maybe") << '\n';
}

void pointers_to_members(std::ostream& out) {
    utils::UnifiedGPUCompute graph(2, 0);
    utils::DeviceBuffer<float> utils::UnifiedGPUCompute::* const axes[] = {
        &utils::UnifiedGPUCompute::pos_in_x, &utils::UnifiedGPUCompute::vel_in_y, &utils::UnifiedGPUCompute::mass};
    for (const auto axis : axes) (graph.*axis).copy_from({1.0F, 2.0F});
    utils::NodeVectors (utils::UnifiedGPUCompute::*answer)() = &utils::UnifiedGPUCompute::get_node_positions;
    out << std::get<0>((graph.*answer)())[1];
    answer = &utils::UnifiedGPUCompute::wait_for_download_velocities;
    out << std::get<1>((graph.*answer)())[1];
    const auto bytes = std::mem_fn(&Growing::capacity_bytes);
    Growing buffer("member", {}, nullptr);
    const std::function<void(std::size_t)> grow = std::bind(&Growing::ensure_capacity, &buffer, std::placeholders::_1);
    grow(5);
    std::size_t gpu::BufferStats::* const figure = &gpu::BufferStats::capacity_bytes;
    out << ' ' << bytes(buffer) << ' ' << buffer.get_stats().*figure << '\n';
    std::vector<std::string> (*const leaks)() = &utils::check_gpu_memory_leaks;
    utils::ManagedDeviceBuffer<int> (*const make)(std::size_t, const std::string&) = utils::create_managed_buffer<int>;
    const auto made = make(2, "made");
    const auto names = leaks();
    out << std::count(names.begin(), names.end(), "made") << '\n';
}

void inheritance(std::ostream& out) {
    Hidden hidden(4);
    hidden.graph().upload_positions({1, 2, 3, 4}, {1, 2, 3, 4}, {1, 2, 3, 4});
    out << hidden.num_nodes << std::get<2>(hidden.get_node_positions())[3];
    const std::unique_ptr<Clock> clock = std::make_unique<Animated>();
    auto& graph = dynamic_cast<utils::UnifiedGPUCompute&>(*clock);
    out << read(graph.mass)[2] << (dynamic_cast<Animated*>(&graph) != nullptr) << '\n';
    const std::unique_ptr<utils::UnifiedGPUCompute, std::function<void(utils::UnifiedGPUCompute*)>> owned(
        new utils::UnifiedGPUCompute(1, 1), [&](utils::UnifiedGPUCompute* gone) {
            out << "deleted " << gone->num_edges << '\n';
            delete gone;
        });
}

void handlers(std::ostream& out) {
    const auto caught = [&](auto&& call) {
        try {
            try {
                call();
            } catch (utils::CudaException& error) {
                out << "code " << static_cast<int>(error.code()) << ", ";
                std::throw_with_nested(std::logic_error("outer"));
            }
        } catch (const std::runtime_error& error) {
            out << "runtime_error " << error.what() << '\n';
        } catch (const std::exception& error) {
            try {
                std::rethrow_if_nested(error);
            } catch (const utils::CudaException& inner) {
                out << error.what() << " of " << inner.what() << '\n';
            }
        }
    };
    auto array = Array<float>::zeroed(2);
    caught([&] { array.copy_from({1.0F}); });
    caught([] { Growing("small", {1, 1.0F, 10, 1}, nullptr).ensure_capacity(11); });
    std::exception_ptr carried;
    std::thread([&] {
        try {
            utils::UnifiedGPUCompute(1, 0).upload_edges_csr({}, {}, {});
        } catch (...) {
            carried = std::current_exception();
        }
    }).join();
    caught([&] { std::rethrow_exception(carried); });
    caught([] { throw utils::CudaException(utils::CudaError::NotReady, "thrown by an application"); });
}

void templates(std::ostream& out) {
    const auto named = utils::create_managed_buffer_from_slice<float>({3.0F, 4.0F}, "viewed");
    out << read(View(named))[1] << bytes_of(named) << bytes_of(Array<double>::zeroed(2))
        << length_of(Array<char>::zeroed(5)) << utils::DeviceBuffer<std::int16_t>::filled(3, -1).len() << '\n';
    const auto sum = [](const auto&... arrays) { return (std::size_t{0} + ... + arrays.len()); };
    out << sum(Array<int>::zeroed(1), Array<float>::zeroed(2), Array<char>::zeroed(3)) << '\n';
    if (const auto [total, names] = memory::get_gpu_memory_usage(); total > 0) out << names.count("viewed") << '\n';
    using std::swap;
    auto a = Array<int>::zeroed(1), b = Array<int>::zeroed(2);
    swap(a, b);
    out << a.len() << b.len() << std::is_nothrow_move_constructible<Named>::value
        << std::is_copy_constructible<Named>::value << '\n';
}

}  // namespace

void idioms(std::ostream& out) {
    containers(out);
    pointers_to_members(out);
    inheritance(out);
    handlers(out);
    templates(out);
}
