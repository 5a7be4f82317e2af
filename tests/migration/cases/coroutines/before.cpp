#include "utils/gpu_memory.hpp"
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
task<utils::ManagedDeviceBuffer<float>> make(std::size_t n) { co_return utils::create_managed_buffer<float>(n, "co"); }
task<std::size_t> use() {
    auto b = co_await make(4);
    auto& inner = b.as_device_buffer_mut();
    co_yield inner.len();
    co_return (co_await make(3)).as_device_buffer().len();
}
