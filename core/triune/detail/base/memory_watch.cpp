// SPDX-License-Identifier: Apache-2.0
#include <triune/detail/base/memory_watch.hpp>

namespace triune {

constinit std::atomic<const MemoryWatch*> detail::memory_watch{nullptr};

}  // namespace triune
