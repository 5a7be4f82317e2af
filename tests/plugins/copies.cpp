// SPDX-License-Identifier: Apache-2.0
// Opens plugins as own_core.cpp is one, and uses all of them in one thread and in several.
//   copies local|global PLUGIN...        each named one
//   copies COUNT PLUGIN                  so many copies of the file
//   copies closed PLUGIN...              used by a thread that has ended, then closed, then the process ends
#include <dlfcn.h>
#include <stdlib.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <set>
#include <string>
#include <thread>
#include <vector>

namespace {

struct Plugin {
    void* (*draw)(unsigned long bytes);
    void (*give_back)(void* address);
    unsigned long (*live_bytes)();
    int (*has_a_whole_life)();
};

int failures = 0;

void expect(bool holds, const char* what) {
    if (holds) return;
    std::printf("not so: %s\n", what);
    ++failures;
}

std::vector<void*> handles;

Plugin opened(const std::string& path, int how) {
    void* const handle = dlopen(path.c_str(), RTLD_NOW | how);
    if (handle == nullptr) {
        std::printf("%s\n", dlerror());
        std::exit(2);
    }
    handles.push_back(handle);
    const auto symbol = [&](const char* name) { return dlsym(handle, name); };
    return {reinterpret_cast<void* (*)(unsigned long)>(symbol("draw")),
            reinterpret_cast<void (*)(void*)>(symbol("give_back")),
            reinterpret_cast<unsigned long (*)()>(symbol("live_bytes")),
            reinterpret_cast<int (*)()>(symbol("has_a_whole_life"))};
}

// A block that one has given back waits in this thread's cache: no other copy may find it there.
void use(const std::vector<Plugin>& plugins) {
    std::vector<void*> first;
    for (const Plugin& each : plugins) {
        first.push_back(each.draw(1000));
        each.give_back(first.back());
    }
    std::set<void*> out;
    std::vector<void*> drawn;
    for (const Plugin& each : plugins) {
        drawn.push_back(each.draw(1000));
        expect(drawn.back() != nullptr && out.insert(drawn.back()).second, "no memory is handed out twice");
    }
    for (std::size_t i = 0; i < plugins.size(); ++i) plugins[i].give_back(drawn[i]);
    for (const Plugin& each : plugins) expect(each.has_a_whole_life() == 1, "a buffer of each lives as it should");
}

}  // namespace

int main(int count, char* arguments[]) {
    alarm(100);  // ends what hangs
    if (count < 3) return 2;
    std::vector<Plugin> plugins;
    const std::string how = arguments[1];
    if (const int copies = std::atoi(arguments[1]); copies > 0) {
        char folder[] = "/tmp/triune_copies_XXXXXX";
        if (mkdtemp(folder) == nullptr) return 2;
        for (int i = 0; i < copies; ++i) {
            const std::string path = std::string(folder) + "/" + std::to_string(i) + ".so";
            std::filesystem::copy_file(arguments[2], path);
            plugins.push_back(opened(path, RTLD_LOCAL));
        }
        std::filesystem::remove_all(folder);
    } else {
        for (int i = 2; i < count; ++i)
            plugins.push_back(opened(arguments[i], how == "global" ? RTLD_GLOBAL : RTLD_LOCAL));
    }

    if (how == "closed") {
        std::thread([&] { use(plugins); }).join();
        std::thread still_there([&] {
            use(plugins);
            for (void* each : handles) dlclose(each);
        });  // its caches go after the plugins are closed
        still_there.join();
        return failures;
    }
    if (plugins[0].draw == nullptr) return failures;  // a library of another kind: that it opens is the question
    use(plugins);
    std::vector<std::thread> threads;
    for (int i = 0; i < 2; ++i) threads.emplace_back([&] { use(plugins); });
    for (std::thread& each : threads) each.join();
    for (const Plugin& each : plugins) expect(each.live_bytes() == 0, "the books of each agree");
    return failures;
}
