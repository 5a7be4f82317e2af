// SPDX-License-Identifier: Apache-2.0
/* Preloaded into the rewriter: kills the process, as a power cut would, at the KILL_AT-th call that changes the disk. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <unistd.h>

static void step(void) {
    static long done = 0;
    const char* at = getenv("KILL_AT");
    if (at != NULL && ++done == atol(at)) kill(getpid(), SIGKILL);
}

int rename(const char* from, const char* to) {
    int (*next)(const char*, const char*) = (int (*)(const char*, const char*))dlsym(RTLD_NEXT, "rename");
    step();
    return next(from, to);
}
int fsync(int file) {
    int (*next)(int) = (int (*)(int))dlsym(RTLD_NEXT, "fsync");
    step();
    return next(file);
}
int mkstemp(char* name) {
    int (*next)(char*) = (int (*)(char*))dlsym(RTLD_NEXT, "mkstemp");
    step();
    return next(name);
}
int unlink(const char* name) {
    int (*next)(const char*) = (int (*)(const char*))dlsym(RTLD_NEXT, "unlink");
    step();
    return next(name);
}
/* Files get half of the bytes at a time, so that a kill finds them half-written; pipes of the workers are no business of ours. */
ssize_t write(int file, const void* bytes, size_t size) {
    ssize_t (*next)(int, const void*, size_t) = (ssize_t(*)(int, const void*, size_t))dlsym(RTLD_NEXT, "write");
    struct stat kind;
    if (fstat(file, &kind) != 0 || !S_ISREG(kind.st_mode)) return next(file, bytes, size);
    step();
    return next(file, bytes, size > 60 ? size / 2 : size);
}
