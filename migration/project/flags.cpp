// SPDX-License-Identifier: Apache-2.0
#include "project/flags.hpp"

#include <llvm/ADT/SmallString.h>
#include <llvm/Support/CommandLine.h>
#include <llvm/Support/FileSystem.h>
#include <llvm/Support/MemoryBuffer.h>
#include <llvm/Support/Path.h>

namespace migrate {

std::string absolute(const std::string& directory, const std::string& path) {
    llvm::SmallString<256> result(path);
    llvm::sys::path::native(result);
    if (!llvm::sys::path::is_absolute(result)) {
        result = directory;
        llvm::sys::path::append(result, path);
    }
    llvm::sys::path::remove_dots(result, true);
    return result.str().str();
}

bool is_readable_file(const std::string& file) { return llvm::sys::fs::is_regular_file(file); }

std::vector<std::string> words_of_file(const std::string& file) {
    if (!is_readable_file(file)) return {};
    const auto text = llvm::MemoryBuffer::getFile(file);
    if (!text) return {};
    llvm::BumpPtrAllocator memory;
    llvm::StringSaver saver(memory);
    llvm::SmallVector<const char*> words;
    llvm::cl::TokenizeGNUCommandLine((*text)->getBuffer(), saver, words);
    return {words.begin(), words.end()};
}

}  // namespace migrate
