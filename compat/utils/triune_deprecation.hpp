// SPDX-License-Identifier: Apache-2.0
// How the legacy headers mark what they declare as deprecated, and how that is silenced: all of it by
// -DTRIUNE_NO_DEPRECATION, one header by -DTRIUNE_NO_DEPRECATION_GPU_MEMORY, _DYNAMIC_BUFFER_MANAGER,
// _UNIFIED_GPU_COMPUTE or _DEVICE_BUFFER.
//
// Classes, functions, member functions and aliases are marked. Constructors and the other special members are not: whoever
// calls one has named the class, and one place should give one warning. The exception is the class that is made to be
// derived from, because g++ says nothing of a deprecated base.
#pragma once

// The number is the stable id of the rewriter's rule; the replacement is spelled as its edits spell it.
#define TRIUNE_DEPRECATED(id, replacement) [[deprecated("TRIUNE" id ": use " replacement "; run triune-migrate")]]

#if defined(TRIUNE_NO_DEPRECATION) || defined(TRIUNE_NO_DEPRECATION_GPU_MEMORY)
#define TRIUNE_DEPRECATED_GPU_MEMORY(id, replacement)
#else
#define TRIUNE_DEPRECATED_GPU_MEMORY(id, replacement) TRIUNE_DEPRECATED(id, replacement)
#endif

#if defined(TRIUNE_NO_DEPRECATION) || defined(TRIUNE_NO_DEPRECATION_DYNAMIC_BUFFER_MANAGER)
#define TRIUNE_DEPRECATED_DYNAMIC_BUFFER_MANAGER(id, replacement)
#else
#define TRIUNE_DEPRECATED_DYNAMIC_BUFFER_MANAGER(id, replacement) TRIUNE_DEPRECATED(id, replacement)
#endif

#if defined(TRIUNE_NO_DEPRECATION) || defined(TRIUNE_NO_DEPRECATION_UNIFIED_GPU_COMPUTE)
#define TRIUNE_DEPRECATED_UNIFIED_GPU_COMPUTE(id, replacement)
#else
#define TRIUNE_DEPRECATED_UNIFIED_GPU_COMPUTE(id, replacement) TRIUNE_DEPRECATED(id, replacement)
#endif

#if defined(TRIUNE_NO_DEPRECATION) || defined(TRIUNE_NO_DEPRECATION_DEVICE_BUFFER)
#define TRIUNE_DEPRECATED_DEVICE_BUFFER(id, replacement)
#else
#define TRIUNE_DEPRECATED_DEVICE_BUFFER(id, replacement) TRIUNE_DEPRECATED(id, replacement)
#endif

// Around a header's declarations: what they use of each other is no news to who includes them. Compilers judge by the place
// of the use, so that a user's own uses warn all the same.
#if defined(__CUDACC__) && defined(__NVCC_DIAG_PRAGMA_SUPPORT__)
#define TRIUNE_QUIET_BEGIN                                                       \
    _Pragma("GCC diagnostic push")                                              \
        _Pragma("GCC diagnostic ignored \"-Wdeprecated-declarations\"")         \
            _Pragma("nv_diagnostic push") _Pragma("nv_diag_suppress 1444")
#define TRIUNE_QUIET_END _Pragma("nv_diagnostic pop") _Pragma("GCC diagnostic pop")
#elif defined(__GNUC__)
#define TRIUNE_QUIET_BEGIN \
    _Pragma("GCC diagnostic push") _Pragma("GCC diagnostic ignored \"-Wdeprecated-declarations\"")
#define TRIUNE_QUIET_END _Pragma("GCC diagnostic pop")
#else
#define TRIUNE_QUIET_BEGIN
#define TRIUNE_QUIET_END
#endif
