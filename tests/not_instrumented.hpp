// SPDX-License-Identifier: Apache-2.0
// Cases that cannot run while a tool such as compute-sanitizer watches the program: tools/gpu.sh --sanitizer says so in
// TRIUNE_TEST_INSTRUMENTED.
#pragma once

#include <boost/test/unit_test.hpp>

#include <cstdlib>
#include <string>
#include <utility>

namespace triune {

// A decorator: BOOST_AUTO_TEST_CASE(name, *not_instrumented("why")).
inline boost::unit_test::precondition not_instrumented(std::string reason) {
    return boost::unit_test::precondition([reason = std::move(reason)](boost::unit_test::test_unit_id) {
        boost::test_tools::assertion_result may_run(std::getenv("TRIUNE_TEST_INSTRUMENTED") == nullptr);
        may_run.message() << reason;
        return may_run;
    });
}

}  // namespace triune
