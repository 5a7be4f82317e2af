// SPDX-License-Identifier: Apache-2.0
// A signal on which the process reports.
#pragma once

#include <string>
#include <string_view>

namespace triune::report_signal {

// Of "USR1", "SIGUSR2" and the like, in any case; 0 where it is another word.
int parse(std::string_view text);

// From now on `report` is called whenever the process gets `signal`, by a thread that does nothing else and gets no
// signals. Once in a process. Answers why that is not possible, as where the program has a handler of its own; empty
// where it is. In a forked child the signal does nothing: the thread is the parent's.
std::string listen(int signal, void (*report)() noexcept);

}  // namespace triune::report_signal
