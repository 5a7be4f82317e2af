#include <triune/triune.hpp>

using namespace triune;

void run(StreamSet& streams) {
    const Stream& stream = streams.compute();
    stream.synchronize();
    streams.next().synchronize();
    streams.synchronize();
    auto buffer = default_manager().make_buffer<float>("three", 3);
}
