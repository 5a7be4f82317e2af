#include <triune/triune.hpp>

#include <cstdio>

namespace company {
inline namespace v2 {
using triune::Buffer;
}  // namespace v2
}  // namespace company
namespace own = company;

int main() {
    const auto kept = triune::default_manager().make_buffer<float>("kept", 3);
    const auto other = triune::default_manager().make_buffer<int>("other", 4);
    const own::Buffer<int> plain = company::Buffer<int>::zeroed(2);
    std::printf("%zu %zu %zu %zu\n", kept.size_bytes(), other.size(), plain.size(),
                triune::default_manager().report_leaks().size());
}
