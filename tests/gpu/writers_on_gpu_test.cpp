// SPDX-License-Identifier: Apache-2.0
#include "writers.hpp"

using namespace triune;
using namespace triune::gpu;

BOOST_FIXTURE_TEST_SUITE(writers_on_gpu, WithWriters)

BOOST_AUTO_TEST_CASE(one_thread_finds_what_it_wrote) { write(1); }

BOOST_AUTO_TEST_CASE(threads_find_what_they_wrote) { write(6); }

BOOST_AUTO_TEST_SUITE_END()
