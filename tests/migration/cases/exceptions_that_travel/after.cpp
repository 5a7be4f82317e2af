#include <triune/triune.hpp>

#include <cstdio>
#include <exception>
#include <functional>
#include <future>
#include <stdexcept>
#include <thread>

// What is thrown in one place and comes out in another is caught there as before.
constexpr std::size_t too_many = ~std::size_t{0} / 2;

void allocate() { auto buffer = triune::default_manager().make_buffer<char>("large", too_many); }

int from_a_future() {
    auto later = std::async(std::launch::async, [] { allocate(); });
    try {
        later.get();
    } catch (const triune::Error&) {
        return 1;
    } catch (const std::exception&) {
        return 2;
    }
    return 0;
}

int from_a_shared_future() {
    std::shared_future<int> later = std::async(std::launch::deferred, [] {
                                        allocate();
                                        return 1;
                                    }).share();
    try {
        return later.get();
    } catch (const triune::Error&) {
        return 3;
    }
}

int from_a_promise() {
    std::promise<int> promised;
    std::thread worker([&] {
        try {
            allocate();
            promised.set_value(0);
        } catch (...) {
            promised.set_exception(std::current_exception());
        }
    });
    worker.join();
    try {
        return promised.get_future().get();
    } catch (const triune::Error&) {
        return 4;
    } catch (...) {
        return 5;
    }
}

int from_a_task() {
    std::packaged_task<void()> task(allocate);
    auto done = task.get_future();
    task();
    try {
        done.get();
    } catch (const triune::Error&) {
        return 6;
    }
    return 0;
}

struct worker {
    std::exception_ptr failure;
    void run(const std::function<void()>& job) {
        try {
            job();
        } catch (...) {
            failure = std::current_exception();
        }
    }
    void finish() {
        if (failure) std::rethrow_exception(failure);
    }
};

int from_a_pointer() {
    worker one;
    one.run(allocate);
    try {
        one.finish();
    } catch (const triune::Error&) {
        return 7;
    } catch (const std::runtime_error&) {
        return 8;
    }
    return 0;
}

int from_a_nested_one() {
    try {
        try {
            allocate();
        } catch (...) {
            std::throw_with_nested(std::logic_error("outer"));
        }
    } catch (const std::logic_error& outer) {
        try {
            std::rethrow_if_nested(outer);
        } catch (const triune::Error&) {
            return 9;
        } catch (...) {
            return 10;
        }
    }
    return 0;
}

int thrown_again() {
    try {
        try {
            allocate();
        } catch (const std::exception&) {
            throw;
        }
    } catch (const triune::Error&) {
        return 11;
    } catch (...) {
        return 12;
    }
    return 0;
}

int main() {
    std::printf("%d %d %d %d\n", from_a_future(), from_a_shared_future(), from_a_promise(), from_a_task());
    std::printf("%d %d %d\n", from_a_pointer(), from_a_nested_one(), thrown_again());
}
