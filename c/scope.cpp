// SPDX-License-Identifier: Apache-2.0
// Scopes.
#include "call.hpp"
#include "objects.hpp"

using namespace triune::c;

triune_status triune_scope_open(triune_manager* manager, const char* name, int all_threads, triune_scope** scope) {
    return guarded(__func__, [&] {
        const triune::GpuMemoryManager& of = *object<ManagerObject>(manager, "manager").manager;
        require(name, "name");
        require(scope, "scope");
        const auto threads = all_threads != 0 ? triune::ScopeThreads::all : triune::ScopeThreads::own;
        open_handle(scope, std::unique_ptr<ScopeObject>(new ScopeObject{triune::MemoryScope(of, name, threads)}));
    });
}

triune_status triune_scope_close(triune_scope* scope) {
    return guarded(__func__, [&] { object<ScopeObject>(scope, "scope").scope.close(); });
}

triune_status triune_scope_read(const triune_scope* scope, triune_scope_figures* figures) {
    return guarded(__func__, [&] {
        const triune::ScopeFigures now = object<ScopeObject>(scope, "scope").scope.figures();
        triune_scope_figures told{};
        told.allocation_count = now.allocation_count;
        told.resize_count = now.resize_count;
        told.free_count = now.free_count;
        told.allocated_bytes = now.allocated_bytes;
        told.freed_bytes = now.freed_bytes;
        told.peak_bytes = now.peak_bytes;
        write_struct(figures, told, "figures");
    });
}

triune_status triune_scope_describe(const triune_scope* scope, char** text) {
    return guarded(__func__, [&] {
        const triune::MemoryScope& of = object<ScopeObject>(scope, "scope").scope;
        require(text, "text");
        *text = caller_text(of.describe());
    });
}

triune_status triune_scope_release(triune_scope* scope) {
    return guarded(__func__, [&] { closed<ScopeObject>(scope, "scope"); });
}
