#include <triune/triune.hpp>

#include <cstdio>

// The overload moves with its class, in its own namespace: the same one is called before and after.
namespace app {

int rank(const triune::Buffer<float>& buffer) { return static_cast<int>(buffer.size()); }
int rank(const triune::Stream&) { return 7; }
template <typename T>
int rank(const T&) {
    return -1;
}
template <typename T>
struct traits {
    static constexpr int weight = 1;
};
template <typename T>
struct traits<triune::Buffer<T>> {
    static constexpr int weight = 4;
};

// Made for other types as well, of which nobody asks anything.
template <typename T>
int twice(const T& value) {
    return 2 * rank(value);
}
template <typename T>
struct holder {
    T held;
    int ranked() const { return rank(held); }
};

}  // namespace app

#define RANKED(value) app::rank(value)

int main() {
    auto buffer = triune::Buffer<float>::zeroed(3);
    triune::Stream stream;
    std::printf("%d %d %d\n", app::rank(buffer), app::rank(stream), app::rank(1.0F));
    std::printf("%d %d %d\n", app::twice(buffer), app::twice(2), RANKED(buffer) + RANKED(2.0));
    const auto general = [](const auto& value) { return app::rank(value); };
    std::printf("%d %d\n", general(buffer), general('c'));
    const app::holder<triune::Stream> first{};
    const app::holder<int> second{};
    std::printf("%d %d\n", first.ranked(), second.ranked());
    // The arguments change places.
    auto made = triune::default_manager().make_buffer<float>("made", static_cast<std::size_t>(app::twice(buffer)));
    std::printf("%d\n", app::rank(made));
    std::printf("%d %d\n", app::traits<triune::Buffer<int>>::weight, app::traits<triune::Stream>::weight);
}
