// The entry point of every test binary. Boost.Test is linked statically: a binary then runs where Boost is not
// installed.
#include <boost/test/unit_test.hpp>

// Called by the main() of Boost.Test's archive. Suites register themselves.
boost::unit_test::test_suite* init_unit_test_suite(int, char*[]) {
    boost::unit_test::framework::master_test_suite().p_name.value = "triune";
    return nullptr;
}
