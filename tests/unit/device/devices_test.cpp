// SPDX-License-Identifier: Apache-2.0
#include <triune/device/devices.hpp>

#include <boost/test/unit_test.hpp>

#include <dlfcn.h>

#include <array>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <string>

#include <triune/detail/device/cuda/cuda_device.hpp>

#include "../../not_instrumented.hpp"

namespace {

// What the program beside this one prints in an environment of its own, its log included.
std::string chosen(const std::string& environment) {
    const std::string folder = std::filesystem::read_symlink("/proc/self/exe").parent_path().string();
    const std::string command = "FOLDER='" + folder + "'; env -u TRIUNE_DEVICE -u TRIUNE_SIM_CAPACITY -u TRIUNE_LOG " +
                                environment + " '" + folder + "/chosen_device' 2>&1";
    const std::unique_ptr<std::FILE, int (*)(std::FILE*)> pipe(popen(command.c_str(), "r"), pclose);
    BOOST_REQUIRE(pipe != nullptr);
    std::string text;
    std::array<char, 256> part{};
    while (std::fgets(part.data(), static_cast<int>(part.size()), pipe.get()) != nullptr) text += part.data();
    return text;
}

std::size_t count(const std::string& text, const std::string& part) {
    std::size_t found = 0;
    for (std::size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++found;
    return found;
}

bool contains(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

}  // namespace

BOOST_AUTO_TEST_SUITE(devices, *triune::not_instrumented("the tool does not follow other programs"))

BOOST_AUTO_TEST_CASE(the_environment_chooses_the_simulated_device) {
    const std::string text = chosen("TRIUNE_DEVICE=sim");
    BOOST_TEST(contains(text, "sim bytes="), text);
    BOOST_TEST(contains(text, "same=1"), text);
    BOOST_TEST(contains(text, "refused=-1 refused=1048576"), text);
    BOOST_TEST(chosen("TRIUNE_DEVICE=Sim") == text);
}

BOOST_AUTO_TEST_CASE(without_a_choice_a_gpu_is_used_where_there_is_one) {
    const std::string text = chosen("TRIUNE_LOG=error");
    BOOST_TEST(contains(text, triune::cuda::device_count() > 0 ? "cuda bytes=" : "sim bytes="), text);
    BOOST_TEST(chosen("TRIUNE_LOG=error TRIUNE_DEVICE=") == text);
}

BOOST_AUTO_TEST_CASE(demanding_a_gpu_that_is_not_there_is_an_error) {
    const std::string text = chosen("CUDA_VISIBLE_DEVICES= TRIUNE_DEVICE=CUDA");
    const std::string begin = "the device reported an error: TRIUNE_DEVICE=cuda, but no CUDA device was found: ";
    const bool is_there = triune::cuda::device_count() > 0;
    const std::string hidden = "the NVIDIA driver shows no device (CUDA_VISIBLE_DEVICES is '')";
    BOOST_TEST(contains(text, begin + (is_there ? hidden : triune::cuda::why_no_device()) + " (100)"), text);
}

BOOST_AUTO_TEST_CASE(a_simulated_device_that_nobody_named_is_a_warning_with_the_reason) {
    if (triune::cuda::device_count() > 0) return;
    const std::string line = "using the simulated device: " + triune::cuda::why_no_device() +
                             "; TRIUNE_DEVICE=sim chooses it without this warning\n";
    const std::string text = chosen("");
    BOOST_TEST(count(text, line) == 1U, text);
    BOOST_TEST(count(text, "\n") == 2U, text);  // that, and what the program says
    BOOST_TEST(contains(text, "[warning]"), text);
    BOOST_TEST(count(chosen("TRIUNE_LOG=error"), "\n") == 1U);
    BOOST_TEST(count(chosen("TRIUNE_DEVICE=sim"), "\n") == 1U);
}

#ifdef TRIUNE_TEST_WITH_CUDA

BOOST_AUTO_TEST_CASE(the_reason_is_what_the_driver_answers) {
    if (void* const driver = dlopen("libcuda.so.1", RTLD_NOW)) {
        dlclose(driver);
    } else {
        BOOST_TEST(triune::cuda::why_no_device() == "no NVIDIA driver is installed (libcuda.so.1 was not found)");
    }
    const auto reason = [](const std::string& driver) {
        const std::string text =
            chosen("-u CUDA_VISIBLE_DEVICES LD_LIBRARY_PATH=\"$FOLDER\"/stand_in_driver " + driver);
        const std::size_t begin = text.find("using the simulated device: ");
        const std::size_t end = text.find("; TRIUNE_DEVICE=sim");
        BOOST_TEST_REQUIRE((begin != std::string::npos && end != std::string::npos), text);
        return text.substr(begin + 28, end - begin - 28);
    };
    const std::string old = reason("STAND_IN_VERSION=10020");
    BOOST_TEST(contains(old,
                        "the NVIDIA driver is older than the library needs: it serves CUDA 10.2, and the library "
                        "was built with CUDA 1"),
               old);
    BOOST_TEST(reason("STAND_IN_VERSION=99000 STAND_IN_ERROR=100") == "the NVIDIA driver shows no device");
    BOOST_TEST(reason("CUDA_VISIBLE_DEVICES=7 STAND_IN_VERSION=99000 STAND_IN_ERROR=100") ==
               "the NVIDIA driver shows no device (CUDA_VISIBLE_DEVICES is '7')");
    BOOST_TEST(
        reason("STAND_IN_VERSION=99000 STAND_IN_ERROR=804") ==
        "CUDA answers with error 804, cudaErrorCompatNotSupportedOnDevice (forward compatibility was attempted on "
        "non supported HW)");
}

#else

BOOST_AUTO_TEST_CASE(without_the_toolkit_the_reason_says_so) {
    BOOST_TEST(contains(chosen(""), "using the simulated device: this library was built without CUDA; "));
}

#endif

BOOST_AUTO_TEST_CASE(an_unknown_choice_is_named_in_the_error) {
    const std::string text = chosen("TRIUNE_DEVICE=vulkan");
    BOOST_TEST(contains(text, "invalid argument: TRIUNE_DEVICE is 'vulkan'"), text);
}

BOOST_AUTO_TEST_CASE(the_choice_is_logged_once_and_not_at_the_default_level) {
    const std::string line = "using the simulated device\n";
    const std::string text = chosen("TRIUNE_LOG=info TRIUNE_DEVICE=sim");
    BOOST_TEST(contains(text, line), text);
    BOOST_TEST(text.find(line) == text.rfind(line), text);
    BOOST_TEST(!contains(chosen("TRIUNE_DEVICE=sim"), line));
}

BOOST_AUTO_TEST_CASE(a_sink_that_hears_of_the_choice_may_ask_for_the_device) {
    const std::string text = chosen("TRIUNE_DEVICE=sim CHOSEN_DEVICE_LISTENS=1");
    BOOST_TEST(contains(text, "heard 'using the simulated device' of kind 1\nsim bytes="), text);
}

BOOST_AUTO_TEST_CASE(the_simulated_capacity_is_read_in_bytes_and_binary_multiples) {
    BOOST_TEST(contains(chosen("TRIUNE_DEVICE=sim TRIUNE_SIM_CAPACITY=67108864"), "bytes=67108864 "));
    BOOST_TEST(contains(chosen("TRIUNE_DEVICE=sim TRIUNE_SIM_CAPACITY=65536K"), "bytes=67108864 "));
    BOOST_TEST(contains(chosen("TRIUNE_DEVICE=sim TRIUNE_SIM_CAPACITY=64M"), "bytes=67108864 "));
    BOOST_TEST(contains(chosen("TRIUNE_DEVICE=sim TRIUNE_SIM_CAPACITY=2G"), "bytes=2147483648 "));
    BOOST_TEST(contains(chosen("TRIUNE_DEVICE=sim TRIUNE_SIM_CAPACITY='64 MiB'"), "bytes=67108864 "));
}

BOOST_AUTO_TEST_CASE(a_capacity_that_is_no_number_of_bytes_is_named_in_the_error) {
    for (const char* bad : {"0", "-1", "64XB", "M", "99999999999999999999", "99999999999G", "lots"}) {
        const std::string text = chosen(std::string("TRIUNE_DEVICE=sim TRIUNE_SIM_CAPACITY=") + bad);
        BOOST_TEST(contains(text, std::string("invalid argument: TRIUNE_SIM_CAPACITY is '") + bad + "'"), text);
    }
}

BOOST_AUTO_TEST_CASE(numbers_are_read_once_a_process) {
    const std::string text = chosen("TRIUNE_DEVICE=sim TRIUNE_WHOLE_CHUNK_MIB=12 TRIUNE_MEMORY_WAIT_SECONDS=3");
    BOOST_TEST(contains(text, " whole=12 wait=3 whole=12 wait=3\n"), text);
    BOOST_TEST(!contains(text, "[warning]"), text);
}

BOOST_AUTO_TEST_CASE(a_bad_number_is_told_once_and_the_default_is_taken) {
    const std::string text = chosen("TRIUNE_DEVICE=sim TRIUNE_WHOLE_CHUNK_MIB=12M TRIUNE_MEMORY_WAIT_SECONDS=soon");
    BOOST_TEST(contains(text, " whole=64 wait=10 whole=64 wait=10\n"), text);
    BOOST_TEST(count(text,
                     "TRIUNE_WHOLE_CHUNK_MIB is '12M'; it may be a whole number from 0 to 4294967295; "
                     "64 is taken\n") == 1U,
               text);
    BOOST_TEST(count(text,
                     "TRIUNE_MEMORY_WAIT_SECONDS is 'soon'; it may be a whole number from 0 to 2147483647; "
                     "10 is taken\n") == 1U,
               text);
}

BOOST_AUTO_TEST_CASE(a_level_in_either_case_or_a_warning_of_it) {
    BOOST_TEST(contains(chosen("TRIUNE_DEVICE=sim TRIUNE_LOG=INFO"), "using the simulated device\n"));
    const std::string text = chosen("TRIUNE_DEVICE=sim TRIUNE_LOG=loud");
    BOOST_TEST(count(text,
                     "TRIUNE_LOG is 'loud'; it may be 'trace', 'debug', 'info', 'warn', 'error' or 'off'; "
                     "'warn' is taken\n") == 1U,
               text);
    BOOST_TEST(!contains(text, "using the simulated device"), text);
}

BOOST_AUTO_TEST_SUITE_END()
