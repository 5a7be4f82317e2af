// Small programs in the way of the legacy interface's users: each prints what it saw, the same on every run.
#pragma once

#include <ostream>
#include <vector>

using Client = void (*)(std::ostream& out);

void managed_buffers(std::ostream& out);
void streams_and_labels(std::ostream& out);
void growing_buffers(std::ostream& out);
void cell_buffers(std::ostream& out);
void graph_arrays(std::ostream& out);
void graph_downloads(std::ostream& out);
void errors(std::ostream& out);
void lifetimes(std::ostream& out);

template <typename T>
void print(std::ostream& out, const char* what, const std::vector<T>& values) {
    out << what;
    for (const T& value : values) out << ' ' << value;
    out << '\n';
}
