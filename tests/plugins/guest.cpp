// SPDX-License-Identifier: Apache-2.0
// A plugin without a core: it allocates from the manager of the program that loads it. WIDTH is another one in another
// build of it, so that the same place in the source says something else.
#include <triune/triune.hpp>

struct Particle {
    float values[WIDTH];
};
namespace {
struct Secret {
    float value;
};
}  // namespace

extern "C" [[gnu::visibility("default")]] void use(triune::GpuMemoryManager* manager) {
    manager->allocate<Particle>("from the plugin", 100);
    manager->allocate<Secret>("secret", 10);
}
extern "C" [[gnu::visibility("default")]] int finds_its_own(triune::GpuMemoryManager* manager) {
    return manager->get_buffer<Particle>("from the plugin").size() == 100 &&
                   manager->get_buffer<Secret>("secret").size() == 10
               ? 1
               : 0;
}
extern "C" [[gnu::visibility("default")]] void draw(triune::GpuMemoryManager* manager) {
    static triune::PoolAccount* const account = new triune::PoolAccount(*manager, "the plugin's account");
    static_cast<void>(account->allocate(10, 256, triune::StreamOrder::after_all()));
}
