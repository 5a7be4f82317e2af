#include <triune/triune.hpp>

#include <cstdio>
#include <memory>
#include <string>
#include <vector>

std::size_t next_size() { return 5; }

triune::Buffer<float> make_weights(const std::vector<float>& values) {
    return triune::default_manager().make_buffer_from("weights", values);
}

std::size_t use(std::size_t count) {
    auto plain = triune::default_manager().make_buffer<float>("plain", count * 2);
    auto sized = triune::default_manager().make_buffer<int>("sized", next_size());
    auto owned = std::make_unique<triune::Buffer<float>>(make_weights({1.0F, 2.0F}));
    const triune::Buffer<float>& inside = plain;
    triune::Buffer<float>& inner = *owned;
    std::vector<float> values(inside.size());
    inner.download(values);
    plain.upload(values);
    return owned->size() + sized.size_bytes() + plain.name().size();
}

int main() { std::printf("%zu\n", use(1)); }
