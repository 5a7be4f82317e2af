// SPDX-License-Identifier: Apache-2.0
// The version of these headers, for code that is compiled with several. CMake's project() must say the same.
#pragma once

#define TRIUNE_VERSION_MAJOR 0
#define TRIUNE_VERSION_MINOR 1
#define TRIUNE_VERSION_PATCH 0
