// SPDX-License-Identifier: Apache-2.0
// What users call, from 1 to 16 threads with a stream each: pairs of an allocation and a free of 4 KiB by each of the
// public doors, look-ups, totals; and what one thread asks of the books while the others work.
//   triune_bench_doors [--repeat N] [--window MS] [--json FILE]
// Host time, but for zeroed doors, whose fills the device has to keep up with. The doors take turns. "internal pool" is
// the pool below the doors, which no user calls: a bound. "PoolResource" is there in builds with CCCL, rmm's arena, the
// best of the peers with many threads, in builds with rmm and on a GPU.
#include <cstdlib>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <triune/triune.hpp>
#ifdef BENCH_CCCL
#include <triune/resource/pool_resource.hpp>
#endif

#include "arguments.hpp"
#include "contestant.hpp"
#include "internal_pool.hpp"
#include "measurements.hpp"
#include "team.hpp"
#include "timing.hpp"

namespace {

using namespace bench;

using std::chrono::milliseconds;
using triune::BufferConfig;
using triune::GpuMemoryManager;

constexpr std::size_t bytes = 4 * triune::KiB;
constexpr std::size_t alignment = 256;  // cudaMalloc's
constexpr std::size_t thread_counts[] = {1, 2, 4, 8, 16};
constexpr std::size_t max_threads = 16;
constexpr std::size_t kept_count = 1000;  // named buffers that live all the time
constexpr std::size_t no_limit = std::size_t{1} << 50;

// The calls between two looks at the clock.
constexpr std::size_t batch = 16;

// `call(thread, stream, i)` for each i of a batch. A template, so that the call is made as in a user's loop.
template <typename Call>
Team::Work batches(Call call) {
    return [call](std::size_t thread, triune::StreamHandle stream) {
        for (std::size_t i = 0; i < batch; ++i) call(thread, stream, i);
        return batch;
    };
}

// The work must be done: a compiler would leave out what nobody reads.
template <typename Value>
void read(const Value& value) {
    asm volatile("" : : "r"(&value) : "memory");
}

// What the doors open on.
struct House {
    GpuMemoryManager manager = GpuMemoryManager::with_limit(no_limit);
    triune::PoolAccount account{manager};
    std::vector<std::string> thread_names;  // of the buffer that each thread allocates and frees
    std::vector<std::string> kept_names;
    std::vector<triune::BufferHandle<float>> kept_handles;

    House() {
        for (std::size_t i = 0; i < max_threads; ++i) thread_names.push_back("of thread " + std::to_string(i));
        for (std::size_t i = 0; i < kept_count; ++i) {
            kept_names.push_back("kept " + std::to_string(i));
            kept_handles.push_back(manager.allocate<float>(kept_names.back(), 16));
        }
    }
};

BufferConfig config_of(bool zeroed) {
    BufferConfig config = GpuMemoryManager::unbounded();
    config.zeroed = zeroed;
    return config;
}

Team::Work by_address(House& house) {
    return batches([&account = house.account](std::size_t, triune::StreamHandle stream, std::size_t) {
        const auto order = triune::StreamOrder::on(stream);
        account.deallocate(account.allocate(bytes, alignment, order), order);
    });
}

Team::Work an_owner(House& house, bool zeroed) {
    return batches(
        [&manager = house.manager, config = config_of(zeroed)](std::size_t, triune::StreamHandle stream, std::size_t) {
            manager.make_buffer<unsigned char>("owned", bytes, config, stream).reset(stream);
        });
}

Team::Work by_name(House& house, bool zeroed) {
    return batches([&house, config = config_of(zeroed)](std::size_t thread, triune::StreamHandle stream, std::size_t) {
        const std::string& name = house.thread_names[thread];
        static_cast<void>(house.manager.allocate<unsigned char>(name, bytes, config, stream));
        house.manager.free(name, stream);
    });
}

#ifdef BENCH_CCCL
// CCCL's verbs changed their names and the order of their arguments.
template <typename Resource>
void resource_pair(Resource& resource, ::cuda::stream_ref stream) {
    if constexpr (requires { resource.allocate_async(bytes, alignment, stream); }) {
        resource.deallocate_async(resource.allocate_async(bytes, alignment, stream), bytes, alignment, stream);
    } else {
        resource.deallocate(stream, resource.allocate(stream, bytes, alignment), bytes, alignment);
    }
}

Team::Work by_resource(House& house) {
    return batches([resource = std::make_shared<triune::PoolResource>(house.account)](
                       std::size_t, triune::StreamHandle stream, std::size_t) {
        resource_pair(*resource, ::cuda::stream_ref(static_cast<cudaStream_t>(stream)));
    });
}
#endif

// As direct as a call inside the library: the type is known.
Team::Work internal_pool() {
    return batches([pool = std::make_shared<InternalPool>()](std::size_t, triune::StreamHandle stream, std::size_t) {
        pool->deallocate(pool->allocate(bytes, stream), bytes, stream);
    });
}

Team::Work peer(const Entry& entry) {
    return batches(
        [peer = std::shared_ptr<Contestant>(entry.make())](std::size_t, triune::StreamHandle stream, std::size_t) {
            peer->deallocate(peer->allocate(bytes, stream), bytes, stream);
        });
}

struct Door {
    std::string name;
    std::function<Team::Work()> open;  // for one measurement: peers hold memory only meanwhile
};

std::vector<Door> pair_doors(House& house) {
    std::vector<Door> doors{
        {"triune, by address", [&] { return by_address(house); }},
#ifdef BENCH_CCCL
        {"triune, PoolResource", [&] { return by_resource(house); }},
#endif
        {"triune, an owner", [&] { return an_owner(house, false); }},
        {"triune, an owner, zeroed", [&] { return an_owner(house, true); }},
        {"triune, by name", [&] { return by_name(house, false); }},
        {"triune, by name, zeroed", [&] { return by_name(house, true); }},
        {InternalPool::name, [] { return internal_pool(); }},
    };
    for (const Entry& entry : contestants()) {
        if (entry.name == "rmm arena") doors.push_back({entry.name, [entry] { return peer(entry); }});
    }
    return doors;
}

// Each door's share of a round is short, so that what disturbs one disturbs all, a change of the clock's speed too.
void one_thread(Measurements& results, const std::vector<Door>& doors, const Team& team, int rounds) {
    constexpr int batches_a_share = 50;
    struct Open {
        std::string name;
        Team::Work pairs;
    };
    std::vector<Open> open;
    for (const Door& door : doors) open.push_back({door.name, door.open()});
    for (int round = -2; round < rounds; ++round) {  // what comes before 0 is to warm up
        take_turns(1, open, [&](const Open& door) {
            std::size_t done = 0;
            const auto start = Clock::now();
            for (int i = 0; i < batches_a_share; ++i) done += door.pairs(0, team.stream(0));
            const double each = nanoseconds_since(start) / static_cast<double>(done);
            triune::check(triune::current_device().synchronize(), "waiting for the fills");
            if (round >= 0) results.note({"pair, one thread", "ns"}, door.name, each);
        });
    }
}

class Rounds {
  public:
    Rounds(Measurements& results, House& house, const Team& team, milliseconds window)
        : results_(results), house_(house), team_(team), window_(window), doors_(pair_doors(house)) {}

    const std::vector<Door>& doors() const { return doors_; }

    void round() {
        for (const std::size_t threads : thread_counts) {
            take_turns(1, doors_, [&](const Door& door) { pairs(door, threads); });
        }
        shares();
        each("get_buffer", batches([this](std::size_t thread, triune::StreamHandle, std::size_t i) {
                 read(house_.manager.get_buffer<float>(house_.kept_names[(thread * batch + i) % kept_count]));
             }));
        each("total_allocated_bytes", batches([this](std::size_t, triune::StreamHandle, std::size_t) {
                 read(house_.manager.total_allocated_bytes());
             }));
        each("size() of a handle", batches([this](std::size_t thread, triune::StreamHandle, std::size_t) {
                 read(house_.kept_handles[thread].size());
             }));
        one_asks("stats()", [this] { read(house_.manager.stats().total_allocated_bytes); });
        one_asks("check_leaks()", [this] {
            if (house_.manager.check_leaks().size() < kept_count) std::abort();
        });
    }

  private:
    void pairs(const Door& door, std::size_t threads) {
        const double rate = sum(team_.rates(threads, window_, door.open()));
        results_.note({"pairs", "M pairs/s", static_cast<double>(threads), Better::more}, door.name, rate);
        rates_[{door.name, threads}] = rate;
    }
    // Of this round: over what one thread did, times the threads.
    void shares() {
        for (const std::size_t threads : thread_counts) {
            if (threads == 1) continue;
            const auto many = static_cast<double>(threads);
            for (const Door& door : doors_) {
                results_.note({"pairs, share of linear", "", many, Better::more}, door.name,
                              rates_[{door.name, threads}] / (many * rates_[{door.name, 1}]));
            }
        }
    }

    // All threads ask; nothing is allocated meanwhile.
    void each(const char* what, const Team::Work& question) {
        for (const std::size_t threads : thread_counts) {
            results_.note({what, "M calls/s", static_cast<double>(threads), Better::more}, "triune",
                          sum(team_.rates(threads, window_, question)));
        }
    }

    // One of the threads asks; the others allocate and free by name, which the answer has to take into account.
    template <typename Question>
    void one_asks(const std::string& what, const Question& question) {
        const Team::Work work = by_name(house_, false);
        for (const std::size_t threads : thread_counts) {
            const auto many = static_cast<double>(threads);
            std::vector<double> rates =
                team_.rates(threads, window_, [&](std::size_t thread, triune::StreamHandle stream) -> std::size_t {
                    if (thread > 0) return work(thread, stream);
                    question();
                    return 1;
                });
            results_.note({what + ", 1,000 buffers, beside working threads", "us", many}, "triune", 1 / rates.front());
            rates.erase(rates.begin());
            if (rates.empty()) continue;
            results_.note({"pairs by name beside " + what, "M pairs/s", many, Better::more}, "triune", sum(rates));
        }
    }

    Measurements& results_;
    House& house_;
    const Team& team_;
    const milliseconds window_;
    std::vector<Door> doors_;
    std::map<std::pair<std::string, std::size_t>, double> rates_;  // of this round, by door and threads
};

}  // namespace

int main(int argc, char** argv) {
    const Arguments arguments(argc, argv, {"--repeat", "--window", "--json"});
    triune::log::set_level(triune::log::Level::error);
    Measurements results("doors");
    const int repeat = arguments.number("--repeat", 7);
    House house;
    const Team team(max_threads);
    Rounds rounds(results, house, team,
                  milliseconds(arguments.number("--window", static_cast<int>(usual_window().count()))));
    one_thread(results, rounds.doors(), team, 20 * repeat);
    for (int i = 0; i < repeat; ++i) rounds.round();
    results.print();
    results.write_json(arguments.text("--json", ""));
}
