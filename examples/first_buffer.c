// SPDX-License-Identifier: Apache-2.0
// C: a buffer grows, is downloaded without waiting, and a leak names its line.
#include <stdio.h>

#include <triune.h>

// Every call answers a status; the sentence of the last failure is the thread's own.
static int failed(triune_status status) {
    if (status != TRIUNE_OK) fprintf(stderr, "%s: %s\n", triune_status_name(status), triune_last_error());
    return status != TRIUNE_OK;
}

int main(void) {
    triune_manager* manager = NULL;
    triune_buffer* positions = NULL;
    triune_view* view = NULL;
    const void* values = NULL;
    size_t bytes = 0;
    const float one = 1.0F;

    triune_buffer_config config = TRIUNE_BUFFER_CONFIG_INIT;
    config.bytes_per_element = sizeof(float);
    config.enable_async = 1;
    if (failed(triune_manager_create(TRIUNE_CURRENT_DEVICE, TRIUNE_DEFAULT_LIMIT_BYTES, &manager)) ||
        failed(triune_buffer_create(manager, "positions", 1000, &config, TRIUNE_HERE, &positions)) ||
        failed(triune_buffer_fill(positions, &one, TRIUNE_NO_STREAM)) ||
        failed(triune_buffer_ensure_capacity(positions, 5000, TRIUNE_NO_STREAM)) ||
        failed(triune_download_start(positions, TRIUNE_NO_STREAM, TRIUNE_STAGED)) ||
        failed(triune_download_wait(positions, &view)) || failed(triune_view_data(view, &values, &bytes)))
        return 1;

    const float* const now = values;
    printf("%zu positions, the first is %g, the last %g\n", bytes / sizeof(float), (double)now[0], (double)now[4999]);
    const int right = now[0] == 1.0F && now[4999] == 0.0F;

    if (failed(triune_view_release(view)) || failed(triune_buffer_release(positions)) ||
        failed(triune_manager_release(manager)))
        return 1;
    return right ? 0 : 1;
}
