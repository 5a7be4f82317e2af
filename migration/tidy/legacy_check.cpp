// SPDX-License-Identifier: Apache-2.0
#include "tidy/legacy_check.hpp"

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wunused-parameter"
#include <clang/AST/ASTContext.h>
#include <clang/ASTMatchers/ASTMatchers.h>
#include <clang/ASTMatchers/ASTMatchFinder.h>
#include <clang/Lex/PPCallbacks.h>
#include <clang/Lex/Preprocessor.h>
#pragma GCC diagnostic pop

#include <memory>
#include <string>

#include "rules/legacy_names.hpp"

namespace migrate {
namespace {

using namespace clang::ast_matchers;

// Without template arguments and inline namespaces, as rules spell names.
std::string qualified_name(const clang::NamedDecl& declaration) {
    std::string name = declaration.getNameAsString();
    for (const clang::DeclContext* outer = declaration.getDeclContext(); outer != nullptr; outer = outer->getParent()) {
        const auto* named = llvm::dyn_cast<clang::NamedDecl>(outer);
        if (named == nullptr || named->getDeclName().isEmpty()) continue;
        if (const auto* space = llvm::dyn_cast<clang::NamespaceDecl>(named); space != nullptr && space->isInline())
            continue;
        name = named->getNameAsString() + "::" + name;
    }
    return name;
}

// What becomes of the name, on a line that editors show.
std::string fate(const LegacyName& name) {
    const std::string id = " (" + std::string(name.from->id) + ")";
    if (name.spelled->kind == EditKind::refuse) return "triune-migrate leaves it" + id;
    if (name.spelled->replacement.empty()) return "it falls away" + id + "; run triune-migrate";
    return "`" + std::string(name.spelled->replacement) + "` takes its place" + id + "; run triune-migrate";
}

std::string example(const Rule& rule) {
    return "`" + std::string(rule.before) + "` becomes `" + std::string(rule.after) + "`";
}

// Legacy headers name each other.
bool in_legacy_header(clang::SourceLocation where, const clang::SourceManager& sources) {
    const std::string file = sources.getFilename(where).str();
    return legacy_header(file) != nullptr || is_error_header(file) || is_new_api(file);
}

class Includes : public clang::PPCallbacks {
  public:
    Includes(LegacyCheck& check, const clang::SourceManager& sources) : check_(check), sources_(sources) {}

    void InclusionDirective(clang::SourceLocation hash, const clang::Token&, llvm::StringRef name, bool,
                            clang::CharSourceRange, clang::OptionalFileEntryRef, llvm::StringRef, llvm::StringRef,
                            const clang::Module*, bool, clang::SrcMgr::CharacteristicKind) override {
        const Rule* const rule = legacy_header("/" + name.str());
        if (rule == nullptr || in_legacy_header(hash, sources_) || sources_.isInSystemHeader(hash)) return;
        check_.diag(hash, "the legacy header '%0' is included (%1); run triune-migrate") << name << rule->id.data();
    }

  private:
    LegacyCheck& check_;
    const clang::SourceManager& sources_;
};

}  // namespace

void LegacyCheck::registerMatchers(MatchFinder* finder) {
    finder->addMatcher(declRefExpr().bind("reference"), this);
    finder->addMatcher(memberExpr().bind("member"), this);
    finder->addMatcher(typeLoc().bind("type"), this);
    finder->addMatcher(cxxDependentScopeMemberExpr().bind("dependent"), this);
}

void LegacyCheck::registerPPCallbacks(const clang::SourceManager& sources, clang::Preprocessor* preprocessor,
                                      clang::Preprocessor* /*expander*/) {
    preprocessor->addPPCallbacks(std::make_unique<Includes>(*this, sources));
}

void LegacyCheck::warn(clang::SourceLocation where, const clang::SourceManager& sources,
                       const clang::NamedDecl* named) {
    if (named == nullptr || !named->getDeclName().isIdentifier()) return;
    const std::string qualified = qualified_name(*named);
    const LegacyName name = find_legacy_name(qualified);
    if (!name || name.spelled->kind == EditKind::keep) return;
    const clang::SourceLocation at = sources.getExpansionLoc(where);
    if (at.isInvalid() || in_legacy_header(at, sources) || !told_.insert(at).second) return;
    diag(at, "'%0' is legacy: %1") << qualified << fate(name);
    diag(at, "%0", clang::DiagnosticIDs::Note) << example(*name.from);
}

void LegacyCheck::check(const MatchFinder::MatchResult& found) {
    const clang::SourceManager& sources = *found.SourceManager;
    if (const auto* reference = found.Nodes.getNodeAs<clang::DeclRefExpr>("reference")) {
        warn(reference->getLocation(), sources, reference->getDecl());
    } else if (const auto* member = found.Nodes.getNodeAs<clang::MemberExpr>("member")) {
        warn(member->getMemberLoc(), sources, member->getMemberDecl());
    } else if (const auto* type = found.Nodes.getNodeAs<clang::TypeLoc>("type")) {
        if (const auto alias = type->getAs<clang::TypedefTypeLoc>()) {
            warn(alias.getNameLoc(), sources, alias.getTypedefNameDecl());
        } else if (const auto made = type->getAs<clang::TemplateSpecializationTypeLoc>()) {
            warn(made.getTemplateNameLoc(), sources, made.getTypePtr()->getTemplateName().getAsTemplateDecl());
        } else if (const auto tag = type->getAs<clang::TagTypeLoc>()) {
            warn(tag.getNameLoc(), sources, tag.getDecl());
        }
    } else if (const auto* use = found.Nodes.getNodeAs<clang::CXXDependentScopeMemberExpr>("dependent")) {
        // Of a class that is known but for its arguments; what the object of a template parameter is nobody knows.
        const auto* const of =
            use->getBaseType().isNull() ? nullptr : use->getBaseType()->getAs<clang::TemplateSpecializationType>();
        const clang::TemplateDecl* const owner = of == nullptr ? nullptr : of->getTemplateName().getAsTemplateDecl();
        const auto* const record =
            owner == nullptr ? nullptr : llvm::dyn_cast<clang::CXXRecordDecl>(owner->getTemplatedDecl());
        if (record == nullptr) return;
        const auto members = record->lookup(use->getMember());
        if (!members.empty()) warn(use->getMemberLoc(), sources, members.front());
    }
}

}  // namespace migrate
