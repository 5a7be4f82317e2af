// SPDX-License-Identifier: Apache-2.0
#include "collect/config_defaults.hpp"

#include <array>

#include "text/source_text.hpp"

namespace migrate {

using namespace clang;

namespace {

// What a legacy BufferConfig{} held, member by member.
constexpr std::array<std::string_view, 4> legacy_defaults = {"64", "1.5F", "std::size_t{1} << 30", "1024"};

std::string defaults_from(unsigned given) {
    std::string text;
    for (unsigned at = given; at < legacy_defaults.size(); ++at) {
        if (at > given) text += ", ";
        text += legacy_defaults[at];
    }
    return text;
}

}  // namespace

void ConfigDefaults::spell(Groups::Key group, const std::string& file, unsigned begin, unsigned end, unsigned given) {
    sink_.put(group, file, begin, end, "{" + defaults_from(given) + "}");
}

void ConfigDefaults::read(InitListExpr* list) {
    const InitListExpr* written = list->isSyntacticForm() ? list : list->getSyntacticForm();
    if (written == nullptr) written = list;
    const InitListExpr* meant = list->isSemanticForm() ? list : list->getSemanticForm();
    if (meant == nullptr) return;
    // An aggregate is made member by member without naming its members.
    if (const auto* record = meant->getType()->getAsCXXRecordDecl(); record != nullptr && record->hasDefinition()) {
        for (const FieldDecl* each : record->fields()) flow_.link(each);
    }
    name_designated(written);
    if (meant->hasArrayFiller() && hidden_.is_config_within(meant->getArrayFiller()->getType()))
        sink_.refuse(flow_.here(), list->getExprLoc(), "default-config");
    if (!names_.is_legacy_class(meant->getType(), config_class)) return;
    if (names_.is_substituted(list->getType()) || names_.is_substituted(meant->getType()))
        return sink_.refuse(flow_.here(), list->getExprLoc(), "dependent");
    const auto range = unit_.range_of(written->getSourceRange());
    const Groups::Key group = flow_.here();
    if (!range) return sink_.refuse(group, list->getExprLoc(), "macro-argument");
    const unsigned given = written->getNumInits();
    if (given > 0 && isa<DesignatedInitExpr>(written->getInit(0))) return designate(written, group);
    if (given >= legacy_defaults.size()) return;
    const std::string& text = unit_.text_of(range->file);
    if (given == 0) {
        spell(group, range->file, range->begin, range->end, 0);
        return;
    }
    const auto last = unit_.range_of(written->getInit(given - 1)->getSourceRange());
    if (!last || text[skip_spaces(text, last->end)] == ',')
        return sink_.refuse(group, list->getExprLoc(), "default-config");
    sink_.put(group, range->file, last->end, last->end, ", " + defaults_from(given), -1);
}

// `{.used_bytes = 8}` names a member that no expression uses.
void ConfigDefaults::name_designated(const InitListExpr* written) {
    for (const Expr* each : written->inits()) {
        const auto* one = dyn_cast<DesignatedInitExpr>(each);
        if (one == nullptr) continue;
        for (const DesignatedInitExpr::Designator& named : one->designators()) {
            const FieldDecl* field = named.isFieldDesignator() ? named.getFieldDecl() : nullptr;
            const LegacyName name = field == nullptr ? LegacyName{} : names_.legacy(field);
            const auto use = name ? sink_.site_at(named.getFieldLoc(), name) : std::nullopt;
            if (use && name.spelled->kind == EditKind::rename)
                sink_.edit_name(*use, *unit_.place_of(named.getFieldLoc()), name, name.spelled->replacement, true);
        }
    }
}

// `{.growth_factor = 2}` names what it sets; what it leaves to a default is named beside it, in the order of the class.
void ConfigDefaults::designate(const InitListExpr* written, Groups::Key group) {
    constexpr std::array<std::string_view, 4> legacy_members = {"bytes_per_node", "growth_factor", "max_size_bytes",
                                                                "min_size_bytes"};
    std::size_t next = 0;
    const auto missing = [&](std::size_t until, const char* before, const char* behind) {
        std::string text;
        for (; next < until; ++next) {
            const std::string_view name = next == 0 ? "bytes_per_element" : legacy_members[next];
            text += before + std::string(".") + std::string(name) + " = " + std::string(legacy_defaults[next]) + behind;
        }
        return text;
    };
    std::optional<TextRange> last;
    for (const Expr* each : written->inits()) {
        const auto* one = dyn_cast<DesignatedInitExpr>(each);
        const auto range = one == nullptr ? std::nullopt : unit_.range_of(one->getSourceRange());
        if (!range || one->size() != 1 || !one->getDesignator(0)->isFieldDesignator())
            return sink_.refuse(group, each->getExprLoc(), "default-config");
        const DesignatedInitExpr::Designator* named = one->getDesignator(0);
        const auto member = std::ranges::find(legacy_members, std::string_view(named->getFieldName()->getName()));
        const auto index = static_cast<std::size_t>(member - legacy_members.begin());
        // C's own order, which the new class would not take either.
        if (index < next || index == legacy_members.size())
            return sink_.refuse(group, each->getExprLoc(), "default-config");
        if (const std::string text = missing(index, "", ", "); !text.empty())
            sink_.put(group, range->file, range->begin, range->begin, text, 1);
        ++next;
        last = range;
    }
    const std::string text = missing(legacy_members.size(), ", ", "");
    if (!text.empty()) sink_.put(group, last->file, last->end, last->end, text, -1);
}

// The new classes have more members, and a structured binding names them all.
void ConfigDefaults::bind_all_members(const DecompositionDecl* bound) {
    const bool config = names_.is_legacy_class(bound->getType().getNonReferenceType(), config_class);
    if (!config && !names_.is_legacy_class(bound->getType().getNonReferenceType(), "gpu::BufferStats")) return;
    const auto last = unit_.place_of(bound->bindings().back()->getLocation());
    if (!last || bound->getLocation().isMacroID())
        return sink_.refuse(flow_.here(), bound->getLocation(), "macro-argument");
    std::string names;
    const std::string& text = unit_.text_of(last->file);
    for (const std::string_view each : config
                                           ? std::vector<std::string_view>{"enable_async", "stable_address", "zeroed"}
                                           : std::vector<std::string_view>{"age_seconds", "last_access_seconds"}) {
        // A name that the file has already may mean something else behind the binding.
        if (text.find(each) != std::string::npos)
            return sink_.refuse(flow_.here(), bound->getLocation(), "unsupported");
        names += ", " + std::string(each);
    }
    const unsigned end = identifier_end(text, last->offset);
    sink_.put(flow_.here(), last->file, end, end, names, -1);
}

void ConfigDefaults::read(const VarDecl* variable) {
    spell_default(variable);
    if (const auto* bound = dyn_cast<DecompositionDecl>(variable)) bind_all_members(bound);
}

void ConfigDefaults::spell_default(const VarDecl* variable) {
    const auto at = unit_.place_of(variable->getLocation());
    const QualType type = variable->getType();
    const bool initialised = variable->getInit() != nullptr;
    const auto* made = initialised ? dyn_cast<CXXConstructExpr>(variable->getInit()->IgnoreImplicit()) : nullptr;
    const bool defaulted =
        !initialised || (made != nullptr && made->getNumArgs() == 0 && made->getParenOrBraceRange().isInvalid());
    if (!at || !names_.is_legacy_class(type, config_class) || type->isReferenceType() || !defaulted ||
        isa<ParmVarDecl>(variable) || variable->hasExternalStorage() || variable->isCXXForRangeDecl() ||
        (variable->isStaticDataMember() && !variable->isThisDeclarationADefinition()))
        return;
    if (names_.is_substituted(type)) return sink_.refuse(flow_.here(), variable->getLocation(), "dependent");
    const unsigned end = identifier_end(unit_.text_of(at->file), at->offset);
    spell(flow_.here(), at->file, end, end, 0);
}

void ConfigDefaults::read(const FieldDecl* field) {
    const auto at = unit_.place_of(field->getLocation());
    if (!at || !hidden_.is_config_within(field->getType()) || field->hasInClassInitializer()) return;
    // Constructors that all set the member leave nothing to a default.
    const auto* record = dyn_cast<CXXRecordDecl>(field->getParent());
    bool always_set = false;
    if (record != nullptr) {
        for (const CXXConstructorDecl* each : record->ctors()) {
            if (each->isImplicit() || each->isCopyOrMoveConstructor() || each->isDeleted()) continue;
            const FunctionDecl* definition = nullptr;
            if (!each->hasBody(definition)) return;
            always_set = std::ranges::any_of(cast<CXXConstructorDecl>(definition)->inits(), [&](const auto* init) {
                return init->getMember() == field && init->isWritten();
            });
            if (!always_set) break;
        }
    }
    if (always_set) return;
    if (!names_.is_legacy_class(field->getType(), config_class))
        return sink_.refuse(flow_.key_of(field), field->getLocation(), "default-config");
    if (names_.is_substituted(field->getType()))
        return sink_.refuse(flow_.key_of(field), field->getLocation(), "dependent");
    const unsigned end = identifier_end(unit_.text_of(at->file), at->offset);
    spell(flow_.key_of(field), at->file, end, end, 0);
}

}  // namespace migrate
