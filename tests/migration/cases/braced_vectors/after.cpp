#include <triune/triune.hpp>

#include <cstdio>
#include <vector>

// What took a vector takes a span, which braces alone do not make.
triune::Buffer<float> floats = triune::Buffer<float>::from_host(std::vector<float>{1.0F, 2.0F});

void fill(triune::Buffer<int>& buffer, triune::GraphArrays& compute) {
    buffer.upload(std::vector<int>{1, 2, 3});
    buffer.upload(std::vector<int>{4, 5, 6});
    compute.upload_positions(std::vector<float>{1.0F}, std::vector<float>{2.0F}, std::vector<float>{3.0F});
}

// Words and argument change places together.
auto managed = triune::default_manager().make_buffer_from("managed", std::vector<float>{1.0F, 2.0F});

// This one still takes a vector.
triune::LabelCache::Labels labels(triune::LabelCache& cache) {
    return cache.get_or_compute({1, 2}, [](const auto& all) { return all; });
}

int main() {
    auto ints = triune::Buffer<int>::zeroed(3);
    triune::GraphArrays compute(1, 0);
    fill(ints, compute);
    std::vector<int> values(3);
    ints.download(values);
    std::vector<float> out(managed.size());
    managed.download(out);
    const auto [x, y, z] = compute.download_positions();
    triune::LabelCache cache;
    std::printf("%d %d %d %g %g %g %g %g %zu %zu\n", values[0], values[1], values[2], out[0], out[1], x[0], y[0], z[0],
                floats.size(), labels(cache).size());
}
