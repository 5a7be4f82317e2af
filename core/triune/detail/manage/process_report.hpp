// SPDX-License-Identifier: Apache-2.0
// Reports on the memory of the process, on standard error, where the environment asks for them.
#pragma once

namespace triune::process_report {

// Note [Reports at the end]
// TRIUNE_REPORT asks for a report when the process ends by exit() or by main's return. It is made after the destructors
// of all statics, so that what those free is no leak; there, only memory of the library itself is read, no device is
// asked and no stream of the program's is written to. A process that ends by _exit, quick_exit or a signal makes none,
// and neither does a forked child: the managers, with all that is alive in them, are its parent's.
//
// Reads TRIUNE_REPORT and TRIUNE_REPORT_SIGNAL, once. What cannot be read in them is logged. Every manager calls this
// when it is made.
void start_if_asked() noexcept;

}  // namespace triune::process_report
