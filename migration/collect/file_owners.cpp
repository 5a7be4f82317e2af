// SPDX-License-Identifier: Apache-2.0
#include "collect/file_owners.hpp"

#include <llvm/Support/FileSystem.h>
#include <llvm/Support/Path.h>

#include "rules/legacy_names.hpp"

namespace migrate {

using namespace clang;

namespace {

// The facades' own files beside the legacy headers.
bool is_of_facades(llvm::StringRef path) {
    const llvm::StringRef folder = llvm::sys::path::parent_path(path);
    return llvm::sys::fs::exists(folder + "/utils/triune_deprecation.hpp") ||
           llvm::sys::fs::exists(folder + "/../utils/triune_deprecation.hpp");
}

}  // namespace

const FileOwners::KnownFile& FileOwners::known(FileID file) {
    const auto [entry, fresh] = known_.try_emplace(file);
    KnownFile& held = entry->second;
    if (!fresh || file.isInvalid()) return held;
    const auto named = sources_.getFileEntryRefForID(file);
    llvm::SmallString<256> real;
    if (!named || llvm::sys::fs::real_path(named->getName(), real)) return held;
    held.path = real.str().str();
    const bool system = SrcMgr::isSystem(sources_.getFileCharacteristic(sources_.getLocForStartOfFile(file))) &&
                        !inherited_.contains(file);
    if (legacy_header(held.path) != nullptr || is_new_api(held.path))
        held.owner = FileOwner::library;
    else if (is_error_header(held.path))
        held.owner = FileOwner::error_header;
    else if (system)
        held.owner = FileOwner::system;
    else
        held.owner = is_of_facades(held.path) ? FileOwner::library : FileOwner::program;
    return held;
}

FileOwner FileOwners::of(SourceLocation location) {
    if (location.isInvalid()) return FileOwner::nobody;
    return known(sources_.getFileID(sources_.getExpansionLoc(location))).owner;
}

std::pair<const std::string*, unsigned> FileOwners::written(SourceLocation location) {
    const auto [file, offset] = sources_.getDecomposedLoc(sources_.getFileLoc(location));
    return {&known(file).path, offset};
}

}  // namespace migrate
