// SPDX-License-Identifier: Apache-2.0
// Small programs in the way of the legacy interface's users: each prints what it saw, the same on every run.
//
// compare_clients.py runs them over the legacy library and over the facades. Lines must be equal, but for two kinds:
// what mended() prints, which must be the old fact there and the new one here, and what logs() prints, which asks for a
// line on stderr.
#pragma once

#include <cstdlib>
#include <ostream>
#include <sstream>
#include <string>
#include <vector>

using Client = void (*)(std::ostream& out);

void cell_buffers(std::ostream& out);
void destroyed_in_use(std::ostream& out);
void errors(std::ostream& out);
void frame_loop(std::ostream& out);
void graph_arrays(std::ostream& out);
void graph_downloads(std::ostream& out);
void growing_buffers(std::ostream& out);
void growth_mended(std::ostream& out);
void idioms(std::ostream& out);
void lifetimes(std::ostream& out);
void logs_on_stderr(std::ostream& out);
void managed_buffers(std::ostream& out);
void nothing(std::ostream& out);
void raw_writes(std::ostream& out);
void streams_and_labels(std::ostream& out);
void threads(std::ostream& out);
void twins(std::ostream& out);

template <typename T>
void print(std::ostream& out, const char* what, const std::vector<T>& values) {
    out << what;
    for (const T& value : values) out << ' ' << value;
    out << '\n';
}

// A fact that the facades change: what was seen, what the originals show, and what the facades show.
template <typename Seen, typename Legacy, typename Now>
void mended(std::ostream& out, const std::string& what, const Seen& seen, const Legacy& legacy, const Now& now) {
    out << "mended | " << what << " | " << seen << " | " << legacy << " | " << now << '\n';
}

// One line on stderr must have all these words.
inline void logs(std::ostream& out, const std::string& words) { out << "logs | " << words << '\n'; }

// Whether this program may touch device memory itself: there is no GPU behind it.
inline bool memory_is_the_hosts() {
    const char* const device = std::getenv("LAYOUT_DEVICE");
    return device != nullptr && std::string(device) == "cpu";
}
