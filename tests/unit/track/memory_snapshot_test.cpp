// SPDX-License-Identifier: Apache-2.0
// A snapshot's words: JSON for programs, a table for people.
#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <clocale>
#include <locale>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <triune/detail/track/registry.hpp>
#include <triune/track/memory_snapshot.hpp>

#include "tracked_item.hpp"

using namespace triune;

namespace {

MemorySnapshot snapshot_of(const Registry& books) {
    MemorySnapshot snapshot;
    auto [figures, records] = books.contents();
    snapshot.taken_steadily = TrackedAllocation::Clock::now();
    snapshot.device = "a \"device\"";
    snapshot.limit_bytes = 1536;
    snapshot.figures = figures;
    snapshot.pool.reserved_bytes = 5;
    snapshot.records = std::move(records);
    return snapshot;
}

bool mentions(const std::string& text, const std::string& words) { return text.find(words) != std::string::npos; }

}  // namespace

// A program's locale as a German one has it, in both languages' libraries: decimal commas where the machine has such a
// locale, groups of digits always.
class GermanProgram {
  public:
    GermanProgram() {
        for (const char* name : {"de_DE.UTF-8", "de_DE.utf8", "fr_FR.UTF-8"}) {
            if (std::setlocale(LC_ALL, name) != nullptr) break;
        }
        std::locale::global(std::locale(std::locale(), new Digits));
    }
    ~GermanProgram() {
        std::locale::global(std::locale::classic());
        std::setlocale(LC_ALL, "C");
    }

  private:
    struct Digits : std::numpunct<char> {
        char do_decimal_point() const override { return ','; }
        char do_thousands_sep() const override { return '.'; }
        std::string do_grouping() const override { return "\3"; }
    };
};

BOOST_AUTO_TEST_SUITE(memory_snapshot)

BOOST_AUTO_TEST_CASE(numbers_are_written_alike_whatever_the_programs_locale_is) {
    Registry books;
    const Item made = item(books, "x", 1234567);
    const MemorySnapshot snapshot = snapshot_of(books);
    const std::string json = snapshot.to_json();
    const std::string table = snapshot.to_table();
    const GermanProgram german;
    if (std::string_view(std::localeconv()->decimal_point) != ",")
        BOOST_TEST_MESSAGE("no locale with a decimal comma is installed");
    BOOST_TEST(snapshot.to_json() == json);
    BOOST_TEST(snapshot.to_table() == table);
    BOOST_TEST(readable_bytes(1536) == "1.50 KiB");
}

BOOST_AUTO_TEST_CASE(bytes_are_shown_in_the_unit_that_fits) {
    BOOST_TEST(readable_bytes(0) == "0 B");
    BOOST_TEST(readable_bytes(1023) == "1023 B");
    BOOST_TEST(readable_bytes(1024) == "1.00 KiB");
    BOOST_TEST(readable_bytes(1536) == "1.50 KiB");
    BOOST_TEST(readable_bytes(std::size_t{6} << 30) == "6.00 GiB");
    BOOST_TEST(readable_bytes(~std::size_t{0}) == "16.00 EiB");
}

BOOST_AUTO_TEST_CASE(json_has_every_figure_under_its_name) {
    Registry books;
    const Item made = item(books, "x", 300);
    const std::string json = snapshot_of(books).to_json();
    for (const char* words :
         {"\"taken\": \"1970-01-01T00:00:00Z\"", "\"device\": \"a \\\"device\\\"\"", "\"limit_bytes\": 1536",
          "\"total_allocated_bytes\": 300", "\"peak_allocated_bytes\": 300", "\"buffer_count\": 1",
          "\"allocation_count\": 1", "\"resize_count\": 0", "\"free_count\": 0", "\"async_transfer_count\": 0",
          "\"reserved_bytes\": 5", "\"pin_count\": 0"}) {
        BOOST_TEST(mentions(json, words), words);
    }
}

BOOST_AUTO_TEST_CASE(json_has_every_fact_of_a_record_and_null_for_what_is_not_known) {
    Registry books;
    const Item named = item(books, "a\"b", 300);
    const Item unnamed = item(books, std::nullopt, 200, OwnerKind::untyped);
    const Item alias = item(books, "", 100, OwnerKind::alias);
    const std::string json = snapshot_of(books).to_json();
    for (const char* words :
         {"{\"id\": 1, \"name\": \"a\\\"b\", \"kind\": \"typed\", \"type\": \"float\", \"bytes\": 300, \"peak_bytes\": "
          "300, \"resizes\": 0, \"address\": ",
          ", \"age_seconds\": 0.", ", \"thread\": \"",
          "tracked_item.cpp\", \"line\": ", "\"name\": null, \"kind\": \"untyped\", \"type\": null",
          "\"name\": \"\", \"kind\": \"alias\"", "\"file\": null, \"line\": null, \"function\": null}"}) {
        BOOST_TEST(mentions(json, words), words);
    }
    BOOST_TEST(!mentions(json, "stack"));
}

BOOST_AUTO_TEST_CASE(json_has_the_stack_where_there_is_one) {
    Registry books;
    books.set_stack_traces(true);
    const Item made = item(books, "x", 1);
    BOOST_TEST(mentions(snapshot_of(books).to_json(), "\"stack\": [\""));
}

BOOST_AUTO_TEST_CASE(the_table_shows_figures_and_the_biggest_records) {
    Registry books;
    std::vector<Item> live;
    for (std::size_t i = 1; i <= 5; ++i) live.push_back(item(books, "buffer " + std::to_string(i), i * 1024));
    std::string table = snapshot_of(books).to_table(2);
    table.erase(std::ranges::unique(table, [](char a, char b) { return a == ' ' && b == ' '; }).begin(), table.end());
    for (const char* words : {"memory of a \"device\" at 1970-01-01T00:00:00Z, limit 1.50 KiB\n",
                              "total_allocated_bytes 15.00 KiB\n", "buffer_count 5\n", "pool: reserved_bytes 5 B\n",
                              "'buffer 5' (float, 5120 bytes", "'buffer 4'", "and 3 more\n"}) {
        BOOST_TEST(mentions(table, words), words << table);
    }
    BOOST_TEST(!mentions(table, "'buffer 3'"));
    BOOST_TEST(!mentions(snapshot_of(books).to_table(5), "more"));
}

BOOST_AUTO_TEST_SUITE_END()
