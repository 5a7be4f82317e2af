// SPDX-License-Identifier: Apache-2.0
#include "clang/lambda_lifetime.hpp"

namespace migrate {

using namespace clang;

namespace {

using Path = llvm::SmallVector<const Stmt*, 32>;  // from the body down

// Calls `found` with the path to each statement that is wanted, which ends with it. Stops where that says false.
template <typename Wanted, typename Found>
bool each_path(const Stmt* at, Path& path, const Wanted& wanted, const Found& found) {
    if (at == nullptr) return true;
    path.push_back(at);
    bool going = !wanted(at) || found(path);
    for (const Stmt* each : at->children()) going = going && each_path(each, path, wanted, found);
    path.pop_back();
    return going;
}

// What does nothing to the object but pass it on.
bool is_wrapping(const Stmt* around, const CXXRecordDecl* closure) {
    if (isa<ParenExpr, ImplicitCastExpr, MaterializeTemporaryExpr, CXXBindTemporaryExpr, ExprWithCleanups>(around))
        return true;
    const auto* made = dyn_cast<CXXConstructExpr>(around);
    return made != nullptr && made->getConstructor()->getParent() == closure;
}

// None of these keeps a function that it is given, but for the copy that for_each returns.
bool is_algorithm(const FunctionDecl* function) {
    static const llvm::StringSet<> names = {
        "accumulate",  "adjacent_find", "all_of",      "any_of",           "binary_search", "copy_if",
        "count_if",    "equal",         "find_if",     "find_if_not",      "for_each",      "generate",
        "generate_n",  "inner_product", "is_sorted",   "lower_bound",      "max_element",   "min_element",
        "mismatch",    "none_of",       "nth_element", "partial_sort",     "partition",     "reduce",
        "remove_if",   "sort",          "stable_sort", "stable_partition", "transform",     "transform_reduce",
        "upper_bound",
    };
    return names.contains(function->getName());
}

// These call their first argument, and give it the others.
bool calls_first(const FunctionDecl* function) {
    return function->getName() == "invoke" || function->getName() == "apply" || function->getName() == "visit";
}

enum class Use { ends, held, kept };

// What is done with the object at the end of the path. Where it begins a variable, that is given too.
Use use_of(const Path& path, const CXXRecordDecl* closure, const VarDecl*& holder) {
    std::size_t at = path.size() - 1;
    while (at > 0 && is_wrapping(path[at - 1], closure)) --at;
    if (at == 0) return Use::kept;
    const Stmt* object = path[at];
    const Stmt* around = path[at - 1];
    if (const auto* declared = dyn_cast<DeclStmt>(around)) {
        holder = declared->isSingleDecl() ? dyn_cast<VarDecl>(declared->getSingleDecl()) : nullptr;
        return holder == nullptr ? Use::kept : Use::held;
    }
    const auto* call = dyn_cast<CallExpr>(around);
    if (call == nullptr) return Use::kept;
    if (const auto* operation = dyn_cast<CXXOperatorCallExpr>(call)) {
        const bool called = operation->getOperator() == OO_Call && operation->getArg(0) == object;
        return called ? Use::ends : Use::kept;
    }
    const FunctionDecl* function = call->getDirectCallee();
    if (function == nullptr || isa<CXXMethodDecl>(function) || !function->isInStdNamespace() ||
        !function->getDeclName().isIdentifier())
        return Use::kept;
    if (calls_first(function)) return call->getArg(0) == object ? Use::ends : Use::kept;
    // A statement of its own gives its value to nobody.
    const bool dropped = at >= 2 && isa<CompoundStmt>(path[at - 2]);
    const bool returned = call->getType()->getAsCXXRecordDecl() == closure;
    return is_algorithm(function) && (dropped || !returned) ? Use::ends : Use::kept;
}

// Another lambda that captures the variable names it too.
bool ends_with(const VarDecl* holder, const CXXRecordDecl* closure, const Stmt* body) {
    if (!holder->hasLocalStorage() || holder->getType()->getAsCXXRecordDecl() != closure) return false;
    Path path;
    const auto wanted = [&](const Stmt* each) {
        const auto* named = dyn_cast<DeclRefExpr>(each);
        return named != nullptr && named->getDecl()->getCanonicalDecl() == holder->getCanonicalDecl();
    };
    return each_path(body, path, wanted, [&](const Path& to) {
        const VarDecl* other = nullptr;
        return use_of(to, closure, other) == Use::ends;
    });
}

}  // namespace

bool ends_with_function(const LambdaExpr* lambda, const FunctionDecl* function) {
    const Stmt* body = function == nullptr ? nullptr : function->getBody();
    // What waits in the middle may go on after its caller has.
    if (body == nullptr || isa<CoroutineBodyStmt>(body)) return false;
    bool met = false;
    bool ends = true;
    Path path;
    const auto is_it = [&](const Stmt* each) { return each == lambda; };
    each_path(body, path, is_it, [&](const Path& to) {
        const VarDecl* holder = nullptr;
        const CXXRecordDecl* closure = lambda->getLambdaClass();
        const Use use = use_of(to, closure, holder);
        met = true;
        ends = ends && (use == Use::ends || (use == Use::held && ends_with(holder, closure, body)));
        return true;
    });
    return met && ends;
}

}  // namespace migrate
