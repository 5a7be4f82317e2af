// SPDX-License-Identifier: Apache-2.0
// What a question resolves to, in words that stay the same while the text is edited.
#include <algorithm>
#include <array>

#include "clang/type_arguments.hpp"
#include "collect/meaning_visitor.hpp"
#include "text/shown_path.hpp"

namespace migrate {

using namespace clang;

namespace {

// How deep the arguments of a type's arguments are asked about.
constexpr unsigned deepest = 4;

llvm::StringRef outermost_namespace(const Decl* declaration) {
    llvm::StringRef name;
    for (const DeclContext* each = declaration->getDeclContext(); each != nullptr; each = each->getParent()) {
        if (const auto* space = dyn_cast<NamespaceDecl>(each)) name = space->getName();
    }
    return name;
}

bool is_standard(const Decl* declaration) {
    const llvm::StringRef space = outermost_namespace(declaration);
    return space == "std" || space.starts_with("__");
}

// Names by which system headers call what a program has for its types, mostly with something general to fall back on.
bool is_called_by_others(const FunctionDecl* function) {
    if (function->isOverloadedOperator()) return true;
    constexpr std::array<std::string_view, 18> names = {
        "swap",          "begin",   "end",       "rbegin",    "rend",       "size",
        "data",          "empty",   "get",       "PrintTo",   "format_as",  "AbslHashValue",
        "AbslStringify", "to_json", "from_json", "to_string", "hash_value", "tag_invoke"};
    return function->getDeclName().isIdentifier() && llvm::is_contained(names, std::string_view(function->getName()));
}

std::string values_in(const TemplateArgumentList* arguments) {
    std::string text;
    if (arguments == nullptr) return text;
    for (const TemplateArgument& each : arguments->asArray()) {
        if (each.getKind() == TemplateArgument::Integral) text += " " + llvm::toString(each.getAsIntegral(), 10);
    }
    return text;
}

// Function templates of the standard that ask nothing of what they pass on.
bool only_passes_on(const FunctionDecl* function) {
    constexpr std::array<std::string_view, 10> names = {"move",     "forward",     "addressof",   "ref", "cref",
                                                        "as_const", "make_unique", "make_shared", "get", "any_cast"};
    return function->getDeclName().isIdentifier() && llvm::is_contained(names, std::string_view(function->getName()));
}

}  // namespace

MeaningVisitor::MadeContext MeaningVisitor::context_of(const Decl* declaration) {
    MadeContext made;
    const auto add = [&](llvm::ArrayRef<TemplateArgument> arguments) {
        TypeWords& all = made.arguments;
        const TypeWords words = words_.of(arguments);
        all.normal += (all.normal.empty() ? "" : " in ") + words.normal;
        all.original += (all.original.empty() ? "" : " in ") + words.original;
        all.library = all.library || words.library;
        return words.library;
    };
    if (const auto* variable = dyn_cast<VarTemplateSpecializationDecl>(declaration)) {
        if (isTemplateInstantiation(variable->getSpecializationKind())) add(variable->getTemplateArgs().asArray());
    }
    for (const Decl* at = declaration; at != nullptr;) {
        if (const auto* function = dyn_cast<FunctionDecl>(at)) {
            const TemplateArgumentList* arguments = function->getTemplateSpecializationArgs();
            const bool made_here =
                arguments != nullptr && isTemplateInstantiation(function->getTemplateSpecializationKind());
            if (made_here && add(arguments->asArray())) {
                const FunctionDecl* pattern = function->getTemplateInstantiationPattern();
                const std::string key =
                    key_of((pattern == nullptr ? function : pattern)->getCanonicalDecl()->getLocation(), "T:");
                if (!key.empty()) made.parts.insert(key);
            }
        } else if (const auto* record = dyn_cast<ClassTemplateSpecializationDecl>(at)) {
            if (isTemplateInstantiation(record->getSpecializationKind())) add(record->getTemplateArgs().asArray());
        }
        const DeclContext* outer = at->getDeclContext();
        at = outer == nullptr || outer->isFileContext() ? nullptr : cast<Decl>(outer);
    }
    return made;
}

std::string MeaningVisitor::key_of(SourceLocation location, const char* kind) {
    // A use is known by where it is spelled, a declaration by where it is made.
    location = kind[0] == 'S' ? sources_.getSpellingLoc(location) : sources_.getExpansionLoc(location);
    if (owners_.of(location) != FileOwner::program) return {};
    const auto [path, offset] = owners_.written(location);
    return kind + *path + ":" + std::to_string(offset);
}

Place MeaningVisitor::declared_at(const Decl* declaration) {
    const auto [path, offset] = owners_.written(declaration->getLocation());
    return {*path, where_(*path, offset).value_or(~0U)};
}

std::string MeaningVisitor::shown_place(const NamedDecl* declaration) {
    const SourceLocation location = sources_.getFileLoc(declaration->getLocation());
    const auto [path, offset] = owners_.written(location);
    return " (" + shown_path(*path) + ":" + std::to_string(sources_.getPresumedLineNumber(location)) + ")";
}

std::string MeaningVisitor::shown(const NamedDecl* declaration) {
    return declaration->getQualifiedNameAsString() + shown_place(declaration);
}

// `made`: what was instantiated from the declaration, or it itself.
MeaningVisitor::AnswerText MeaningVisitor::answer_of(const NamedDecl* declaration, const NamedDecl* made) {
    const auto* function = dyn_cast<FunctionDecl>(made);
    const std::string values = function == nullptr ? "" : values_in(function->getTemplateSpecializationArgs());
    switch (owners_.of(declaration->getLocation())) {
        case FileOwner::program:
            return {declared_at(declaration), values, shown(declaration)};
        case FileOwner::system:
            if (!is_standard(declaration)) return {declared_at(declaration), values, shown(declaration)};
            break;
        case FileOwner::error_header:
            return {{}, declaration->getQualifiedNameAsString(), declaration->getQualifiedNameAsString()};
        case FileOwner::library:
        case FileOwner::nobody:
            break;
    }
    // Not the program's, and which of them it is the edit itself decides.
    return {{}, "elsewhere", declaration->getQualifiedNameAsString()};
}

std::optional<MeaningVisitor::AnswerText> MeaningVisitor::function_meant(const FunctionDecl* function) {
    if (const auto* constructor = dyn_cast<CXXConstructorDecl>(function);
        constructor != nullptr && constructor->isInheritingConstructor()) {
        function = constructor->getInheritedConstructor().getConstructor();
    }
    if (function == nullptr) return std::nullopt;
    const FunctionDecl* pattern = function->getTemplateInstantiationPattern();
    return answer_of((pattern == nullptr ? function : pattern)->getCanonicalDecl(), function);
}

std::optional<MeaningVisitor::AnswerText> MeaningVisitor::specialisation_meant(
    const ClassTemplateSpecializationDecl* made) {
    const TemplateSpecializationKind kind = made->getSpecializationKind();
    if (kind == TSK_Undeclared) return std::nullopt;
    const NamedDecl* pattern = made;
    if (kind != TSK_ExplicitSpecialization) {
        const auto chosen = made->getSpecializedTemplateOrPartial();
        if (const auto* partial = dyn_cast<ClassTemplatePartialSpecializationDecl*>(chosen))
            pattern = partial;
        else
            pattern = made->getSpecializedTemplate()->getCanonicalDecl();
    }
    return answer_of(pattern, pattern);
}

void MeaningVisitor::note(SourceLocation location, const std::string& question, const AnswerText& answer,
                          std::size_t mark) {
    const SourceLocation at = sources_.getFileLoc(location);
    if (owners_.of(at) != FileOwner::program) return;
    const auto [path, offset] = owners_.written(at);
    const std::optional<unsigned> before = where_(*path, offset);
    if (!before) return;
    const Place asked{*path, *before};
    if (wanted_ != nullptr && !wanted_->contains(asked)) return;
    const MadeContext& made = contexts_.back();
    const auto [entry, fresh] =
        found_.try_emplace({asked, question, made.arguments.normal, answer.declared, answer.answer});
    Meaning& held = entry->second;
    if (fresh) {
        held.at = asked;
        held.question = question;
        held.made_for = made.arguments.normal;
        held.declared = answer.declared;
        held.answer = answer.answer;
        held.shown = answer.shown;
        held.now = {*path, offset};
        held.line = sources_.getPresumedLineNumber(at);
    }
    if (!is_before()) return;
    std::set<std::string> parts(held.parts.begin(), held.parts.end());
    parts.insert(made.parts.begin(), made.parts.end());
    parts.insert(parts_.begin() + static_cast<std::ptrdiff_t>(mark), parts_.end());
    held.parts.assign(parts.begin(), parts.end());
}

void MeaningVisitor::note_name(const ValueDecl* named, SourceLocation location) {
    const FileOwner owner = owners_.of(named->getLocation());
    if (owner == FileOwner::library) {
        parts_.push_back(key_of(location, "S:"));
    } else if (owner == FileOwner::program) {
        if (words_.of(named->getType()).library) parts_.push_back(key_of(named->getLocation(), "D:"));
        const auto* function = dyn_cast<FunctionDecl>(named);
        const TemplateArgumentList* arguments =
            function == nullptr ? nullptr : function->getTemplateSpecializationArgs();
        if (arguments == nullptr || !words_.of(arguments->asArray()).library) return;
        const FunctionDecl* pattern = function->getTemplateInstantiationPattern();
        parts_.push_back(key_of((pattern == nullptr ? function : pattern)->getCanonicalDecl()->getLocation(), "T:"));
    }
}

bool MeaningVisitor::involves_library(const Expr* expression) { return words_.of(expression->getType()).library; }

bool MeaningVisitor::involves_library(const FunctionDecl* function) {
    if (words_.of(function->getType()).library) return true;
    const TemplateArgumentList* arguments = function->getTemplateSpecializationArgs();
    if (arguments != nullptr && words_.of(arguments->asArray()).library) return true;
    const auto* method = dyn_cast<CXXMethodDecl>(function);
    return method != nullptr && words_.of(record_type(context_, method->getParent())).library;
}

void MeaningVisitor::note_call(const FunctionDecl* callee, SourceLocation location, bool involved, std::size_t mark) {
    if (!is_involved(involved, mark)) return;
    if (!looked_up_.empty() && callee->getPrimaryTemplate() != nullptr && !isa<CXXMethodDecl>(callee) &&
        !only_passes_on(callee) && owners_.of(callee->getLocation()) == FileOwner::system) {
        for (const ParmVarDecl* each : callee->parameters()) note_lookups(each->getType(), location, mark);
    }
    if (const auto meant = function_meant(callee))
        note(location, isa<CXXConstructorDecl>(callee) ? "the constructor called" : "the function called", *meant,
             mark);
}

void MeaningVisitor::note_value(Expr* value, bool involved, std::size_t mark) {
    if (!value->getType()->isBooleanType()) return;
    if (!is_involved(involved, mark)) return;
    Expr::EvalResult result;
    if (!value->EvaluateAsInt(result, context_)) return;
    const std::string answer = result.Val.getInt().getBoolValue() ? "true" : "false";
    note(value->getExprLoc(), "the value", {{}, answer, answer}, mark);
}

void MeaningVisitor::note_specialisations(QualType type, SourceLocation location, unsigned depth) {
    const auto* made = dyn_cast_or_null<ClassTemplateSpecializationDecl>(type->getAsCXXRecordDecl());
    if (made == nullptr || depth > deepest) return;
    const TypeWords& words = words_.of(type);
    if (!words.library) return;
    if (owners_.of(made->getSpecializedTemplate()->getLocation()) != FileOwner::library) {
        const auto meant = specialisation_meant(made);
        if (meant) note(location, "the specialisation of " + words.normal, *meant, parts_.size());
    }
    for (const QualType each : type_arguments(made)) note_specialisations(each, location, depth + 1);
}

void MeaningVisitor::note_kept_by_type(const std::string& what, const TypeWords& words, std::size_t mark) {
    if (!is_before() || !words.library) return;
    std::set<std::string>& parts = told_apart_[what + " for " + words.normal][words.original];
    parts.insert(parts_.begin() + static_cast<std::ptrdiff_t>(mark), parts_.end());
    parts.insert(contexts_.back().parts.begin(), contexts_.back().parts.end());
}

// The library's classes, and the program's own names for them, that are spelled among a template's arguments.
void MeaningVisitor::note_spelled(TypeLoc type, std::set<std::string>& keys) {
    for (TypeLoc each = type; !each.isNull(); each = each.getNextTypeLoc()) {
        if (const auto alias = each.getAs<TypedefTypeLoc>(); alias && words_.of(each.getType()).library) {
            keys.insert(key_of(alias.getTypePtr()->getDecl()->getLocation(), "D:"));
            return;
        }
        const auto tag = each.getAs<TagTypeLoc>();
        const auto made = each.getAs<TemplateSpecializationTypeLoc>();
        const auto* record = tag || made ? each.getType()->getAsCXXRecordDecl() : nullptr;
        if (record != nullptr && owners_.of(record->getLocation()) == FileOwner::library)
            keys.insert(key_of(made ? made.getTemplateNameLoc() : tag.getNameLoc(), "S:"));
        for (unsigned at = 0; made && at < made.getNumArgs(); ++at) {
            if (const TypeSourceInfo* argument = made.getArgLoc(at).getTypeSourceInfo(); argument != nullptr)
                note_spelled(argument->getTypeLoc(), keys);
        }
    }
}

// A function that system headers find by the namespaces of its arguments alone.
void MeaningVisitor::remember_lookup(const FunctionDecl* function) {
    if (!words_.of(function->getType()).library || !is_called_by_others(function)) return;
    for (const ParmVarDecl* each : function->parameters()) {
        const QualType type = each->getType().getNonReferenceType().getUnqualifiedType();
        if (type->getAsCXXRecordDecl() == nullptr || !words_.of(type).library) continue;
        looked_up_[words_.of(type).normal].insert(
            {function->getNameAsString(), outermost_namespace(function).str(), key_of(function->getLocation(), "D:")});
    }
}

// What a function template of a system header does with the type may depend on what it finds for it.
void MeaningVisitor::note_lookups(QualType type, SourceLocation location, std::size_t mark, unsigned depth) {
    type = type.getNonReferenceType();
    while (type->isPointerType()) type = type->getPointeeType();
    const auto* record = type->getAsCXXRecordDecl();
    if (record == nullptr || depth > deepest || !words_.of(type).library) return;
    if (const auto known = looked_up_.find(words_.of(type.getUnqualifiedType()).normal); known != looked_up_.end()) {
        for (const auto& [name, space, key] : known->second) {
            const std::string answer = outermost_namespace(record) == space ? "found" : "not found";
            parts_.push_back(key);
            note(location, name + ", looked up by the namespace of its argument,", {{}, answer, answer}, mark);
        }
    }
    for (const QualType each : type_arguments(record)) note_lookups(each, location, mark, depth + 1);
}

// std::any takes any type, and functions beside it name it again.
void MeaningVisitor::note_forgotten_type(const FunctionDecl* callee, std::size_t mark) {
    if (!is_before() || !is_standard(callee) || owners_.of(callee->getLocation()) != FileOwner::system) return;
    const auto* member = dyn_cast<CXXMethodDecl>(callee);
    const bool of_any = member != nullptr && member->getParent()->getDeclName().isIdentifier() &&
                        member->getParent()->getName() == "any";
    const bool names_it =
        callee->getDeclName().isIdentifier() && (callee->getName() == "any_cast" || callee->getName() == "make_any");
    const TemplateArgumentList* arguments = of_any || names_it ? callee->getTemplateSpecializationArgs() : nullptr;
    if (arguments == nullptr) return;
    // What else a constructor of std::any has as arguments is its own.
    const TemplateArgument& named = (*arguments)[0];
    if (named.getKind() != TemplateArgument::Type) return;
    note_kept_by_type("an object of a forgotten type",
                      words_.of(named.getAsType().getNonReferenceType().getUnqualifiedType()), mark);
}

}  // namespace migrate
