#include <triune/triune.hpp>

#include "check.hpp"

class Buffers : public check::Test {
  protected:
    void SetUp() override { inside_ = &managed_; }
    triune::Buffer<float> managed_ = triune::default_manager().make_buffer<float>("fixture", 4);
    const triune::Buffer<float>* inside_ = nullptr;
};
TEST_F(Buffers, Length) {
    EXPECT_EQ(inside_->size(), 4U);
    EXPECT_EQ(managed_.size(), 4U);
    EXPECT_EQ(triune::default_manager().report_leaks(), std::vector<std::string>{"fixture"});
}
TEST_F(Buffers, Short) {
    EXPECT_THROW(managed_.upload(std::vector<float>{1.0F}), triune::Error);
}

template <typename T>
class Typed : public check::Test {
  protected:
    triune::Buffer<T> buffer = triune::Buffer<T>::zeroed(3);
};
TYPED_TEST(Typed, Zero, int, char) {
    std::vector<TypeParam> host(3);
    this->buffer.download(host);
    EXPECT_EQ(host[0], TypeParam{});
    EXPECT_EQ(this->buffer.size(), 3U);
}

int main() { return check::run(); }
