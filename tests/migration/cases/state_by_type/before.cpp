#include "utils/gpu_memory.hpp"

#include <any>
#include <cstdio>
#include <map>
#include <typeindex>

// What is kept by type is kept twice before, and once where two classes have become one.
template <typename T>
int count(const T&) {
    static int calls = 0;
    return ++calls;
}

template <typename T>
struct registered {
    static int users;
};
template <typename T>
int registered<T>::users = 0;

template <typename T>
int used(const T&) {
    return ++registered<T>::users;
}

template <typename T>
const void* type_key() {
    static const char key = 0;
    return &key;
}

template <typename T>
struct made_once {
    static int number;
    static int next() { return ++number; }
};
template <typename T>
int made_once<T>::number = 0;
template <typename T>
struct limited {
    static inline int limit = 3;
};
using long_buffer = utils::DeviceBuffer<long>;
using long_managed = utils::ManagedDeviceBuffer<long>;

int main() {
    auto b1 = utils::DeviceBuffer<float>::zeroed(2);
    auto m1 = utils::create_managed_buffer<float>(2, "m1");
    std::printf("%d %d %d\n", count(b1), count(b1), count(m1));
    auto b2 = utils::DeviceBuffer<int>::zeroed(2);
    auto m2 = utils::create_managed_buffer<int>(2, "m2");
    std::printf("%d %d\n", used(b2), used(m2));
    std::printf("%d\n", type_key<utils::DeviceBuffer<char>>() == type_key<utils::ManagedDeviceBuffer<char>>());
    std::map<std::type_index, int> known;
    known[typeid(utils::DeviceBuffer<short>)] = 1;
    known[typeid(utils::ManagedDeviceBuffer<short>)] = 2;
    std::printf("%zu\n", known.size());
    made_once<utils::DeviceBuffer<unsigned>>::next();
    std::printf("%d\n", made_once<utils::ManagedDeviceBuffer<unsigned>>::next());
    ++limited<long_buffer>::limit;
    std::printf("%d\n", limited<long_managed>::limit);
    // Of one kind alone.
    std::printf("%d\n", made_once<utils::DeviceBuffer<signed char>>::next());
    auto b3 = utils::DeviceBuffer<double>::zeroed(2);
    std::printf("%d %d\n", count(b3), used(b3));
}
