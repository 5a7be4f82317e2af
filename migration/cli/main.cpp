// SPDX-License-Identifier: Apache-2.0
#include <llvm/Support/FileSystem.h>

#include "cli/command_line.hpp"
#include "cli/driver.hpp"

int main(int count, char** arguments) {
    const std::vector<std::string> given(arguments + 1, arguments + count);
    const std::string executable = llvm::sys::fs::getMainExecutable(arguments[0], reinterpret_cast<void*>(&main));
    const migrate::Command command = migrate::read_command_line(given, executable);
    return command.finished ? command.status : migrate::run(command.asked);
}
