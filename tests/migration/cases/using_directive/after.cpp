#include <triune/triune.hpp>

#include <cstdio>

using namespace triune;

void run(StreamSet& streams) {
    const Stream& stream = streams.compute();
    stream.synchronize();
    streams.next().synchronize();
    streams.synchronize();
    auto buffer = default_manager().make_buffer<float>("three", 3);
}

int main() {
    StreamSet streams;
    run(streams);
    streams.synchronize_async().get();
    std::printf("%d\n", streams.analysis().handle() != nullptr);
}
