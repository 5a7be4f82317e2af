// SPDX-License-Identifier: Apache-2.0
// Types and places that outlive the code they are of. What unloads code for real is in tests/plugins.
#include <boost/test/unit_test.hpp>

#include <array>
#include <bit>
#include <cstdint>
#include <memory>
#include <source_location>
#include <string>
#include <thread>
#include <typeinfo>
#include <vector>

#include <triune/detail/track/kept_origin.hpp>

using namespace triune;

namespace {

struct Local {};

// A type and a place as a plugin has them: in memory that goes.
class Foreign {
  public:
    explicit Foreign(const char* type, const char* file) : name_(type), file_(file), type_(name_.c_str()) {
        place_ = {file_.c_str(), "void use()", 12, 7};
    }
    const std::type_info* type() const { return &type_; }
    std::source_location place() const { return std::bit_cast<std::source_location>(&place_); }

  private:
    struct Type : std::type_info {
        explicit Type(const char* name) : std::type_info(name) {}
    };
    struct Place {
        const char* file;
        const char* function;
        std::uint_least32_t line;
        std::uint_least32_t column;
    };
    std::string name_;
    std::string file_;
    Type type_;
    Place place_{};
};

}  // namespace

BOOST_AUTO_TEST_SUITE(kept_origin)

BOOST_AUTO_TEST_CASE(code_of_the_program_is_not_copied) {
    const auto here = std::source_location::current();
    BOOST_TEST(kept_type(&typeid(Local)) == &typeid(Local));
    BOOST_TEST(kept_type(&typeid(float)) == &typeid(float));
    BOOST_TEST(kept_type(nullptr) == nullptr);
    BOOST_TEST(kept_place(here).file_name() == here.file_name());
    BOOST_TEST(kept_place({}).line() == 0U);
}

BOOST_AUTO_TEST_CASE(a_type_and_a_place_outlive_what_they_were_told_by) {
    auto foreign = std::make_unique<Foreign>("8Particle", "plugin.cpp");
    const std::type_info* const type = kept_type(foreign->type());
    const std::source_location place = kept_place(foreign->place());
    BOOST_TEST((*type == *foreign->type()));
    foreign.reset();
    BOOST_TEST(std::string(type->name()) == "8Particle");
    BOOST_TEST(std::string(place.file_name()) == "plugin.cpp");
    BOOST_TEST(std::string(place.function_name()) == "void use()");
    BOOST_TEST(place.line() == 12U);
    BOOST_TEST(place.column() == 7U);
}

BOOST_AUTO_TEST_CASE(equal_texts_are_kept_once) {
    const Foreign one("8Particle", "plugin.cpp");
    const Foreign two("8Particle", "plugin.cpp");
    const Foreign other("4Edge", "other.cpp");
    BOOST_TEST(kept_type(one.type()) == kept_type(two.type()));
    BOOST_TEST(kept_place(one.place()).file_name() == kept_place(two.place()).file_name());
    BOOST_TEST(kept_type(one.type()) != kept_type(other.type()));
}

BOOST_AUTO_TEST_CASE(threads_keep_the_same_at_once) {
    std::array<const std::type_info*, 4> seen{};
    std::vector<std::thread> threads;
    for (auto& each : seen) {
        threads.emplace_back([&each] {
            for (int i = 0; i < 100; ++i) {
                const Foreign foreign(("T" + std::to_string(i)).c_str(), "plugin.cpp");
                static_cast<void>(kept_place(foreign.place()));
                each = kept_type(foreign.type());
            }
        });
    }
    for (std::thread& each : threads) each.join();
    for (const auto* each : seen) BOOST_TEST(each == seen[0]);
}

BOOST_AUTO_TEST_CASE(a_type_of_one_unit_is_told_from_one_of_all) {
    BOOST_TEST(is_local_type(typeid(Local)));
    BOOST_TEST(!is_local_type(typeid(float)));
    BOOST_TEST(!is_local_type(typeid(std::string)));
}

BOOST_AUTO_TEST_SUITE_END()
