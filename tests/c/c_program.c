// SPDX-License-Identifier: Apache-2.0
// A program in C99 with the library as users link it, from the first buffer to the last report.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <triune.h>

static int failures = 0;

static void expect(int holds, const char* what, int line) {
    if (holds) return;
    printf("c_program.c:%d: not so: %s (%s)\n", line, what, triune_last_error());
    ++failures;
}
#define EXPECT(condition) expect((condition) ? 1 : 0, #condition, __LINE__)
#define OK(call) EXPECT((call) == TRIUNE_OK)
// Of a call that must fail: its status, and words of its sentence.
#define REFUSED(call, status, words) EXPECT((call) == (status) && strstr(triune_last_error(), (words)) != NULL)

static triune_manager* manager = NULL;

static triune_buffer_config with_downloads(void) {
    triune_buffer_config config = TRIUNE_BUFFER_CONFIG_INIT;
    config.enable_async = 1;
    return config;
}

static void a_buffer_grows_and_comes_back(void) {
    const float first[4] = {1, 2, 3, 4};
    const float seven = 7;
    float back[8] = {0};
    size_t count = 0;
    void* data = NULL;
    triune_buffer* buffer = NULL;
    OK(triune_buffer_create(manager, "positions", 4, NULL, TRIUNE_HERE, &buffer));
    OK(triune_buffer_upload(buffer, 0, first, sizeof first, TRIUNE_NO_STREAM));
    OK(triune_buffer_ensure_capacity(buffer, 8, TRIUNE_NO_STREAM));
    OK(triune_buffer_size(buffer, &count));
    EXPECT(count == 8);
    OK(triune_buffer_download(buffer, 0, back, sizeof back, TRIUNE_NO_STREAM));
    EXPECT(back[3] == 4 && back[7] == 0);
    OK(triune_buffer_fill(buffer, &seven, TRIUNE_NO_STREAM));
    OK(triune_buffer_resize(buffer, 2, TRIUNE_NO_STREAM));
    OK(triune_buffer_size(buffer, &count));
    EXPECT(count == 2);
    REFUSED(triune_buffer_download(buffer, 0, back, sizeof back, TRIUNE_NO_STREAM), TRIUNE_INVALID_ARGUMENT,
            "positions");
    OK(triune_buffer_capacity(buffer, &count));
    EXPECT(count >= 8);
    OK(triune_buffer_shrink_to_fit(buffer, TRIUNE_NO_STREAM));
    OK(triune_buffer_capacity(buffer, &count));
    EXPECT(count == 2);
    OK(triune_buffer_data(buffer, &data));
    EXPECT(data != NULL);
    OK(triune_buffer_release(buffer));
}

static void a_download_blocks_nobody_and_is_a_view(void) {
    const triune_buffer_config config = with_downloads();
    const int value = 5;
    const int later = 6;
    triune_buffer* buffer = NULL;
    triune_stream* stream = NULL;
    triune_view* view = NULL;
    void* raw = NULL;
    const void* data = NULL;
    size_t bytes = 0;
    uint64_t sequence = 0;
    OK(triune_buffer_get_or_create(manager, "forces", &config, NULL, &buffer));
    OK(triune_stream_create(manager, &stream));
    OK(triune_stream_raw(stream, &raw));
    REFUSED(triune_download_wait(buffer, &view), TRIUNE_NO_PENDING_DOWNLOAD, "forces");
    OK(triune_buffer_ensure_capacity(buffer, 1000, raw));
    OK(triune_buffer_fill(buffer, &value, raw));
    OK(triune_download_start(buffer, raw, TRIUNE_STAGED));
    OK(triune_buffer_fill(buffer, &later, stream));  // a handle serves as the raw one does
    OK(triune_download_wait(buffer, &view));
    OK(triune_view_data(view, &data, &bytes));
    OK(triune_view_sequence(view, &sequence));
    EXPECT(bytes == 1000 * sizeof(int) && sequence == 1 && ((const int*)data)[999] == 5);
    OK(triune_buffer_free(buffer, raw));
    REFUSED(triune_buffer_size(buffer, &bytes), TRIUNE_STALE_HANDLE, "forces");
    EXPECT(((const int*)data)[0] == 5);  // the view outlives its buffer
    OK(triune_view_release(view));
    OK(triune_buffer_release(buffer));
    REFUSED(triune_buffer_find(manager, "forces", &buffer), TRIUNE_BUFFER_NOT_FOUND, "forces");
    OK(triune_stream_synchronize(stream));
    OK(triune_stream_release(stream));
}

static void an_account_is_in_the_totals(void) {
    triune_account* account = NULL;
    void* address = NULL;
    size_t bytes = 0;
    triune_statistics statistics;
    memset(&statistics, 0, sizeof statistics);
    statistics.struct_size = sizeof statistics;
    OK(triune_account_create(manager, "solver", TRIUNE_HERE, &account));
    OK(triune_account_allocate(account, 1000, 256, NULL, &address));
    EXPECT((uintptr_t)address % 256 == 0);
    OK(triune_account_drawn_bytes(account, &bytes));
    EXPECT(bytes == 1000);
    OK(triune_manager_statistics(manager, &statistics));
    EXPECT(statistics.total_allocated_bytes == 1000 && statistics.limit_bytes == ((size_t)64 << 20));
    REFUSED(triune_account_allocate(account, (size_t)1 << 40, 256, NULL, &address), TRIUNE_LIMIT_EXCEEDED, "solver");
    EXPECT(triune_last_cuda_error() == 2);
    OK(triune_account_free(account, address, NULL));
    OK(triune_account_release(account));
}

static void leaks_have_places_and_reports_have_names(void) {
    triune_buffer* buffer = NULL;
    triune_leaks* leaks = NULL;
    triune_record record;
    char* text = NULL;
    size_t count = 0;
    memset(&record, 0, sizeof record);
    record.struct_size = sizeof record;
    OK(triune_buffer_create(manager, "forgotten", 10, NULL, TRIUNE_HERE, &buffer));
    OK(triune_leaks_list(manager, &leaks));
    OK(triune_leaks_count(leaks, &count));
    EXPECT(count == 1);
    OK(triune_leaks_record(leaks, 0, &record));
    EXPECT(strcmp(record.name, "forgotten") == 0 && record.bytes == 40);
    EXPECT(strstr(record.where.file, "c_program.c") != NULL && record.where.line > 0);
    EXPECT(strcmp(record.where.function, __func__) == 0);
    REFUSED(triune_leaks_record(leaks, 1, &record), TRIUNE_INVALID_ARGUMENT, "'index' is 1");
    OK(triune_leaks_release(leaks));
    OK(triune_manager_snapshot_json(manager, &text));
    EXPECT(text[0] == '{' && strstr(text, "forgotten") != NULL);
    triune_text_release(text);
    OK(triune_manager_snapshot_table(manager, 5, &text));
    EXPECT(strstr(text, "forgotten") != NULL);
    triune_text_release(text);
    OK(triune_buffer_release(buffer));
}

static void a_scope_counts_what_happens_inside(void) {
    triune_scope* scope = NULL;
    triune_buffer* buffer = NULL;
    triune_scope_figures figures;
    char* text = NULL;
    memset(&figures, 0, sizeof figures);
    figures.struct_size = sizeof figures;
    OK(triune_scope_open(manager, "frame", 0, &scope));
    OK(triune_buffer_create(manager, "inside", 25, NULL, NULL, &buffer));
    OK(triune_scope_close(scope));
    OK(triune_buffer_release(buffer));
    OK(triune_scope_read(scope, &figures));
    EXPECT(figures.allocation_count == 1 && figures.allocated_bytes == 100 && figures.free_count == 0);
    OK(triune_scope_describe(scope, &text));
    EXPECT(strstr(text, "frame") != NULL);
    triune_text_release(text);
    OK(triune_scope_release(scope));
}

int main(void) {
    // 77: no GPU where one is asked for, which ctest takes as a skipped test.
    if (triune_manager_create(TRIUNE_CURRENT_DEVICE, (size_t)64 << 20, &manager) != TRIUNE_OK) {
        printf("%s\n", triune_last_error());
        return getenv("TRIUNE_DEVICE") != NULL && strcmp(getenv("TRIUNE_DEVICE"), "cuda") == 0 ? 77 : 1;
    }
    EXPECT(triune_version() == TRIUNE_VERSION_MINOR * 1000 + TRIUNE_VERSION_PATCH);
    a_buffer_grows_and_comes_back();
    a_download_blocks_nobody_and_is_a_view();
    an_account_is_in_the_totals();
    leaks_have_places_and_reports_have_names();
    a_scope_counts_what_happens_inside();
    OK(triune_manager_release(manager));
    REFUSED(triune_manager_release(manager), TRIUNE_STALE_HANDLE,
            "triune_manager_release: 'manager' is a handle that was");
    return failures == 0 ? 0 : 1;
}
