// SPDX-License-Identifier: Apache-2.0
#include <triune/manage/element_bytes.hpp>

#include <string>

#include <triune/base/byte_text.hpp>
#include <triune/base/count_text.hpp>
#include <triune/base/error.hpp>

namespace triune {

void detail::refuse_elements(std::string_view whose, std::size_t count, std::size_t element_size) {
    throw invalid_argument("'" + std::string(whose) + "': " + count_text(count) + " elements of " +
                           byte_text(element_size) + " are more than memory can hold");
}

}  // namespace triune
