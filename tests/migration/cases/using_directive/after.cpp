#include <triune/triune.hpp>

#include <cstdio>

void run(triune::StreamSet& streams) {
    const triune::Stream& stream = streams.compute();
    stream.synchronize();
    streams.next().synchronize();
    streams.synchronize();
    auto buffer = triune::default_manager().make_buffer<float>("three", 3);
}

int main() {
    triune::StreamSet streams;
    run(streams);
    streams.synchronize_async().get();
    std::printf("%d\n", streams.analysis().handle() != nullptr);
}
