// SPDX-License-Identifier: Apache-2.0
#include "rules/rule.hpp"

namespace migrate {

// Catch clauses over migrated calls. utils/cuda_error_handling.hpp stays, so these rules have no sites of their own:
// they are edits that must go with the calls under the handler.
const std::vector<Rule>& error_handler_rules() {
    static const std::vector<Rule> rules = {
        {"TRIUNE5001", "error_handlers", "", "catch (const utils::CudaException& e) { report(e.what(), e.code()); }",
         "catch (const triune::Error& e) { report(e.what(), static_cast<utils::CudaError>(e.cuda_error())); }",
         "Migrated calls throw triune::Error, so a handler of CudaException above them catches that instead. Which "
         "calls "
         "lie under a handler is followed through every function of the program; a call through a function object, and "
         "a function whose body is not seen, may reach anything that the program has. Where only migrated calls can "
         "reach the handler it "
         "is rewritten; where calls that still throw CudaException (CudaErrorHandler::check_error, CudaMemoryGuard, a "
         "throw of the program's own) can reach it too, a second handler with the same body is put before it; where no "
         "migrated call can reach it, it is left alone. what() is the same; code() is written as "
         "static_cast<utils::CudaError>(e.cuda_error()). Failures of module 2 were a plain std::runtime_error and "
         "passed "
         "such a handler. Where they can reach it, it asks e.untyped() first and does with them what the handler "
         "behind it "
         "did, or lets them pass.",
         "Refused (handler) where the exception object is used in another way than what() and code(), or where a "
         "handler "
         "to be doubled has a label, a local type or more than 40 lines. The calls under it are then left alone too. "
         "Where only "
         "the handler behind it cannot be repeated, the calls of module 2 are left alone (untyped-handler)."},
        {"TRIUNE5002", "error_handlers", "",
         "auto handler = utils::get_global_cuda_error_handler();\n    gpu::DynamicBufferManager m(handler);",
         "triune::GpuMemoryManager m;",
         "A local error handler that is passed to managers and buffers only goes with the argument. A parameter that "
         "loses its last use keeps its type and loses its name.",
         "Left alone where anything else uses it."},
    };
    return rules;
}

}  // namespace migrate
