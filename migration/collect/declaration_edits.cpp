// SPDX-License-Identifier: Apache-2.0
// The ways in which objects are made: constructors that lost an argument, defaults that are spelled out, references
// that become handles.
#include <array>

#include "collect/name_visitor.hpp"
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

void name_visitor::spell_defaults(groups::key group, const std::string& file, unsigned begin, unsigned end,
                                  unsigned given) {
    sink_.put(group, file, begin, end, "{" + defaults_from(given) + "}");
}

bool name_visitor::can_be_dropped(const Expr* argument) {
    argument = argument->IgnoreImplicit()->IgnoreParenImpCasts();
    if (isa<DeclRefExpr, CXXNullPtrLiteralExpr>(argument)) return true;
    if (const auto* member = dyn_cast<MemberExpr>(argument)) {
        return isa<CXXThisExpr>(member->getBase()->IgnoreParenImpCasts()) || can_be_dropped(member->getBase());
    }
    if (const auto* made = dyn_cast<CXXConstructExpr>(argument)) {
        return std::ranges::all_of(made->arguments(), [&](const Expr* each) { return can_be_dropped(each); });
    }
    if (const auto* cast = dyn_cast<CastExpr>(argument)) return can_be_dropped(cast->getSubExpr());
    if (const auto* call = dyn_cast<CallExpr>(argument)) {
        const FunctionDecl* function = call->getDirectCallee();
        if (function == nullptr || !function->getDeclName().isIdentifier()) return false;
        const bool known = function->getName() == "get_global_cuda_error_handler" || function->getName() == "move" ||
                           function->getName() == "make_shared";
        return known && std::ranges::all_of(call->arguments(), [&](const Expr* each) { return can_be_dropped(each); });
    }
    return false;
}

void name_visitor::drop_last_argument(const Expr* argument, const Expr* previous, groups::key group) {
    const auto range = unit_.file_range_of(argument->getSourceRange());
    if (!range) return sink_.refuse(group, argument->getExprLoc(), "macro-argument");
    if (!can_be_dropped(argument)) return sink_.refuse(group, argument->getExprLoc(), "side-effects");
    unsigned begin = range->begin;
    if (previous != nullptr) {
        const auto before = unit_.file_range_of(previous->getSourceRange());
        if (!before) return sink_.refuse(group, argument->getExprLoc(), "macro-argument");
        begin = before->end;
    }
    sink_.put(group, range->file, begin, range->end, "");
    const Expr* inner = argument->IgnoreImplicit()->IgnoreParenImpCasts();
    while (true) {
        if (const auto* made = dyn_cast<CXXConstructExpr>(inner); made != nullptr && made->getNumArgs() == 1) {
            inner = made->getArg(0)->IgnoreImplicit()->IgnoreParenImpCasts();
        } else if (const auto* call = dyn_cast<CallExpr>(inner); call != nullptr && call->getNumArgs() == 1) {
            inner = call->getArg(0)->IgnoreImplicit()->IgnoreParenImpCasts();
        } else {
            break;
        }
    }
    if (const auto* named = dyn_cast<DeclRefExpr>(inner)) {
        if (const auto at = unit_.place_of(named->getLocation())) unit_.found().dropped_handler_uses[*at] = group;
    }
}

bool name_visitor::VisitCXXConstructExpr(CXXConstructExpr* made) {
    const CXXConstructorDecl* constructor = made->getConstructor();
    const CXXRecordDecl* record = constructor->getParent();
    const legacy_name name = names_.legacy(record);
    if (!name) {
        flow_.link(constructor);
        trail_.note_call(constructor);
        note_opaque_call(constructor);
        refuse_hidden_defaults(made);
        if (record->isInStdNamespace() && !made->isElidable() && !constructor->isCopyOrMoveConstructor()) {
            const llvm::ArrayRef<const Expr*> arguments(made->getArgs(), made->getNumArgs());
            refuse_hidden_construction(record_type(unit_.tree(), record), arguments, made->getLocation());
        }
        trail_.note_made_members(record);
        for (const CXXRecordDecl* at = record;
             at->hasDefinition() && at->getNumBases() > 0 && !at->isDependentType();) {
            const CXXRecordDecl* parent = at->bases_begin()->getType()->getAsCXXRecordDecl();
            if (parent == nullptr) break;
            if (const legacy_name base_name = names_.legacy(parent)) {
                flow_.link_class(record);
                if (parent->hasDefinition()) trail_.note_throwing_site(base_name, constructor, flow_.key_of(record));
                break;
            }
            at = parent;
        }
        return true;
    }
    if (constructor->isCopyOrMoveConstructor()) return true;
    trail_.note_throwing_site(name, constructor, flow_.here());
    edit_construct(made, made->getLocation());
    return true;
}

void name_visitor::edit_construct(CXXConstructExpr* made, SourceLocation at) {
    const legacy_name name = names_.legacy(made->getConstructor()->getParent());
    const std::string_view which = name.spelled->legacy;
    const groups::key group = flow_.here();
    const auto parens = unit_.file_range_of(made->getParenOrBraceRange());
    const QualType declared = declarators_.type_made_from(made);
    const bool variable = !declared.isNull();
    if (which == "utils::ManagedDeviceBuffer" && made->getNumArgs() == 3) return sink_.refuse(group, at, "construct");
    // What a template makes here may be another class in its next instantiation.
    const auto* temporary_object = dyn_cast<CXXTemporaryObjectExpr>(made);
    const bool substituted =
        names_.is_substituted(made->getType()) || names_.is_substituted(declared) ||
        (temporary_object != nullptr && names_.is_substituted(temporary_object->getTypeSourceInfo()->getType()));
    if (substituted) return sink_.refuse(group, at, "dependent");
    if (which == config_class && made->getNumArgs() == 0) {
        if (variable && !names_.is_legacy_class(declared, config_class)) {
            sink_.refuse(group, at, "default-config");  // an array
        } else if (parens && unit_.text_of(parens->file)[parens->begin] == '(') {
            spell_defaults(group, parens->file, parens->begin, parens->end, 0);
        } else if (!variable) {
            sink_.refuse(group, at, "default-config");
        }
        return;
    }
    if (which == manager_class && made->getNumArgs() == 1) {
        drop_last_argument(made->getArg(0), nullptr, group);
        if (variable && parens && unit_.text_of(parens->file)[parens->begin] == '(') {
            // A variable with empty parentheses would declare a function.
            const auto argument = unit_.range_of(made->getArg(0)->getSourceRange());
            if (!argument) return;
            sink_.put(group, parens->file, parens->begin, argument->begin, "");
            sink_.put(group, parens->file, argument->end, parens->end, "");
        }
        return;
    }
    if (which != untyped_class || made->getNumArgs() != 3) return;
    if (!parens) return sink_.refuse(group, at, "construct");
    drop_last_argument(made->getArg(2), made->getArg(1), group);
    const std::string factory = scope_mark + std::string("default_manager().make_untyped(");
    const std::string& text = unit_.text_of(parens->file);
    const bool braces = text[parens->begin] == '{';
    if (const auto* temporary = dyn_cast<CXXTemporaryObjectExpr>(made)) {
        if (const auto type = unit_.place_of(temporary->getTypeSourceInfo()->getTypeLoc().getEndLoc()))
            factories_.insert(*type);
        if (!braces) return;
        sink_.put(group, parens->file, parens->begin, parens->begin + 1, "(");
        sink_.put(group, parens->file, parens->end - 1, parens->end, ")");
    } else if (variable && !declarators_.is_field()) {
        sink_.put(group, parens->file, parens->begin, parens->begin + 1, " = " + factory);
        if (braces) sink_.put(group, parens->file, parens->end - 1, parens->end, ")");
    } else {
        sink_.put(group, parens->file, parens->begin + 1, parens->begin + 1, factory);
        sink_.put(group, parens->file, parens->end - 1, parens->end - 1, ")");
    }
}

bool name_visitor::VisitInitListExpr(InitListExpr* list) {
    const InitListExpr* written = list->isSyntacticForm() ? list : list->getSyntacticForm();
    if (written == nullptr) written = list;
    const InitListExpr* meant = list->isSemanticForm() ? list : list->getSemanticForm();
    if (meant == nullptr) return true;
    // An aggregate is made member by member without naming its members.
    if (const auto* record = meant->getType()->getAsCXXRecordDecl(); record != nullptr && record->hasDefinition()) {
        for (const FieldDecl* each : record->fields()) flow_.link(each);
    }
    if (meant->hasArrayFiller() && is_config_within(meant->getArrayFiller()->getType()))
        sink_.refuse(flow_.here(), list->getExprLoc(), "default-config");
    if (!names_.is_legacy_class(meant->getType(), config_class)) return true;
    if (names_.is_substituted(list->getType()) || names_.is_substituted(meant->getType()))
        return sink_.refuse(flow_.here(), list->getExprLoc(), "dependent"), true;
    const auto range = unit_.range_of(written->getSourceRange());
    const groups::key group = flow_.here();
    if (!range) return sink_.refuse(group, list->getExprLoc(), "macro-argument"), true;
    const unsigned given = written->getNumInits();
    if (given > 0 && isa<DesignatedInitExpr>(written->getInit(0))) return designate(written, group), true;
    if (given >= legacy_defaults.size()) return true;
    const std::string& text = unit_.text_of(range->file);
    if (given == 0) {
        spell_defaults(group, range->file, range->begin, range->end, 0);
        return true;
    }
    const auto last = unit_.range_of(written->getInit(given - 1)->getSourceRange());
    if (!last || text[skip_spaces(text, last->end)] == ',')
        return sink_.refuse(group, list->getExprLoc(), "default-config"), true;
    sink_.put(group, range->file, last->end, last->end, ", " + defaults_from(given), -1);
    return true;
}

// `{.growth_factor = 2}` names what it sets; what it leaves to a default is named beside it, in the order of the class.
void name_visitor::designate(const InitListExpr* written, groups::key group) {
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
    std::optional<text_range> last;
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
        const legacy_name name = names_.legacy(named->getFieldDecl());
        const auto use = name ? sink_.site_at(named->getFieldLoc(), name) : std::nullopt;
        if (use && name.spelled->kind == edit_kind::rename)
            sink_.edit_name(*use, *unit_.place_of(named->getFieldLoc()), name, name.spelled->replacement, true);
        ++next;
        last = range;
    }
    const std::string text = missing(legacy_members.size(), ", ", "");
    if (!text.empty()) sink_.put(group, last->file, last->end, last->end, text, -1);
}

// The new classes have more members, and a structured binding names them all.
void name_visitor::bind_all_members(const DecompositionDecl* bound) {
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

bool name_visitor::VisitVarDecl(VarDecl* variable) {
    const auto at = unit_.place_of(variable->getLocation());
    if (unit_.asked().zero_copy) study_copies(variable);
    if (!at) return true;
    const QualType type = variable->getType();
    const bool initialised = variable->getInit() != nullptr;
    const auto* made = initialised ? dyn_cast<CXXConstructExpr>(variable->getInit()->IgnoreImplicit()) : nullptr;
    const bool defaulted =
        !initialised || (made != nullptr && made->getNumArgs() == 0 && made->getParenOrBraceRange().isInvalid());
    if (names_.is_legacy_class(type, config_class) && !type->isReferenceType() && defaulted &&
        !isa<ParmVarDecl>(variable) && !variable->hasExternalStorage() && !variable->isCXXForRangeDecl() &&
        !(variable->isStaticDataMember() && !variable->isThisDeclarationADefinition())) {
        if (names_.is_substituted(type)) return sink_.refuse(flow_.here(), variable->getLocation(), "dependent"), true;
        const unsigned end = identifier_end(unit_.text_of(at->file), at->offset);
        spell_defaults(flow_.here(), at->file, end, end, 0);
    }
    hold_by_value(variable);
    if (const auto* bound = dyn_cast<DecompositionDecl>(variable)) bind_all_members(bound);
    if (variable->getLocation().isMacroID()) return true;
    // Variables that hold the legacy error handler.
    const auto* holder =
        dyn_cast_or_null<ClassTemplateSpecializationDecl>(type.getNonReferenceType()->getAsCXXRecordDecl());
    if (holder == nullptr || holder->getName() != "shared_ptr" || holder->getTemplateArgs().size() == 0) return true;
    const auto* held = holder->getTemplateArgs()[0].getAsType()->getAsCXXRecordDecl();
    if (held == nullptr || !names_.is_error_name(held) || held->getName() != "CudaErrorHandler") return true;
    handler_variable& known = unit_.found().handler_variables[*at];
    const std::string& text = unit_.text_of(at->file);
    if (const auto* parameter = dyn_cast<ParmVarDecl>(variable)) {
        const auto* function = dyn_cast<FunctionDecl>(parameter->getDeclContext());
        if (function != nullptr && function->isThisDeclarationADefinition()) {
            known.name = {at->file, at->offset, identifier_end(text, at->offset)};
        }
    } else if (const auto range = unit_.file_range_of(variable->getSourceRange());
               range && variable->isLocalVarDecl() && (!initialised || can_be_dropped(variable->getInit()))) {
        const unsigned semicolon = skip_spaces(text, range->end);
        const unsigned before = previous_character(text, range->begin);
        const bool alone = before < text.size() && std::string_view(";{}").find(text[before]) != std::string_view::npos;
        const bool after_comment = before < text.size() && !alone && line_begin(text, range->begin) > before;
        if (semicolon < text.size() && text[semicolon] == ';' && (alone || after_comment)) {
            known.statement = {at->file, range->begin, semicolon + 1};
        }
    }
    return true;
}

bool name_visitor::VisitFieldDecl(FieldDecl* field) {
    const auto at = unit_.place_of(field->getLocation());
    if (!at || !is_config_within(field->getType()) || field->hasInClassInitializer()) return true;
    // Constructors that all set the member leave nothing to a default.
    const auto* record = dyn_cast<CXXRecordDecl>(field->getParent());
    bool always_set = false;
    if (record != nullptr) {
        for (const CXXConstructorDecl* each : record->ctors()) {
            if (each->isImplicit() || each->isCopyOrMoveConstructor() || each->isDeleted()) continue;
            const FunctionDecl* definition = nullptr;
            if (!each->hasBody(definition)) return true;
            always_set = std::ranges::any_of(cast<CXXConstructorDecl>(definition)->inits(), [&](const auto* init) {
                return init->getMember() == field && init->isWritten();
            });
            if (!always_set) break;
        }
    }
    if (always_set) return true;
    if (!names_.is_legacy_class(field->getType(), config_class))
        return sink_.refuse(flow_.key_of(field), field->getLocation(), "default-config"), true;
    if (names_.is_substituted(field->getType()))
        return sink_.refuse(flow_.key_of(field), field->getLocation(), "dependent"), true;
    const unsigned end = identifier_end(unit_.text_of(at->file), at->offset);
    spell_defaults(flow_.key_of(field), at->file, end, end, 0);
    return true;
}

}  // namespace migrate
