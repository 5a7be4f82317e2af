#include <triune/transition.hpp>

#include <cstdio>
#include <functional>
#include <string>
#include <vector>

// Only another name: these go.
void (triune::GraphArrays::*swapper)() noexcept = &triune::GraphArrays::swap_buffers;
triune::Buffer<float> triune::GraphArrays::*member = &triune::GraphArrays::mass;
const auto starter = std::mem_fn(&triune::GraphArrays::start_positions_download);

// No function of its own any more, or one of more parameters: a lambda is a pointer to one.
triune::transition::Buffer<float> (*maker)(std::size_t) = +[](std::size_t count) { return triune::transition::Buffer<float>::zeroed(count); };
const auto filler = +[](std::size_t count, const int & value) { return triune::Buffer<int>::filled(count, value); };
std::vector<std::string> (*leaks)() = +[] { return triune::default_manager().report_leaks(); };
const std::function<std::size_t()> usage = [] { return std::invoke(+[] { return triune::default_manager().usage_by_name(); }).first; };
const auto named = +[](std::size_t capacity, const std::string & name) { return triune::default_manager().make_buffer<int>(name, capacity); };
auto* const copied = +[](const std::vector<int> & data, const std::string & name) { return triune::default_manager().make_buffer_from(name, data); };
const auto sliced = +[](const std::vector<int> & values) { return triune::Buffer<int>::from_host(values); };
struct Backend {
    triune::Buffer<int> (*create)(std::size_t, const std::string&);
    std::vector<std::string> (*leaks)();
};
const Backend backend{+[](std::size_t capacity, const std::string & name) { return triune::default_manager().make_buffer<int>(name, capacity); }, +[] { return triune::default_manager().report_leaks(); }};

// Another type: these are left.
triune::NodeVectors (triune::transition::GraphArrays::*getter)() = &triune::transition::GraphArrays::get_node_positions;
void (triune::transition::Buffer<float>::*copier)(const std::vector<float>&) = &triune::transition::Buffer<float>::copy_from;
void (triune::transition::GraphArrays::*grower)(std::size_t, std::size_t) = &triune::transition::GraphArrays::resize_buffers;

void use(triune::GraphArrays& compute) {
    (compute.*swapper)();
    starter(compute);
}

int main() {
    triune::GraphArrays compute(2, 0);
    use(compute);
    std::printf("%zu\n", (compute.*member).size());

    triune::transition::GraphArrays held(3, 0);
    (held.*grower)(4, 0);
    auto floats = maker(2);
    (floats.*copier)({1.0F, 2.0F});
    std::printf("%zu %zu %zu\n", std::get<0>((held.*getter)()).size(), floats.size(), leaks().size());

    const auto first = named(5, "first");
    const auto second = copied({1, 2}, "second");
    std::printf("%zu %zu %zu %zu\n", first.size_bytes(), second.size(), usage(),
                sliced({1, 2, 3}).size() + filler(2, 7).size());
    std::printf("%zu %zu\n", backend.create(2, "third").size_bytes(), backend.leaks().size());
}
