#include "utils/gpu_memory.hpp"

#include <cstdio>

// Members that a macro declares: their names are pasted, and made into strings that change places with a number.
#define DECLARE_BUFFER(type, name, count)                                                      \
  private:                                                                                     \
    utils::ManagedDeviceBuffer<type> name##_ = utils::create_managed_buffer<type>(count, #name); \
                                                                                               \
  public:                                                                                      \
    const utils::DeviceBuffer<type>& name() const { return name##_.as_device_buffer(); }       \
    std::size_t name##_len() const { return name##_.as_device_buffer().len(); }
#define FOR_EACH(X) X(float, weights, 3) X(int, labels, 4)
class Model {
    FOR_EACH(DECLARE_BUFFER)
};

int main() {
    Model model;
    std::printf("%zu %zu\n", model.weights_len(), model.labels().len());
    std::printf("%zu\n", utils::get_gpu_memory_usage().second.at("weights"));
}
