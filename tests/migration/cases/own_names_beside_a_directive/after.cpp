#include <triune/triune.hpp>

#include <cstdio>
#include <string>

// The new namespace has these names too: a using-directive for it would make them ambiguous.
struct Buffer {
    std::string name;
};
struct Error {};
Buffer pool(const Buffer& from) { return {from.name + "!"}; }

std::size_t length_of(const triune::Buffer<float>& values) { return values.size(); }

int main() {
    auto values = triune::default_manager().make_buffer<float>("eight", 8);
    triune::StreamSet streams;
    streams.synchronize();
    try {
        std::printf("%zu\n", length_of(values));
        throw Error();
    } catch (const Error&) {
        std::printf("%s\n", pool(Buffer{"own"}).name.c_str());
    }
}
