// SPDX-License-Identifier: Apache-2.0
#include "rules/rule.hpp"

namespace migrate {

// The typed array and the stream that modules 1 and 3 hand out.
const std::vector<Rule>& device_buffer_rules() {
    using enum EditKind;
    static const std::vector<Rule> rules = {
        {"TRIUNE4000", "device_buffer", "utils/device_buffer.hpp", "#include \"utils/device_buffer.hpp\"",
         "#include <triune/triune.hpp>", "As TRIUNE1000.", "As TRIUNE1000."},
        {"TRIUNE4001",
         "device_buffer",
         "",
         "auto b = utils::DeviceBuffer<float>::from_slice(values); b.copy_to(values);",
         "auto b = triune::Buffer<float>::from_host(values); b.download(values);",
         "The typed array under the new names: as_device_ptr is data, len is size, is_empty is empty, copy_from is "
         "upload, copy_to is download. Those take spans, so braces become std::vector<T>{...}.",
         "Refused (address-taken) where a method that takes a span, or the place of a call, now is named without being "
         "called.",
         {{"utils::DeviceBuffer", rename_scoped, "Buffer"},
          {"utils::DeviceBuffer::zeroed", keep, "zeroed", false, {}, false, false, true},
          {"utils::DeviceBuffer::filled", keep, "filled", false, {}, false, false, true},
          {"utils::DeviceBuffer::from_slice", rename, "from_host", false, {}, true},
          {"utils::DeviceBuffer::as_device_ptr", rename, "data"},
          {"utils::DeviceBuffer::len", rename, "size", false},
          {"utils::DeviceBuffer::is_empty", rename, "empty", false},
          {"utils::DeviceBuffer::copy_from", rename, "upload", false, {}, true},
          {"utils::DeviceBuffer::copy_to", rename, "download", false, {}, true}}},
        {"TRIUNE4002",
         "device_buffer",
         "",
         "const utils::Stream& s = streams.get_compute_stream(); s.synchronize();",
         "const triune::Stream& s = streams.compute(); s.synchronize();",
         "The same stream; handle() is the same too.",
         "",
         {{"utils::Stream", rename_scoped, "Stream", false},
          {"utils::Stream::synchronize", keep, "synchronize", false},
          {"utils::Stream::handle", keep, "handle", false}}},
    };
    return rules;
}

}  // namespace migrate
