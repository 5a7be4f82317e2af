#include <triune/triune.hpp>

#include <cstdio>
#include <memory>
#include <string>
#include <vector>

// A buffer that an object owns has an address, and the program's own name for its class names the owner.
using Owned = triune::UntypedBuffer;

class Pool {
  public:
    triune::UntypedBuffer* add(const std::string& name) {
        all_.push_back(std::make_unique<Owned>(triune::default_manager().make_untyped(name, triune::BufferConfig::for_edges())));
        return all_.back().get();
    }
    const Owned* biggest() const {
        const triune::UntypedBuffer* best = nullptr;
        for (const auto& each : all_) {
            if (best == nullptr || each->capacity_bytes() > best->capacity_bytes()) best = &*each;
        }
        return best;
    }
    Owned* own() { return &own_; }

  private:
    std::vector<std::unique_ptr<Owned>> all_;
    Owned own_{triune::default_manager().make_untyped("own", triune::BufferConfig::for_forces())};
};

Owned* find(std::vector<Owned>& all, const std::string& name) {
    for (auto& each : all) {
        if (each.name() == name) return &each;
    }
    return nullptr;
}

void fill(Owned* buffer, std::size_t count) {
    if (buffer == nullptr) return;
    buffer->reserve(count);
    (*buffer).set_size_bytes(count);
}
Owned grown(Owned buffer) {
    buffer.reserve(1);
    return buffer;
}
triune::UntypedHandle pick(triune::UntypedHandle left, triune::UntypedHandle right, bool first) { return first ? left : right; }

int main() {
    Pool pool;
    fill(pool.add("a"), 10);
    fill(pool.add("b"), 1000);
    fill(pool.own(), 3);
    std::printf("%s %zu %zu\n", pool.biggest()->name().c_str(), pool.biggest()->size_bytes(), pool.own()->size_bytes());

    std::vector<Owned> all;
    all.push_back(triune::default_manager().make_untyped("y", triune::BufferConfig{64, 1.5F, std::size_t{1} << 30, 1024}));
    fill(find(all, "y"), 5);
    fill(find(all, "z"), 5);
    all[0] = grown(std::move(all[0]));
    std::printf("%zu %zu\n", all[0].size_bytes(), pick(all[0], *pool.own(), false).size_bytes());
}
