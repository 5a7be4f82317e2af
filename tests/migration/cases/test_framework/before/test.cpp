#include "utils/gpu_memory.hpp"

#include "check.hpp"

class Buffers : public check::Test {
  protected:
    void SetUp() override { inside_ = &managed_.as_device_buffer(); }
    utils::ManagedDeviceBuffer<float> managed_ = utils::create_managed_buffer<float>(4, "fixture");
    const utils::DeviceBuffer<float>* inside_ = nullptr;
};
TEST_F(Buffers, Length) {
    EXPECT_EQ(inside_->len(), 4U);
    EXPECT_EQ(managed_.as_device_buffer().len(), 4U);
    EXPECT_EQ(utils::check_gpu_memory_leaks(), std::vector<std::string>{"fixture"});
}
TEST_F(Buffers, Short) {
    EXPECT_THROW(managed_.as_device_buffer_mut().copy_from({1.0F}), utils::CudaException);
}

template <typename T>
class Typed : public check::Test {
  protected:
    utils::DeviceBuffer<T> buffer = utils::DeviceBuffer<T>::zeroed(3);
};
TYPED_TEST(Typed, Zero, int, char) {
    std::vector<TypeParam> host(3);
    this->buffer.copy_to(host);
    EXPECT_EQ(host[0], TypeParam{});
    EXPECT_EQ(this->buffer.len(), 3U);
}

int main() { return check::run(); }
