#include "utils/gpu_memory.hpp"

#include <cstdio>

using namespace utils;

void run(MultiStreamManager& streams) {
    const Stream& stream = streams.get_compute_stream();
    stream.synchronize();
    streams.get_next_stream().synchronize();
    streams.synchronize_all();
    auto buffer = create_managed_buffer<float>(3, "three");
}

int main() {
    MultiStreamManager streams;
    run(streams);
    streams.synchronize_async().get();
    std::printf("%d\n", streams.get_analysis_stream().handle() != nullptr);
}
