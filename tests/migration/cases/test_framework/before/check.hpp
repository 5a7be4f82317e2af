#pragma once
#pragma GCC system_header
// A small test framework in the manner of GoogleTest.
#include <cstdio>
#include <memory>
#include <vector>

namespace check {

struct Test {
    virtual ~Test() = default;
    virtual void SetUp() {}
    virtual void TestBody() = 0;
};
inline int failures = 0;
inline std::vector<std::unique_ptr<Test> (*)()>& all() {
    static std::vector<std::unique_ptr<Test> (*)()> made;
    return made;
}
template <typename T>
bool enlist() {
    all().push_back([]() -> std::unique_ptr<Test> { return std::make_unique<T>(); });
    return true;
}
template <template <typename> class T, typename... Types>
bool enlist_typed() {
    return (enlist<T<Types>>() && ...);
}
inline void expect(bool holds, const char* text) {
    if (holds) return;
    ++failures;
    std::printf("failed: %s\n", text);
}
inline int run() {
    for (const auto& make : all()) {
        const auto test = make();
        test->SetUp();
        test->TestBody();
    }
    std::printf("%zu tests, %d failures\n", all().size(), failures);
    return failures;
}

}  // namespace check

#define TEST_F(fixture, name)                                                           \
    class fixture##_##name : public fixture {                                           \
        void TestBody() override;                                                       \
    };                                                                                  \
    static const bool fixture##_##name##_known = ::check::enlist<fixture##_##name>();   \
    void fixture##_##name::TestBody()
#define TYPED_TEST(fixture, name, ...)                                                                   \
    template <typename TypeParam>                                                                        \
    class fixture##_##name : public fixture<TypeParam> {                                                 \
        void TestBody() override;                                                                        \
    };                                                                                                   \
    static const bool fixture##_##name##_known = ::check::enlist_typed<fixture##_##name, __VA_ARGS__>(); \
    template <typename TypeParam>                                                                        \
    void fixture##_##name<TypeParam>::TestBody()
#define EXPECT_EQ(left, right) ::check::expect((left) == (right), #left " == " #right)
#define EXPECT_THROW(statement, expected)                      \
    do {                                                       \
        bool thrown = false;                                   \
        try {                                                  \
            statement;                                         \
        } catch (expected const&) {                            \
            thrown = true;                                     \
        } catch (...) {                                        \
        }                                                      \
        ::check::expect(thrown, #statement " throws " #expected); \
    } while (0)
