#include <cstdio>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <triune/triune.hpp>

using Array = triune::Buffer<float>;
template <typename T>
using Managed = triune::Buffer<T>;

struct Pool {
    std::vector<Array> arrays;
    std::map<std::string, Managed<int>> by_name;
    std::optional<triune::Buffer<double>> maybe;
    std::function<std::size_t(const Array&)> measure = [](const Array& array) { return array.size(); };
    std::vector<triune::UntypedBuffer> untyped;
};

std::size_t fill(Pool& pool, std::size_t (triune::Buffer<float>::*length)() const) {
    pool.arrays.push_back(Array::filled(3, 1.0F));
    pool.by_name.emplace("one", triune::default_manager().make_buffer<int>("one", 1));
    pool.maybe = triune::Buffer<double>::zeroed(2);
    pool.untyped.emplace_back(triune::default_manager().make_untyped("raw", triune::BufferConfig::for_edges()));
    std::size_t sum = pool.maybe->size();
    for (auto& array : pool.arrays) sum += array.size() + pool.measure(array) + (array.*length)();
    for (auto& [name, buffer] : pool.by_name) sum += buffer.size() + name.size();
    for (auto& raw : pool.untyped) raw.reserve(sum);
    return sum;
}

std::size_t use(Pool& pool) { return fill(pool, &triune::Buffer<float>::size); }

int main() {
    Pool pool;
    std::printf("%zu\n", use(pool));
    for (const auto& raw : pool.untyped) std::printf("%s %zu\n", raw.name().c_str(), raw.capacity_bytes());
}
