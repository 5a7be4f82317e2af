#include <cstdio>
#include <vector>

#include <triune/triune.hpp>

namespace app {

using triune::Buffer;

Buffer<float> copy_of(const Buffer<float>& source) {
    std::vector<float> values(source.size());
    source.download(values);
    return Buffer<float>::from_host(values);
}

auto scratch() { return triune::default_manager().make_buffer<double>("scratch", 16); }

}  // namespace app

int main() {
    const auto copy = app::copy_of(triune::Buffer<float>::filled(2, 1.5F));
    std::vector<float> values(copy.size());
    copy.download(values);
    std::printf("%g %s\n", values[1], app::scratch().name().c_str());
}
