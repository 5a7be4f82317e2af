// SPDX-License-Identifier: Apache-2.0
#include "clang/view_uses.hpp"

#include <algorithm>
#include <array>

namespace migrate {

using namespace clang;

namespace {

// Standard algorithms that only read the ranges their first so many arguments bound, and keep no iterator of them.
struct ReadingAlgorithm {
    std::string_view name;
    unsigned inputs;
    bool gives_iterator = false;
};
constexpr auto reading_algorithms = std::to_array<ReadingAlgorithm>({{"accumulate", 2},
                                                                     {"reduce", 2},
                                                                     {"count", 2},
                                                                     {"count_if", 2},
                                                                     {"all_of", 2},
                                                                     {"any_of", 2},
                                                                     {"none_of", 2},
                                                                     {"copy", 2},
                                                                     {"transform", 2},
                                                                     {"inner_product", 3},
                                                                     {"equal", 3},
                                                                     {"min_element", 2, true},
                                                                     {"max_element", 2, true}});

// Waiting for other threads lets them download; what is called through std::function nobody can follow.
bool may_wait_or_call(const FunctionDecl* function) {
    std::string name = function->getNameAsString();
    if (const auto* method = dyn_cast<CXXMethodDecl>(function)) name = method->getParent()->getNameAsString();
    constexpr auto parts = std::to_array<std::string_view>(
        {"thread", "mutex", "lock", "condition_variable", "future", "promise", "atomic", "latch", "barrier",
         "semaphore", "function", "async", "sleep", "yield", "bind", "any_invocable"});
    return std::ranges::any_of(parts, [&](std::string_view each) { return name.find(each) != std::string::npos; });
}

bool is_constant_reference(QualType type) {
    return type->isLValueReferenceType() && type->getPointeeType().isConstQualified();
}

class UseWalker : public RecursiveASTVisitor<UseWalker> {
    using Base = RecursiveASTVisitor<UseWalker>;

  public:
    UseWalker(const VarDecl* variable, std::string_view array, const ViewQuestions& ask) : array_(array), ask_(ask) {
        if (const auto* parts = dyn_cast<DecompositionDecl>(variable)) {
            vectors_.insert(parts->bindings().begin(), parts->bindings().end());
        } else {
            whole_ = variable;
        }
    }

    bool TraverseStmt(Stmt* statement) {
        if (statement == nullptr || !result.refusal.empty()) return true;
        above_.push_back(statement);
        const bool going = Base::TraverseStmt(statement);
        above_.pop_back();
        return going;
    }

    // `const auto& x = std::get<0>(v);` is one more name of an array.
    bool VisitVarDecl(VarDecl* declared) {
        if (!declared->hasInit() || isa<DecompositionDecl>(declared)) return true;
        const Expr* init = declared->getInit()->IgnoreUnlessSpelledInSource();
        const auto* call = dyn_cast<CallExpr>(init);
        if (call == nullptr || call->getNumArgs() != 1 || !names(call->getArg(0), whole_)) return true;
        const TypeLoc type = declared->getTypeSourceInfo()->getTypeLoc();
        if (type.getType()->getContainedAutoType() == nullptr || !declared->hasLocalStorage()) return true;
        vectors_.insert(declared);
        aliased_.insert(call);
        return true;
    }

    bool VisitDeclRefExpr(DeclRefExpr* use) {
        const ValueDecl* named = use->getDecl();
        const bool whole = whole_ != nullptr && named == whole_;
        if (!whole && !vectors_.contains(named) && !elements_.contains(named)) return true;
        if (std::ranges::any_of(above_, [](const Stmt* each) { return isa<LambdaExpr>(each); })) {
            refuse("copy-escapes");
        } else if (use->getLocation().isMacroID()) {
            refuse("copy-unresolved");
        } else if (whole) {
            read_whole(above_.size() - 1);
        } else if (vectors_.contains(named)) {
            read_vector(above_.size() - 1);
        } else {
            read_element(above_.size() - 1);
        }
        return true;
    }

    bool VisitCallExpr(CallExpr* call) {
        const FunctionDecl* function = call->getDirectCallee();
        if (function == nullptr) return refuse("copy-later-download");
        if (enter(function)) return true;
        // What is not the project's comes back to it through what it is given.
        for (const Expr* each : call->arguments()) {
            const Expr* given = each->IgnoreUnlessSpelledInSource();
            const auto* named = dyn_cast<DeclRefExpr>(given);
            const auto* record = given->getType().getNonReferenceType()->getAsCXXRecordDecl();
            const bool object = record != nullptr && !record->isLambda() && is_callable(record);
            if ((named != nullptr && isa<FunctionDecl>(named->getDecl())) ||
                given->getType()->isFunctionPointerType() || object) {
                return refuse("copy-later-download");
            }
        }
        return true;
    }

    bool VisitCXXConstructExpr(CXXConstructExpr* made) {
        enter(made->getConstructor());
        return true;
    }
    bool VisitCXXDeleteExpr(CXXDeleteExpr*) { return refuse("copy-later-download"); }
    bool VisitCoroutineSuspendExpr(CoroutineSuspendExpr*) { return refuse("copy-unresolved"); }

    ViewUses result;

  private:
    bool refuse(std::string_view note) {
        if (result.refusal.empty()) result.refusal = note;
        return true;
    }

    static bool names(const Expr* expression, const ValueDecl* wanted) {
        const auto* named = dyn_cast<DeclRefExpr>(expression->IgnoreParenImpCasts());
        return wanted != nullptr && named != nullptr && named->getDecl() == wanted;
    }

    static bool is_callable(const CXXRecordDecl* record) {
        return record->hasDefinition() && std::ranges::any_of(record->methods(), [](const CXXMethodDecl* each) {
                   return each->getOverloadedOperator() == OO_Call;
               });
    }

    // Notes what a call does while the variable lives; false where it may call back.
    bool enter(const FunctionDecl* function) {
        if (const LegacyName name = ask_.legacy(function)) {
            const auto arrays = downloads_of(name);
            if (std::ranges::find(arrays, array_) != arrays.end()) refuse("copy-later-download");
            return true;
        }
        if (function->isImplicit() || function->isDefaulted()) return true;
        if (const std::string key = ask_.call_key(function); !key.empty()) {
            result.callees.insert(key);
            return true;
        }
        if (may_wait_or_call(function)) refuse("copy-later-download");
        return false;
    }

    const Stmt* parent(std::size_t at) const { return at == 0 ? nullptr : above_[at - 1]; }

    // Up through parentheses and casts that add const.
    std::size_t outermost(std::size_t at) const {
        for (; at > 0; --at) {
            const auto* cast = dyn_cast<ImplicitCastExpr>(parent(at));
            if (!isa<ParenExpr>(parent(at)) && (cast == nullptr || cast->getCastKind() != CK_NoOp)) break;
        }
        return at;
    }

    static const CXXMethodDecl* called_on(const Stmt* member, const Stmt* call) {
        const auto* named = dyn_cast_or_null<MemberExpr>(member);
        const auto* made = dyn_cast_or_null<CXXMemberCallExpr>(call);
        if (named == nullptr || made == nullptr || made->getCallee()->IgnoreParens() != named) return nullptr;
        return made->getMethodDecl();
    }

    // The variable itself: the first argument of std::get<N> and nothing else.
    void read_whole(std::size_t at) {
        at = outermost(at);
        const auto* call = dyn_cast_or_null<CallExpr>(parent(at));
        const FunctionDecl* function = call == nullptr ? nullptr : call->getDirectCallee();
        const TemplateArgumentList* index = function == nullptr ? nullptr : function->getTemplateSpecializationArgs();
        const bool gets = index != nullptr && function->isInStdNamespace() && function->getName() == "get" &&
                          index->get(0).getKind() == TemplateArgument::Integral;
        if (!gets) return void(refuse("copy-escapes"));
        const auto whole = ask_.range(call->getSourceRange());
        const auto name = ask_.range(call->getArg(0)->getSourceRange());
        const auto number = index->get(0).getAsIntegral().getExtValue();
        if (!whole || !name || number > 2) return void(refuse("copy-unresolved"));
        constexpr std::array<std::string_view, 3> members = {".x", ".y", ".z"};
        result.edits.push_back({whole->file, whole->begin, name->begin - whole->begin, ""});
        result.edits.push_back(
            {whole->file, name->end, whole->end - name->end, std::string(members[static_cast<std::size_t>(number)])});
        if (!aliased_.contains(call)) read_vector(at - 1);
    }

    void read_vector(std::size_t at) {
        at = outermost(at);
        const Stmt* user = parent(at);
        if (const auto* loop = dyn_cast_or_null<CXXForRangeStmt>(user); loop != nullptr) {
            if (loop->getRangeInit() != above_[at]) return void(refuse("copy-escapes"));
            return read_each(loop->getLoopVariable());
        }
        if (const auto* call = dyn_cast_or_null<CXXOperatorCallExpr>(user)) {
            if (call->getArg(0) != above_[at]) return void(refuse("copy-escapes"));
            if (call->getOperator() == OO_Subscript) return read_element(at - 1);
            return void(refuse(call->isAssignmentOp() ? "copy-modified" : "copy-escapes"));
        }
        const CXXMethodDecl* method = at < 2 ? nullptr : called_on(user, parent(at - 1));
        if (method == nullptr) return void(refuse("copy-escapes"));
        const std::string name = method->getNameAsString();
        if (name == "size" || name == "empty") return;
        if (name == "at") return read_element(at - 2);
        if (name == "begin" || name == "end") return read_iterator(at - 2);
        refuse(method->isConst() || name == "data" || name == "front" || name == "back" ? "copy-escapes"
                                                                                        : "copy-modified");
    }

    void read_each(const VarDecl* element) {
        const QualType type = element->getType();
        if (!type->isReferenceType()) return;
        if (!is_constant_reference(type)) return void(refuse("copy-modified"));
        elements_.insert(element);
    }

    // An element: its value is taken at once.
    void read_element(std::size_t at) {
        at = outermost(at);
        const Stmt* user = parent(at);
        if (const auto* cast = dyn_cast_or_null<ImplicitCastExpr>(user);
            cast != nullptr && cast->getCastKind() == CK_LValueToRValue) {
            return;
        }
        if (const auto* call = dyn_cast_or_null<CallExpr>(user)) {
            const FunctionDecl* function = call->getDirectCallee();
            const auto* method = dyn_cast_or_null<CXXMethodDecl>(function);
            const bool standard = function != nullptr && (method == nullptr ? function->isInStdNamespace()
                                                                            : method->getParent()->isInStdNamespace());
            if (standard && function->getDeclName().isIdentifier()) {
                const llvm::StringRef name = function->getName();
                if (method != nullptr && name == "push_back") return;
                if (method == nullptr && (name == "max" || name == "min" || name == "clamp"))
                    return read_element(at - 1);
            }
        }
        const auto* binary = dyn_cast_or_null<BinaryOperator>(user);
        const auto* unary = dyn_cast_or_null<UnaryOperator>(user);
        const bool written = (binary != nullptr && binary->isAssignmentOp() && binary->getLHS() == above_[at]) ||
                             (unary != nullptr && unary->isIncrementDecrementOp());
        refuse(written ? "copy-modified" : "copy-escapes");
    }

    // begin() or end(): an input of an algorithm that only reads, or what a standard container is made from.
    void read_iterator(std::size_t at) {
        // The argument may be a converted or copied iterator.
        for (; at > 0; --at) {
            const Stmt* user = parent(at);
            const auto* made = dyn_cast<CXXConstructExpr>(user);
            if (made != nullptr && made->getConstructor()->getParent()->isInStdNamespace() &&
                is_container(made->getConstructor()->getParent())) {
                return;
            }
            const bool converted = made != nullptr && made->getNumArgs() == 1;
            if (!converted && !isa<ImplicitCastExpr, MaterializeTemporaryExpr, CXXBindTemporaryExpr, ParenExpr>(user))
                break;
        }
        const auto* call = dyn_cast_or_null<CallExpr>(parent(at));
        const FunctionDecl* function = call == nullptr ? nullptr : call->getDirectCallee();
        if (function == nullptr || !function->isInStdNamespace() || !function->getDeclName().isIdentifier())
            return void(refuse("copy-escapes"));
        const auto known =
            std::ranges::find(reading_algorithms, std::string_view(function->getName()), &ReadingAlgorithm::name);
        if (known == reading_algorithms.end()) return void(refuse("copy-escapes"));
        const auto argument = std::find(call->arg_begin(), call->arg_end(), above_[at]) - call->arg_begin();
        if (argument >= known->inputs) return void(refuse("copy-modified"));
        if (std::ranges::any_of(call->arguments(), [&](const Expr* each) { return takes_reference(each); }))
            return void(refuse("copy-modified"));
        if (!known->gives_iterator) return;
        // *std::max_element(...)
        std::size_t result_at = at - 1;
        while (result_at > 0 && isa<ImplicitCastExpr, MaterializeTemporaryExpr, ParenExpr>(parent(result_at)))
            --result_at;
        const auto* star = dyn_cast_or_null<CXXOperatorCallExpr>(parent(result_at));
        if (star == nullptr || star->getOperator() != OO_Star) return void(refuse("copy-escapes"));
        read_element(result_at - 1);
    }

    static bool is_container(const CXXRecordDecl* record) {
        constexpr auto containers = std::to_array<std::string_view>({"vector", "deque", "list", "set", "multiset"});
        return std::ranges::find(containers, std::string_view(record->getName())) != containers.end();
    }

    // A lambda that takes an element other than by value or as const may write to it.
    static bool takes_reference(const Expr* argument) {
        const auto* record = argument->getType().getNonReferenceType()->getAsCXXRecordDecl();
        if (record == nullptr || !record->isLambda()) return false;
        const CXXMethodDecl* call = record->getLambdaCallOperator();
        return call == nullptr || std::ranges::any_of(call->parameters(), [](const ParmVarDecl* each) {
                   return each->getType()->isReferenceType() && !is_constant_reference(each->getType());
               });
    }

    std::string_view array_;
    const ViewQuestions& ask_;
    const VarDecl* whole_ = nullptr;       // a tuple of the three arrays
    std::set<const ValueDecl*> vectors_;   // names of one array each
    std::set<const ValueDecl*> elements_;  // references to elements
    std::set<const CallExpr*> aliased_;    // std::get<N>(v) that a name was given to
    std::vector<const Stmt*> above_;       // what is being walked, outermost first
};

}  // namespace

ViewUses study_uses(const VarDecl* variable, std::string_view array, std::span<Stmt* const> rest,
                    const ViewQuestions& ask) {
    UseWalker walker(variable, array, ask);
    for (Stmt* each : rest) walker.TraverseStmt(each);
    return walker.result;
}

std::vector<std::string_view> downloads_of(LegacyName name) {
    if (!name || name.from->module != "unified_gpu_compute") return {};
    const std::string_view method = name.spelled->legacy.substr(name.spelled->legacy.rfind(':') + 1);
    if (method == "sync_all_transfers" || method == "resize_buffers") return {"positions", "velocities"};
    if (method.find("async") == std::string_view::npos && !method.starts_with("wait_for")) return {};
    return {method.find("positions") != std::string_view::npos ? "positions" : "velocities"};
}

}  // namespace migrate
