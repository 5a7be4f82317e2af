// SPDX-License-Identifier: Apache-2.0
// A unit over the legacy interface, made from a fuzzer's decisions. It is C++17 that compiles, unless it is told to be
// damaged: then tokens go, come twice, or change places.
#pragma once

#include <cctype>
#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "input.hpp"

namespace fuzz {

class LegacyProgram {
  public:
    explicit LegacyProgram(Input& input) : input_(input) {}

    std::string text() {
        text_ =
            "#include \"utils/gpu_memory.hpp\"\n#include \"gpu/dynamic_buffer_manager.hpp\"\n"
            "#include \"utils/unified_gpu_compute.hpp\"\n#include <memory>\n#include <string>\n#include <vector>\n"
            "#define STATEMENT(what) do { what; } while (false)\n";
        namespace_ = pick({"utils::", "::utils::", "u::", ""});
        if (namespace_ == "u::") text_ += "namespace u = utils;\n";
        if (namespace_.empty()) text_ += "using namespace utils;\n";
        const std::size_t functions = 1 + input_.below(4);
        for (std::size_t i = 0; i < functions; ++i) function(i);
        for (std::size_t damages = input_.below(4); !input_.empty() && damages > 0; --damages) damage();
        return std::move(text_);
    }
    bool damaged() const noexcept { return damaged_; }

  private:
    struct Kind {
        std::string_view type;  // '@' stands for the namespace, as the program spells it
        std::string_view made_from;
        std::vector<std::string_view> statements;  // '%' stands for the object
    };
    static const std::vector<Kind>& kinds() {
        static const std::vector<Kind> all = {
            {"@DeviceBuffer<float>",
             "@DeviceBuffer<float>::zeroed(10)",
             {"host.resize(%.len()); %.copy_to(host)", "%.copy_from(host)", "n += %.len() + 1",
              "raw = %.as_device_ptr()", "if (%.is_empty()) ++n", "% = @DeviceBuffer<float>::filled(n, 1.5F)",
              "auto moved = std::move(%)", "% = @DeviceBuffer<float>::from_slice(host)",
              "auto* address = &%; n += address->len()", "const auto& same = %; n += same.len()",
              "auto length = &@DeviceBuffer<float>::len; n += (%.*length)()"}},
            {"@ManagedDeviceBuffer<float>",
             "@create_managed_buffer<float>(10, \"name\" + std::to_string(n))",
             {"n += %.as_device_buffer().len()", "%.as_device_buffer_mut().copy_from(host)", "n += %.name().size()",
              "n += %.size_bytes()", "raw = %.as_device_buffer().as_device_ptr()",
              "% = @create_managed_buffer_from_slice<float>(host, \"again\")",
              "auto& inner = %.as_device_buffer_mut(); inner.copy_to(host)"}},
            {"gpu::DynamicGpuBuffer",
             "gpu::DynamicGpuBuffer(\"own\", gpu::BufferConfig::for_positions(), handler)",
             {"%.ensure_capacity(n)", "raw = static_cast<float*>(%.as_ptr())",
              "n += %.capacity_bytes() + %.size_bytes()", "%.set_size(4)", "if (%.is_allocated()) ++n",
              "n += %.get_stats().used_bytes", "auto stats = %.get_stats(); n += stats.name.size()",
              "n += %.name().size()", "gpu::DynamicGpuBuffer* address = &%; address->set_size(n)"}},
            {"gpu::DynamicBufferManager",
             "gpu::DynamicBufferManager(handler)",
             {"%.get_or_create_buffer(\"a\", gpu::BufferConfig::for_edges()).ensure_capacity(n)",
              "auto& made = %.get_or_create_buffer(\"b\", config); made.set_size(n)", "%.resize_cell_buffers(n)",
              "for (const auto& each : %.get_all_stats()) n += each.capacity_bytes", "n += %.get_total_allocation()",
              "if (%.can_allocate(n)) ++n", "%.cleanup_unused_buffers()",
              "config.growth_factor = 2.0F; %.get_or_create_buffer(\"c\", config)"}},
            {"@UnifiedGPUCompute",
             "@UnifiedGPUCompute(10, 10)",
             {"%.swap_buffers()", "%.resize_buffers(n, n)", "%.upload_positions(host, host, host)",
              "auto [x, y, z] = %.get_node_positions(); n += x.size()", "%.start_async_download_positions()",
              "auto seen = %.wait_for_download_positions(); host = std::get<0>(seen)", "%.sync_all_transfers()",
              "n += std::get<0>(%.get_memory_metrics())", "%.stream().synchronize()",
              "raw = %.pos_in_x.as_device_ptr()", "n += %.num_nodes", "auto& mass = %.mass; mass.copy_from(host)",
              "host = std::get<1>(%.get_node_velocities_async())"}},
            {"@Stream", "@Stream()", {"%.synchronize()", "raw = static_cast<float*>(%.handle())"}},
            {"@MultiStreamManager",
             "@MultiStreamManager()",
             {"%.synchronize_all()", "%.get_next_stream().synchronize()", "%.synchronize_async().get()",
              "const @Stream& one = %.get_compute_stream(); one.synchronize()"}},
        };
        return all;
    }

    std::string_view pick(std::initializer_list<std::string_view> of) { return of.begin()[input_.below(of.size())]; }

    std::string spelled(std::string_view text, std::string_view object = {}) const {
        std::string all;
        for (const char each : text) {
            if (each == '@')
                all += namespace_;
            else if (each == '%')
                all += object;
            else
                all += each;
        }
        return all;
    }

    void function(std::size_t number) {
        const Kind& kind = kinds()[input_.below(kinds().size())];
        const bool moves = kind.type != "gpu::DynamicBufferManager" && kind.type != "@UnifiedGPUCompute";
        const std::string type = spelled(kind.type);
        const std::string name = "f" + std::to_string(number);
        std::string before;
        std::string parameters = type + "& thing, std::size_t n";
        std::string object = "thing";
        std::string body;
        switch (input_.below(7)) {
            case 0:  // a local
                parameters = "std::size_t n";
                body = moves ? "    auto thing = " + spelled(kind.made_from) + ";\n"
                             : "    auto held = std::make_unique<" + type + ">" + arguments_of(kind) +
                                   ";\n    auto& thing = *held;\n";
                break;
            case 1:
                break;
            case 2:
                parameters = type + "* thing, std::size_t n";
                object = "(*thing)";
                break;
            case 3:
                before = "using Alias_" + name + " = " + type + ";\n";
                parameters = "Alias_" + name + "& thing, std::size_t n";
                break;
            case 4:
                before = "struct Holder_" + name + " {\n    " + type + "& thing;\n};\n";
                parameters = "Holder_" + name + "& holder, std::size_t n";
                object = "holder.thing";
                break;
            case 5:
                parameters = "std::vector<std::unique_ptr<" + type + ">>& things, std::size_t n";
                body = "    auto& first = *things.front();\n";
                object = "first";
                break;
            default:
                before = "template <typename Count>\n";
                parameters = type + "& thing, Count n";
                break;
        }
        text_ += before + "std::size_t " + name + "(" + parameters + ") {\n";
        text_ += "    std::vector<float> host(10);\n    float* raw = nullptr;\n";
        text_ += "    auto config = gpu::BufferConfig::for_forces();\n";
        text_ += "    auto handler = " + namespace_ + "get_global_cuda_error_handler();\n" + body;
        const std::size_t statements = 1 + input_.below(5);
        for (std::size_t i = 0; i < statements; ++i) {
            statement(spelled(kind.statements[input_.below(kind.statements.size())], object));
        }
        text_ += "    return n + host.size() + (raw != nullptr) + (handler == nullptr) + config.min_size_bytes;\n}\n";
    }

    std::string arguments_of(const Kind& kind) const {
        const std::string made = spelled(kind.made_from);
        return made.substr(made.find('('));
    }

    void statement(const std::string& what) {
        const std::string_view shape =
            pick({"    { %; }\n", "    [&] { %; }();\n", "    if (n > 3) {\n        %;\n    }\n", "    STATEMENT(%);\n",
                  "    try {\n        %;\n    } catch (const std::exception&) {\n    }\n",
                  "#ifndef NEVER\n    { %; }\n#endif\n", "    /* first */ { % /* then */ ; }  // and on\n",
                  "    {\n%\n;}\n"});
        const bool one_argument = what.find(',') == std::string::npos;  // as a macro counts them
        text_ += spelled(one_argument || shape.find("STATEMENT") == shape.npos ? shape : "    { %; }\n", what);
    }

    // The borders of tokens, roughly.
    std::vector<std::pair<std::size_t, std::size_t>> tokens() const {
        std::vector<std::pair<std::size_t, std::size_t>> found;
        const auto in_word = [](char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_'; };
        for (std::size_t at = 0; at < text_.size();) {
            std::size_t end = at + 1;
            if (in_word(text_[at]))
                while (end < text_.size() && in_word(text_[end])) ++end;
            if (std::isspace(static_cast<unsigned char>(text_[at])) == 0) found.emplace_back(at, end);
            at = end;
        }
        return found;
    }

    void damage() {
        const auto all = tokens();
        if (all.size() < 2) return;
        damaged_ = true;
        const auto [at, end] = all[input_.two_bytes() % all.size()];
        const auto [other, other_end] = all[input_.two_bytes() % all.size()];
        const std::string there = text_.substr(other, other_end - other);
        switch (input_.below(4)) {
            case 0:
                text_.erase(at, end - at);
                break;
            case 1:
                text_.insert(end, " " + text_.substr(at, end - at));
                break;
            case 2:
                text_.replace(at, end - at, there);
                break;
            default:
                text_[at] = static_cast<char>(input_.byte());
                break;
        }
    }

    Input& input_;
    std::string text_;
    std::string namespace_;
    bool damaged_ = false;
};

}  // namespace fuzz
