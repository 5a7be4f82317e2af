// SPDX-License-Identifier: Apache-2.0
#include <triune/detail/base/program_output.hpp>

#include <boost/test/unit_test.hpp>

#include <pthread.h>
#include <signal.h>
#include <sys/wait.h>

#include <cerrno>
#include <string>

#include "../../not_instrumented.hpp"

using namespace triune;

namespace {

int forks = 0;
void count_fork() { ++forks; }

}  // namespace

BOOST_AUTO_TEST_SUITE(program_output, *triune::not_instrumented("the tool does not follow other programs"))

BOOST_AUTO_TEST_CASE(all_that_a_program_writes_comes_back) {
    BOOST_TEST(triune::program_output({"echo", "a b", "c"}) == "a b c\n");
    const std::string many = triune::program_output({"seq", "1", "100000"});
    BOOST_TEST(many.size() == 588895U);
    BOOST_TEST(many.ends_with("99999\n100000\n"));
}

BOOST_AUTO_TEST_CASE(no_shell_reads_the_arguments) {
    BOOST_TEST(triune::program_output({"echo", "$HOME; `ls` > x | 'y'"}) == "$HOME; `ls` > x | 'y'\n");
}

BOOST_AUTO_TEST_CASE(a_program_that_is_not_there_or_fails_says_nothing) {
    BOOST_TEST(triune::program_output({"no-such-program-anywhere"}) == "");
    BOOST_TEST(triune::program_output({"/nonexistent/program"}) == "");
    BOOST_TEST(triune::program_output({"sh", "-c", "echo begun; exit 3"}) == "");
    BOOST_TEST(triune::program_output({"sh", "-c", "echo begun; kill -9 $$"}) == "");
}

BOOST_AUTO_TEST_CASE(it_reads_nothing_and_its_errors_are_not_shown) {
    BOOST_TEST(triune::program_output({"cat"}) == "");
    BOOST_TEST(triune::program_output({"sh", "-c", "echo wrong >&2; echo right"}) == "right\n");
}

BOOST_AUTO_TEST_CASE(no_fork_handler_runs_and_no_child_is_left) {
    pthread_atfork(count_fork, nullptr, nullptr);
    BOOST_TEST(triune::program_output({"echo", "x"}) == "x\n");
    BOOST_TEST(forks == 0);
    BOOST_TEST(waitpid(-1, nullptr, WNOHANG) == -1);
    BOOST_TEST(errno == ECHILD);
}

BOOST_AUTO_TEST_CASE(an_application_that_takes_its_children_away_gets_no_hang) {
    struct sigaction before {};
    struct sigaction none {};
    none.sa_handler = SIG_IGN;
    sigaction(SIGCHLD, &none, &before);  // the system forgets children at once
    BOOST_TEST(triune::program_output({"echo", "x"}) == "x\n");
    sigaction(SIGCHLD, &before, nullptr);
}

BOOST_AUTO_TEST_SUITE_END()
