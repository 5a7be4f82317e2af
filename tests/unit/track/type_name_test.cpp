// SPDX-License-Identifier: Apache-2.0
// Types named as their authors wrote them.
#include <boost/test/unit_test.hpp>

#include <cstdint>

#include <triune/detail/track/type_name.hpp>

namespace graph_layout {
struct Particle {};
}  // namespace graph_layout

BOOST_AUTO_TEST_SUITE(type_name)

BOOST_AUTO_TEST_CASE(names_read_as_their_authors_wrote_them) {
    BOOST_TEST(triune::readable_type_name(typeid(float)) == "float");
    BOOST_TEST(triune::readable_type_name(typeid(std::uint32_t)) == "unsigned int");
    BOOST_TEST(triune::readable_type_name(typeid(graph_layout::Particle)) == "graph_layout::Particle");
}

BOOST_AUTO_TEST_SUITE_END()
