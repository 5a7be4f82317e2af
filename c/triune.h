// SPDX-License-Identifier: Apache-2.0
// Triune for C: managers, buffers, downloads, accounts and reports, behind handles.
//
// Rules for all of it:
// - A function that can fail returns a status, TRIUNE_OK or what is wrong, and then has changed nothing and written to
//   no result. triune_last_error() has the sentence: it names the function, the buffer, the bytes and the limit. No
//   C++ exception leaves the library, but to PyTorch: see triune_torch_malloc.
// - A handle is a number in the shape of a pointer, and is never read through. Null, a released one, one of another
//   kind and any other value are refused by name. Each is given back by the release of its kind; null is nothing there.
// - Every function may be called from any thread. A handle is not released while another thread uses it.
// - `stream` is a raw cudaStream_t, or a triune_stream; null is the default stream. Work is queued there and the call
//   returns at once; host memory given to it must stay until then. With TRIUNE_NO_STREAM the call runs after all work
//   queued on the device by then, and has finished when it returns.
// - Counts are in elements, `_bytes` in bytes. Texts are UTF-8 and end with a zero.
// - A struct that the caller makes begins with its own size, so that later versions may add to its end.
#ifndef TRIUNE_H
#define TRIUNE_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define TRIUNE_VERSION_MAJOR 0
#define TRIUNE_VERSION_MINOR 1
#define TRIUNE_VERSION_PATCH 0

// What the loaded library is: major * 1000000 + minor * 1000 + patch. Before 1.0 another minor version is another
// interface; the loader tells them apart by the versions of the symbols.
int triune_version(void);

// --- errors

// 1 to 99 are the core's own (`triune::Errc`).
typedef enum triune_status {
    TRIUNE_OK = 0,
    TRIUNE_BUFFER_NOT_FOUND = 1,
    TRIUNE_TYPE_MISMATCH = 2,
    TRIUNE_LIMIT_EXCEEDED = 3,
    TRIUNE_MAX_SIZE_EXCEEDED = 4,
    TRIUNE_OUT_OF_MEMORY = 5,
    TRIUNE_ASYNC_NOT_ENABLED = 6,
    TRIUNE_NO_PENDING_DOWNLOAD = 7,
    TRIUNE_DOWNLOAD_IN_FLIGHT = 8,
    TRIUNE_STALE_HANDLE = 9,
    TRIUNE_INVALID_ARGUMENT = 10,
    TRIUNE_DEVICE_ERROR = 11,
    TRIUNE_OUT_OF_HOST_MEMORY = 100,  // the host has no memory left that is not pinned
    TRIUNE_BUFFER_EXPORTED = 101,     // it would move or go, and another library has its address: see DLPack below
    TRIUNE_UNEXPECTED = 102           // an exception that the library did not expect; please report it
} triune_status;

// "TRIUNE_LIMIT_EXCEEDED", and a sentence about the kind; null for a number that is no status. They stay for good.
const char* triune_status_name(int status);
const char* triune_status_text(int status);
// Of the last call of this thread that failed; "" and 0 before the first. The text stays until the next failing call of
// this thread. The number is that of CUDA, or the one that a CUDA call would give for the same mistake.
const char* triune_last_error(void);
int triune_last_cuda_error(void);

// Gives back what a function below calls a text of the caller's.
void triune_text_release(char* text);

// --- where the caller is, for leak lists and errors

typedef struct triune_place {
    const char* file;      // null where unknown
    const char* function;  // null where unknown
    uint32_t line;         // 0 where unknown
} triune_place;

#ifndef __cplusplus
// This place, for a parameter `where`; null there is a place unknown. Copied where it is kept.
#define TRIUNE_HERE (&(const triune_place){__FILE__, __func__, __LINE__})
#endif

// --- managers

#define TRIUNE_NO_STREAM ((void*)(intptr_t)-1)
#define TRIUNE_CURRENT_DEVICE (-1)
#define TRIUNE_DEFAULT_LIMIT_BYTES ((size_t)6 << 30)

typedef struct triune_manager triune_manager;

// On the device of that number, or the current one. A limit of 0 refuses every byte. INVALID_ARGUMENT, DEVICE_ERROR.
triune_status triune_manager_create(int device, size_t limit_bytes, triune_manager** manager);
// A handle to the one of the current device that is never destroyed.
triune_status triune_manager_default(triune_manager** manager);
// Its named buffers go with it. Buffers that the caller made, views, accounts and scopes may outlive it.
triune_status triune_manager_release(triune_manager* manager);

typedef struct triune_device {
    size_t struct_size;
    int ordinal;
    int simulated;  // 1: device memory is the host's, and no CUDA address
    size_t free_bytes;
    size_t total_bytes;
    char name[128];
} triune_device;
triune_status triune_manager_device(const triune_manager* manager, triune_device* device);

// Gives what no buffer holds back to the device, of all managers of the device.
triune_status triune_manager_trim(triune_manager* manager);
// From now on the peak is the highest total since this call.
triune_status triune_manager_reset_peak(triune_manager* manager);

typedef struct triune_statistics {
    size_t struct_size;
    size_t limit_bytes;
    size_t total_allocated_bytes;  // capacities of live buffers and accounts, as asked for
    size_t peak_allocated_bytes;
    size_t buffer_count;
    size_t allocation_count;
    size_t resize_count;
    size_t free_count;
    size_t async_transfer_count;
    size_t pool_reserved_bytes;  // what the device's pool has from the device; the five below add up to it
    size_t pool_live_bytes;
    size_t pool_cached_bytes;
    size_t pool_waiting_bytes;
    size_t pool_idle_bytes;
    size_t pool_lost_bytes;
} triune_statistics;
// Of one moment, the pool's of one just after.
triune_status triune_manager_statistics(const triune_manager* manager, triune_statistics* statistics);
// All figures and records, as JSON; as a table with that many of the biggest. Texts of the caller's.
triune_status triune_manager_snapshot_json(const triune_manager* manager, char** text);
triune_status triune_manager_snapshot_table(const triune_manager* manager, size_t max_records, char** text);

// What is alive at this moment, most bytes first: every buffer, and every account that has memory out. The texts of a
// record stay as long as the list.
typedef struct triune_leaks triune_leaks;
typedef struct triune_record {
    size_t struct_size;
    uint64_t id;
    const char* name;  // null where it has none
    const char* kind;  // "typed", "untyped", "member", "account", "alias"
    size_t bytes;
    size_t peak_bytes;
    double age_seconds;
    triune_place where;
    const char* description;  // all of it on one printable line
} triune_record;
triune_status triune_leaks_list(const triune_manager* manager, triune_leaks** leaks);
triune_status triune_leaks_count(const triune_leaks* leaks, size_t* count);
triune_status triune_leaks_record(const triune_leaks* leaks, size_t index, triune_record* record);
triune_status triune_leaks_release(triune_leaks* leaks);

// --- streams, for programs without CUDA's own; they never wait for the default stream, nor it for them

typedef struct triune_stream triune_stream;

triune_status triune_stream_create(triune_manager* manager, triune_stream** stream);
// The raw one, for kernels and other libraries.
triune_status triune_stream_raw(const triune_stream* stream, void** raw);
triune_status triune_stream_synchronize(const triune_stream* stream);
// Work that is queued on it still runs.
triune_status triune_stream_release(triune_stream* stream);
// Later work on the stream `waiting` runs after what is queued on the stream `first` by now.
triune_status triune_manager_order_streams(triune_manager* manager, void* first, void* waiting);

// --- buffers

typedef struct triune_buffer_config {
    size_t struct_size;
    size_t bytes_per_element;
    float growth_factor;
    size_t max_size_bytes;
    size_t min_size_bytes;  // the least that a first growth from nothing allocates
    int enable_async;       // downloads
    int stable_address;     // grows in place from the first byte on, in whole chunks of some MiB
    int zeroed;             // 0: new elements hold anything
} triune_buffer_config;

// Elements of four bytes, and no maximum but the machine's.
#define TRIUNE_BUFFER_CONFIG_INIT \
    { sizeof(triune_buffer_config), 4, 1.5F, SIZE_MAX, 4096, 0, 0, 1 }

typedef struct triune_buffer triune_buffer;

// One that the caller owns: releasing the handle frees the memory. Names may repeat. A null config is the default one.
// MAX_SIZE_EXCEEDED, LIMIT_EXCEEDED, OUT_OF_MEMORY.
triune_status triune_buffer_create(triune_manager* manager, const char* name, size_t count,
                                   const triune_buffer_config* config, const triune_place* where,
                                   triune_buffer** buffer);
// The manager's own of that name, or a new one, which holds nothing yet. A known one keeps its config. TYPE_MISMATCH
// where C++ code made a typed one of that name.
triune_status triune_buffer_get_or_create(triune_manager* manager, const char* name, const triune_buffer_config* config,
                                          const triune_place* where, triune_buffer** buffer);
// BUFFER_NOT_FOUND, TYPE_MISMATCH.
triune_status triune_buffer_find(triune_manager* manager, const char* name, triune_buffer** buffer);
// Frees the memory now: it serves again after the work queued by then, on the stream named or on all. Every handle to
// the buffer is stale from then on, and is still to be released. BUFFER_EXPORTED.
triune_status triune_buffer_free(triune_buffer* buffer, void* stream);
triune_status triune_buffer_release(triune_buffer* buffer);

// Of this moment. STALE_HANDLE once the buffer is freed, as of all that follow. Data is null where the capacity is 0.
triune_status triune_buffer_data(const triune_buffer* buffer, void** data);
triune_status triune_buffer_size(const triune_buffer* buffer, size_t* count);
triune_status triune_buffer_capacity(const triune_buffer* buffer, size_t* count);
triune_status triune_buffer_element_size(const triune_buffer* buffer, size_t* bytes);
// Stays as long as the handle.
triune_status triune_buffer_name(const triune_buffer* buffer, const char** name);

// The capacity is at least `count` by the growth rule; contents are kept and new elements zero. The size stays, or is
// at least `count`, or just that. MAX_SIZE_EXCEEDED, LIMIT_EXCEEDED, OUT_OF_MEMORY, BUFFER_EXPORTED.
triune_status triune_buffer_reserve(triune_buffer* buffer, size_t count, void* stream);
triune_status triune_buffer_ensure_capacity(triune_buffer* buffer, size_t count, void* stream);
triune_status triune_buffer_resize(triune_buffer* buffer, size_t count, void* stream);
// The capacity becomes the size. OUT_OF_MEMORY, BUFFER_EXPORTED.
triune_status triune_buffer_shrink_to_fit(triune_buffer* buffer, void* stream);

// Bytes [offset, offset + bytes) of the size, from and to the host. INVALID_ARGUMENT outside of it.
triune_status triune_buffer_upload(triune_buffer* buffer, size_t offset_bytes, const void* source, size_t bytes,
                                   void* stream);
triune_status triune_buffer_download(const triune_buffer* buffer, size_t offset_bytes, void* destination, size_t bytes,
                                     void* stream);
// Every element becomes the bytes at `element`, as many as an element has.
triune_status triune_buffer_fill(triune_buffer* buffer, const void* element, void* stream);
// From a buffer of the same device, perhaps another manager's.
triune_status triune_buffer_copy(triune_buffer* buffer, size_t offset_bytes, const triune_buffer* source,
                                 size_t source_offset_bytes, size_t bytes, void* stream);

// --- downloads that block nobody; of buffers whose config has enable_async

enum triune_download_mode {
    TRIUNE_STAGED = 0,  // later writes do not reach it
    TRIUNE_DIRECT = 1   // for callers who leave the source alone
};

// What the buffer holds at this place of the stream, or with TRIUNE_NO_STREAM after all work queued by now. Never
// waits, also without a stream. ASYNC_NOT_ENABLED, DOWNLOAD_IN_FLIGHT, OUT_OF_MEMORY.
triune_status triune_download_start(triune_buffer* buffer, void* stream, int mode);
// Whether a wait would return at once.
triune_status triune_download_poll(const triune_buffer* buffer, int* complete);

// Pinned memory with a completed download, without a copy. While a view is held, a start that would write there is
// refused; it may outlive buffer and manager.
typedef struct triune_view triune_view;
// The download started last, waited for. NO_PENDING_DOWNLOAD.
triune_status triune_download_wait(triune_buffer* buffer, triune_view** view);
// The newest complete one, at once; before the first one of no bytes, with the sequence 0.
triune_status triune_download_latest(triune_buffer* buffer, triune_view** view);
triune_status triune_view_data(const triune_view* view, const void** data, size_t* bytes);
triune_status triune_view_sequence(const triune_view* view, uint64_t* sequence);
triune_status triune_view_release(triune_view* view);

// --- DLPack: the buffer's memory for another library, without a copy

struct DLManagedTensor;
struct DLManagedTensorVersioned;

typedef struct triune_tensor_shape {
    size_t struct_size;
    uint8_t type_code;  // DLPack's: 0 int, 1 uint, 2 float, 4 bfloat, 5 complex, 6 bool
    uint8_t type_bits;
    int32_t dimensions;    // 1 at least; 8 at most
    const int64_t* shape;  // row-major; its bytes are within the size of the buffer
} triune_tensor_shape;

// Made by the library, given back by the tensor's own deleter. On CUDA the tensor is on the device, on the simulated
// device it is host memory. It keeps the memory of a buffer that the caller owns. Until it goes, what would move or
// free that memory is refused with BUFFER_EXPORTED; growth in place is allowed. Nobody waits: the caller orders the
// streams.
triune_status triune_buffer_to_dlpack(triune_buffer* buffer, const triune_tensor_shape* shape,
                                      struct DLManagedTensor** tensor);
triune_status triune_buffer_to_dlpack_versioned(triune_buffer* buffer, const triune_tensor_shape* shape,
                                                struct DLManagedTensorVersioned** tensor);

// --- accounts: device memory by address, for other libraries, in the manager's totals and limit

typedef struct triune_account triune_account;

triune_status triune_account_create(triune_manager* manager, const char* name, const triune_place* where,
                                    triune_account** account);
// Not initialised; null for 0 bytes. `alignment` is a power of two. LIMIT_EXCEEDED, OUT_OF_MEMORY.
triune_status triune_account_allocate(triune_account* account, size_t bytes, size_t alignment, void* stream,
                                      void** address);
// Serves again on that stream at once, elsewhere once its work has run; with TRIUNE_NO_STREAM, or where the stream is
// gone, after all queued work. Null is nothing; an address that is not out is told in the log and left alone.
triune_status triune_account_free(triune_account* account, void* address, void* stream);
triune_status triune_account_drawn_bytes(const triune_account* account, size_t* bytes);
// What was never given back is given back after all queued work, with a warning, unless PyTorch draws from it.
triune_status triune_account_release(triune_account* account);

// --- PyTorch: CUDAPluggableAllocator(path of the library, "triune_torch_malloc", "triune_torch_free")

// From now on PyTorch draws from this account for the account's device; at first it draws from an account "PyTorch" of
// the default manager. INVALID_ARGUMENT while it has memory out of another one.
triune_status triune_torch_draw_from(triune_account* account);
// PyTorch does not look at what its allocator returns. So here alone an exception leaves the library: a std::bad_alloc
// with the sentence of the error, which PyTorch turns into a RuntimeError or a MemoryError.
void* triune_torch_malloc(ptrdiff_t bytes, int device, void* stream);
void triune_torch_free(void* address, ptrdiff_t bytes, int device, void* stream);
// For set_record_stream_fn: such memory serves again after all work queued when it is freed.
void triune_torch_record_stream(void* address, void* stream);

// --- scopes: what happens between two points of the program

typedef struct triune_scope triune_scope;
typedef struct triune_scope_figures {
    size_t struct_size;
    size_t allocation_count;
    size_t resize_count;
    size_t free_count;
    size_t allocated_bytes;
    size_t freed_bytes;
    size_t peak_bytes;  // the highest that allocated less freed ever reached
} triune_scope_figures;

// Counts what this thread does with the manager's buffers, or with `all_threads` what all do.
triune_status triune_scope_open(triune_manager* manager, const char* name, int all_threads, triune_scope** scope);
triune_status triune_scope_close(triune_scope* scope);
// So far, or up to the closing.
triune_status triune_scope_read(const triune_scope* scope, triune_scope_figures* figures);
// On one line; a text of the caller's.
triune_status triune_scope_describe(const triune_scope* scope, char** text);
// Closes it, too.
triune_status triune_scope_release(triune_scope* scope);

#ifdef __cplusplus
}
#endif

#endif
