// SPDX-License-Identifier: Apache-2.0
// Whose doings a scope counts.
#pragma once

namespace triune {

enum class ScopeThreads {
    own,  // of the thread that opens it: scopes of threads side by side do not mix
    all,
};

}  // namespace triune
