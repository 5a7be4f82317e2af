// SPDX-License-Identifier: Apache-2.0
#include <triune/detail/manage/element_bytes.hpp>

#include <string>

#include <triune/base/error.hpp>
#include <triune/detail/base/byte_text.hpp>
#include <triune/detail/base/count_text.hpp>

namespace triune {

void detail::refuse_elements(std::string_view whose, std::size_t count, std::size_t element_size) {
    throw invalid_argument("'" + std::string(whose) + "': " + count_text(count) + " elements of " +
                           byte_text(element_size) + " are more than memory can hold");
}

}  // namespace triune
