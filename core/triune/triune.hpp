// SPDX-License-Identifier: Apache-2.0
// Triune: one manager for all the device memory of a CUDA application.
//
//   device             one GPU, or the simulated device: memory, streams, events, virtual addresses behind one seam
//   growable mapping   a reserved range of virtual addresses with physical memory mapped into its front
//   block              a piece of memory that the pool hands out
//   pool               stream-ordered allocator of blocks
//   buffer             a named, typed, growable array on a device; what users hold
//   registry           who owns what: name, bytes, type, call site, thread, time
//   download           a copy off the device through pinned slots; in flight until it is complete
//   graph arrays       node and edge arrays of a graph
//   account            what another library has drawn from the pool
//
// Includes every public header but those for CCCL and Thrust (triune/resource/pool_resource.hpp, thrust_allocator.hpp),
// which need theirs. The standard headers are those that code moved here from the legacy modules got through
// theirs.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <future>
#include <memory>
#include <string>
#include <tuple>
#include <unordered_map>
#include <utility>
#include <vector>

#include <triune/base/error.hpp>
#include <triune/base/log.hpp>
#include <triune/base/trace.hpp>
#include <triune/base/units.hpp>
#include <triune/base/version.hpp>
#include <triune/device/devices.hpp>
#include <triune/device/event.hpp>
#include <triune/device/stream.hpp>
#include <triune/device/stream_set.hpp>
#include <triune/graph/cell_buffers.hpp>
#include <triune/graph/graph_arrays.hpp>
#include <triune/graph/label_cache.hpp>
#include <triune/manage/buffer_group.hpp>
#include <triune/manage/default_buffers.hpp>
#include <triune/manage/default_manager.hpp>
#include <triune/manage/manager.hpp>
#include <triune/manage/memory_scope.hpp>
#include <triune/resource/bad_allocation.hpp>
#include <triune/resource/pinned_resource.hpp>
#include <triune/resource/pool_account.hpp>
#include <triune/resource/thrust_temporaries.hpp>
#include <triune/track/recorder.hpp>
