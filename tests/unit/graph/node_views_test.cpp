// SPDX-License-Identifier: Apache-2.0
#include <boost/test/unit_test.hpp>

#include <dlfcn.h>
#include <pthread.h>

#include <cerrno>
#include <memory>
#include <numeric>
#include <vector>

#include <triune/graph/node_views.hpp>

using namespace triune;

#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)

namespace {

int threads_left = -1;  // how many may still be started; any number where negative
int threads_refused = 0;

}  // namespace

// In the place of the C library's, so that it can refuse.
extern "C" int pthread_create(pthread_t* thread, const pthread_attr_t* attributes, void* (*start)(void*),
                              void* argument) {
    using Create = int (*)(pthread_t*, const pthread_attr_t*, void* (*)(void*), void*);
    static const auto real = reinterpret_cast<Create>(dlsym(RTLD_NEXT, "pthread_create"));
    if (threads_left == 0) {
        ++threads_refused;
        return EAGAIN;
    }
    if (threads_left > 0) --threads_left;
    return real(thread, attributes, start, argument);
}

#endif

namespace {

// Three arrays that differ in every element.
NodeViews views_of(std::size_t count) {
    const auto values = std::make_shared<std::vector<float>>(3 * count);
    std::iota(values->begin(), values->end(), 0.0F);
    const float* const first = values->data();
    return {{values, first, count, 1}, {values, first + count, count, 1}, {values, first + 2 * count, count, 1}};
}

void check(const NodeViews& views, const NodeVectors& copies) {
    const auto& [x, y, z] = copies;
    BOOST_TEST((x == views.x.to_vector()));
    BOOST_TEST((y == views.y.to_vector()));
    BOOST_TEST((z == views.z.to_vector()));
    BOOST_TEST(z.size() == views.size());
}

}  // namespace

BOOST_AUTO_TEST_SUITE(node_views)

BOOST_AUTO_TEST_CASE(copies_are_the_arrays_whoever_makes_them) {
    for (const std::size_t count :
         {std::size_t{0}, std::size_t{1}, nodes_worth_threads - 1, nodes_worth_threads, 2 * nodes_worth_threads + 1}) {
        const NodeViews views = views_of(count);
        check(views, views.to_vectors());
        check(views, views.to_vectors(true));
        check(views, views.to_vectors(false));
        for (const bool with_threads : {true, false}) {
            int runs = 0;
            check(views, views.to_vectors(with_threads, [&runs] { ++runs; }));
            BOOST_TEST(runs == 1);
        }
    }
}

#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)  // they have a pthread_create of their own

BOOST_AUTO_TEST_CASE(copies_are_made_where_no_thread_is_to_be_had) {
    for (const int granted : {0, 1}) {
        threads_refused = 0;
        threads_left = granted;
        const NodeViews views = views_of(1000);
        check(views, views.to_vectors(true));
        threads_left = -1;
        BOOST_TEST(threads_refused == 2 - granted);
    }
}

#endif

BOOST_AUTO_TEST_SUITE_END()
