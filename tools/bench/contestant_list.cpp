// SPDX-License-Identifier: Apache-2.0
#include "contestant_list.hpp"

#include <triune/device/devices.hpp>

namespace bench {

std::vector<Entry> contestants() {
    std::vector<Entry> all = triune_entries();
    if (triune::default_device_kind() != triune::DeviceKind::cuda) return all;
    const auto add = [&all](std::vector<Entry> more) { all.insert(all.end(), more.begin(), more.end()); };
#ifdef BENCH_CUDA
    add(cuda_entries());
#endif
#ifdef BENCH_CUB
    add(cub_entries());
#endif
#ifdef BENCH_TORCH
    add(torch_entries());
#endif
#ifdef BENCH_RMM
    add(rmm_entries());
#endif
    static_cast<void>(add);
    return all;
}

}  // namespace bench
