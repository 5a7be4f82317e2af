#include <triune/triune.hpp>

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
