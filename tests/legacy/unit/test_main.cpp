#define BOOST_TEST_MODULE legacy
#include <boost/test/unit_test.hpp>
