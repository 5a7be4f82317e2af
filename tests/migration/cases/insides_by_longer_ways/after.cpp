#include <triune/triune.hpp>
#include "utils/gpu_memory.hpp"

#include <cstdio>
#include <functional>
#include <tuple>
#include <utility>
#include <vector>

// A managed buffer keeps its name and its size when what is inside it is replaced, whatever way leads there. Each way has
// an element type of its own, so that none of them holds another back.

void by_pointer() {
    auto managed = utils::create_managed_buffer<float>(3, "by pointer");
    utils::DeviceBuffer<float>* pointer = &managed.as_device_buffer_mut();
    *pointer = utils::DeviceBuffer<float>::zeroed(5);
    std::printf("%s %zu\n", managed.name().c_str(), managed.size_bytes());
}

struct View {
    utils::DeviceBuffer<int>& inside;
    utils::DeviceBuffer<int>& get() { return inside; }
};
class Grower {
  public:
    explicit Grower(utils::DeviceBuffer<int>& target) : target_(&target) {}
    void grow(std::size_t count) { *target_ = utils::DeviceBuffer<int>::zeroed(count); }

  private:
    utils::DeviceBuffer<int>* target_;
};
void by_members() {
    auto managed = utils::create_managed_buffer<int>(3, "by members");
    View view{managed.as_device_buffer_mut()};
    Grower grower(view.get());
    grower.grow(6);
    std::printf("%s %zu\n", managed.name().c_str(), managed.size_bytes());
}

void inner(utils::DeviceBuffer<char>& buffer) { buffer = utils::DeviceBuffer<char>::zeroed(5); }
void outer(utils::DeviceBuffer<char>& buffer) {
    auto& same = buffer;
    inner(same);
}
void by_aliases() {
    auto managed = utils::create_managed_buffer<char>(3, "by aliases");
    auto& first = managed.as_device_buffer_mut();
    auto& second = first;
    outer(second);
    std::printf("%s %zu\n", managed.name().c_str(), managed.size_bytes());
}

void by_bindings() {
    auto managed = utils::create_managed_buffer<long>(3, "by bindings");
    auto other = utils::DeviceBuffer<long>::zeroed(2);
    auto [left, right] = std::tie(managed.as_device_buffer_mut(), other);
    std::swap(left, right);
    std::printf("%s %zu\n", managed.name().c_str(), managed.size_bytes());
}

void by_functions() {
    auto managed = utils::create_managed_buffer<short>(3, "by functions");
    const std::function<void(utils::DeviceBuffer<short>&)> grow = [](utils::DeviceBuffer<short>& buffer) {
        buffer = utils::DeviceBuffer<short>::zeroed(7);
    };
    grow(managed.as_device_buffer_mut());
    std::printf("%s %zu\n", managed.name().c_str(), managed.size_bytes());
}

void by_container() {
    auto managed = utils::create_managed_buffer<double>(3, "by container");
    std::vector<utils::DeviceBuffer<double>*> all;
    all.push_back(&managed.as_device_buffer_mut());
    for (auto* each : all) *each = utils::DeviceBuffer<double>::zeroed(8);
    std::printf("%s %zu\n", managed.name().c_str(), managed.size_bytes());
}

struct Base {
    virtual ~Base() = default;
    virtual utils::DeviceBuffer<unsigned>& raw() = 0;
};
struct Derived : Base {
    utils::ManagedDeviceBuffer<unsigned> data = utils::create_managed_buffer<unsigned>(3, "by overriding");
    int asked = 0;
    utils::DeviceBuffer<unsigned>& raw() override {
        ++asked;
        return data.as_device_buffer_mut();
    }
};
void by_overriding() {
    Derived object;
    Base& base = object;
    utils::DeviceBuffer<unsigned> taken(static_cast<utils::DeviceBuffer<unsigned>&&>(base.raw()));
    std::printf("%s %zu %zu\n", object.data.name().c_str(), object.data.size_bytes(), taken.len());
}

void by_choice(bool first) {
    auto managed = utils::create_managed_buffer<unsigned char>(3, "by choice");
    auto other = utils::DeviceBuffer<unsigned char>::zeroed(2);
    (first ? managed.as_device_buffer_mut() : other) = utils::DeviceBuffer<unsigned char>::zeroed(9);
    std::printf("%s %zu\n", managed.name().c_str(), managed.size_bytes());
}

// What is replaced here is no inside, and the insides are only written to: all of it goes.
struct Mesh {
    triune::Buffer<signed char> own;
    triune::Buffer<signed char>& raw() { return own; }
};
void grow(triune::Buffer<signed char>& buffer) {
    buffer = triune::Buffer<signed char>::zeroed(buffer.size() + 1);
}
void fill(triune::Buffer<signed char>* buffer) {
    buffer->upload(std::vector<signed char>(buffer->size(), 1));
}
void by_no_way() {
    auto managed = triune::default_manager().make_buffer<signed char>("by no way", 3);
    auto& inside = managed;
    fill(&inside);
    Mesh mesh;
    grow(mesh.raw());
    std::vector<triune::Buffer<signed char>> all;
    all.push_back(triune::Buffer<signed char>::zeroed(2));
    grow(all[0]);
    all[0] = triune::Buffer<signed char>::zeroed(5);
    for (auto& each : all) each = triune::Buffer<signed char>::zeroed(6);
    std::printf("%s %zu %zu %zu\n", managed.name().c_str(), managed.size_bytes(), mesh.own.size(), all[0].size());
}

int main() {
    by_pointer();
    by_members();
    by_aliases();
    by_bindings();
    by_functions();
    by_container();
    by_overriding();
    by_choice(true);
    by_no_way();
}
