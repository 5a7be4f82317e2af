// package_map: a picture of the packages of a Debian system and of what they need.
#include <cmath>
#include <exception>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <stdexcept>
#include <string>

#include "layout_analysis.hpp"
#include "layout_run.hpp"
#include "options.hpp"
#include "package_database.hpp"
#include "package_graph.hpp"
#include "picture.hpp"
#include "summary.hpp"
#include "utils/cuda_error_handling.hpp"
#include "utils/gpu_memory.hpp"

namespace {

using namespace package_map;

void write_file(const std::filesystem::path& path, const std::string& text) {
    std::ofstream output(path);
    output << text;
    if (!output.flush()) {
        throw std::runtime_error("cannot write '" + path.string() + "'");
    }
}

// A line on stderr now and then: how far the layout has spread.
void show_progress(std::size_t frame, std::size_t frames, const utils::NodeVectors& positions) {
    if (frame % 60 != 0) {
        return;
    }
    const auto& [x, y, z] = positions;
    float radius = 0.0F;
    for (std::size_t node = 0; node < x.size(); ++node) {
        radius = std::max(radius, std::hypot(x[node], y[node]));
    }
    std::cerr << "frame " << frame << "/" << frames << ": " << z.size() << " packages within " << radius << "\n";
}

void make_map(const Options& options) {
    RunTimes times;
    LayoutReport report{};
    std::string summary;
    const PackageGraph graph =
        times.measure("load", [&] { return build_graph(load_packages(options.input), options.nodes); });
    const std::filesystem::path directory(options.output);
    std::filesystem::create_directories(directory);
    times.measure("total", [&] {
        gpu::DynamicBufferManager buffers(utils::get_global_cuda_error_handler());
        LayoutAnalysis analysis(graph);
        LevelOfDetail detail(graph);
        MemoryLog memory(buffers, [](const MemorySample& sample) {
            std::cerr << "device memory, " << sample.step << ": " << sample.managed_bytes + sample.dynamic_bytes
                      << " bytes\n";
        });
        const LayoutCompanions companions{analysis, detail, memory, (directory / "layout.checkpoint").string()};
        report = run_layout(graph, options.frames, buffers, companions, times,
                            [&](std::size_t frame, const utils::NodeVectors& positions) {
                                show_progress(frame, options.frames, positions);
                            });
        times.measure("picture", [&] {
            draw_picture(graph, report.positions, analysis.communities(), (directory / "package_map.png").string());
        });
        summary = summary_text(graph, report, companions, buffers);
    });
    summary += leak_text();
    write_file(directory / "summary.txt", summary);
    write_file(directory / "times.json", times_json(times, graph, report, options.frames));
    std::cout << summary;
}

}  // namespace

int main(int argc, char** argv) {
    try {
        const Options options = parse_options(argc, argv);
        if (!options.capture.empty()) {
            capture_packages(options.capture);
            return 0;
        }
        make_map(options);
        return 0;
    } catch (const std::invalid_argument& error) {
        std::cerr << "package_map: " << error.what() << "\n" << usage_text();
        return 2;
    } catch (const utils::CudaException& error) {
        std::cerr << "package_map: device error " << static_cast<int>(error.code()) << " ("
                  << utils::to_string(error.code()) << "): " << error.what() << "\n";
        return 1;
    } catch (const std::exception& error) {
        std::cerr << "package_map: " << error.what() << "\n";
        return 1;
    }
}
