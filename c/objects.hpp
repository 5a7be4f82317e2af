// SPDX-License-Identifier: Apache-2.0
// What stands behind the handles.
#pragma once

#include <memory>

#include <triune/device/stream.hpp>
#include <triune/manage/host_view.hpp>
#include <triune/manage/manager.hpp>
#include <triune/manage/memory_scope.hpp>
#include <triune/resource/pool_account.hpp>

#include "handle_table.hpp"

namespace triune::c {

// Shared with tensors over buffers that the manager owns. The default one has no owner.
struct ManagerObject {
    static constexpr auto kind = HandleKind::manager;
    std::shared_ptr<GpuMemoryManager> manager;
};

struct BufferObject {
    static constexpr auto kind = HandleKind::buffer;
    UntypedHandle handle;
    std::shared_ptr<UntypedBuffer> owner;     // of one that the caller made; tensors share it
    std::weak_ptr<GpuMemoryManager> manager;  // of one that the manager owns
};

struct ViewObject {
    static constexpr auto kind = HandleKind::view;
    HostView<std::byte> view;
};

struct LeaksObject {
    static constexpr auto kind = HandleKind::leaks;
    std::vector<AllocationRecord> records;
    std::vector<std::string> descriptions;
};

struct StreamObject {
    static constexpr auto kind = HandleKind::stream;
    Stream stream;
};

struct AccountObject {
    static constexpr auto kind = HandleKind::account;
    PoolAccount account;
    int device = 0;
};

struct ScopeObject {
    static constexpr auto kind = HandleKind::scope;
    MemoryScope scope;
};

}  // namespace triune::c
