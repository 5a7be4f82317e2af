#include <cstdio>
#include <string>

#include <triune/triune.hpp>

std::size_t take_number() {
    std::puts("a number is taken");
    return 3;
}
std::string take_name() { return "first"; }

void use(std::size_t count) {
    auto first = [](std::size_t capacity, const std::string & name) { return triune::default_manager().make_buffer<float>(name, capacity); }(take_number(), take_name());
    auto second = triune::default_manager().make_buffer<float>("second", take_number());
    auto third = triune::default_manager().make_buffer<float>("third" + std::to_string(3), count++);
    std::printf("%zu\n", first.size());
    std::printf("%zu\n", second.size_bytes());
    std::printf("%zu\n", third.size_bytes());
    std::printf("%zu\n", count);
}

int main() { use(2); }
