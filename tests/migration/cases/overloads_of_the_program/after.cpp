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

}  // namespace app

int main() {
    auto buffer = triune::Buffer<float>::zeroed(3);
    triune::Stream stream;
    std::printf("%d %d %d\n", app::rank(buffer), app::rank(stream), app::rank(1.0F));
    std::printf("%d %d\n", app::traits<triune::Buffer<int>>::weight, app::traits<triune::Stream>::weight);
}
