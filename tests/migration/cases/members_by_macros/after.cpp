#include <triune/triune.hpp>

#include <cstdio>

// Members that a macro declares: their names are pasted, and made into strings that change places with a number.
#define DECLARE_BUFFER(type, name, count)                                                      \
  private:                                                                                     \
    triune::Buffer<type> name##_ = triune::default_manager().make_buffer<type>(#name, count); \
                                                                                               \
  public:                                                                                      \
    const triune::Buffer<type>& name() const { return name##_; }       \
    std::size_t name##_len() const { return name##_.size(); }
#define FOR_EACH(X) X(float, weights, 3) X(int, labels, 4)
class Model {
    FOR_EACH(DECLARE_BUFFER)
};

int main() {
    Model model;
    std::printf("%zu %zu\n", model.weights_len(), model.labels().size());
    std::printf("%zu\n", triune::default_manager().usage_by_name().second.at("weights"));
}
