#include <triune/triune.hpp>
#include <coroutine>
#include <optional>
template <typename T> struct task {
    struct promise_type {
        std::optional<T> value;
        task get_return_object() { return {std::coroutine_handle<promise_type>::from_promise(*this)}; }
        std::suspend_never initial_suspend() { return {}; }
        std::suspend_always final_suspend() noexcept { return {}; }
        void return_value(T v) { value.emplace(std::move(v)); }
        std::suspend_always yield_value(T v) { value.emplace(std::move(v)); return {}; }
        void unhandled_exception() {}
    };
    std::coroutine_handle<promise_type> handle;
    bool await_ready() { return true; }
    void await_suspend(std::coroutine_handle<>) {}
    T await_resume() { return std::move(*handle.promise().value); }
};
task<triune::Buffer<float>> make(std::size_t n) { co_return triune::default_manager().make_buffer<float>("co", n); }
task<std::size_t> use() {
    auto b = co_await make(4);
    auto& inner = b;
    co_yield inner.size();
    co_return (co_await make(3)).size();
}
