// The run as text: what it computed and held, and how long it took.
#pragma once

#include <string>

#include "gpu/dynamic_buffer_manager.hpp"
#include "layout_analysis.hpp"
#include "layout_run.hpp"
#include "run_times.hpp"

namespace package_map {

// The same on every run with the same input: no times, no addresses.
std::string summary_text(const PackageGraph& graph, const LayoutReport& report, const LayoutCompanions& companions,
                         const gpu::DynamicBufferManager& buffers);

// Names of managed buffers that are still alive, one a line.
std::string leak_text();

std::string times_json(const RunTimes& times, const PackageGraph& graph, const LayoutReport& report,
                       std::size_t frames);

}  // namespace package_map
