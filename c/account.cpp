// SPDX-License-Identifier: Apache-2.0
// Accounts.
#include "call.hpp"
#include "objects.hpp"
#include "place.hpp"

using namespace triune::c;

triune_status triune_account_create(triune_manager* manager, const char* name, const triune_place* where,
                                    triune_account** account) {
    return guarded(__func__, [&] {
        triune::GpuMemoryManager& of = *object<ManagerObject>(manager, "manager").manager;
        require(name, "name");
        require(account, "account");
        open_handle(account, std::make_unique<AccountObject>(AccountObject{
                                 triune::PoolAccount(of, name, place_of(where)), of.device().properties().ordinal}));
    });
}

triune_status triune_account_allocate(triune_account* account, size_t bytes, size_t alignment, void* stream,
                                      void** address) {
    return guarded(__func__, [&] {
        const triune::PoolAccount& of = object<AccountObject>(account, "account").account;
        require(address, "address");
        *address = of.allocate(bytes, alignment, order_of(stream));
    });
}

triune_status triune_account_free(triune_account* account, void* address, void* stream) {
    return guarded(__func__,
                   [&] { object<AccountObject>(account, "account").account.deallocate(address, order_of(stream)); });
}

triune_status triune_account_drawn_bytes(const triune_account* account, size_t* bytes) {
    return guarded(__func__, [&] {
        const triune::PoolAccount& of = object<AccountObject>(account, "account").account;
        require(bytes, "bytes");
        *bytes = of.drawn_bytes();
    });
}

triune_status triune_account_release(triune_account* account) {
    return guarded(__func__, [&] { closed<AccountObject>(account, "account"); });
}
