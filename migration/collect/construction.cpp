// SPDX-License-Identifier: Apache-2.0
#include "collect/construction.hpp"

#include "text/source_text.hpp"

namespace migrate {

using namespace clang;

void Construction::read(CXXConstructExpr* made) {
    const CXXConstructorDecl* constructor = made->getConstructor();
    const CXXRecordDecl* record = constructor->getParent();
    const LegacyName name = names_.legacy(record);
    if (!name) {
        flow_.link(constructor);
        trail_.note_call(constructor);
        opaque_.read_call(constructor);
        hidden_defaults_.read(made);
        if (record->isInStdNamespace() && !made->isElidable() && !constructor->isCopyOrMoveConstructor()) {
            const llvm::ArrayRef<const Expr*> arguments(made->getArgs(), made->getNumArgs());
            forwarded_.refuse_hidden(record_type(unit_.tree(), record), arguments, made->getLocation());
        }
        trail_.note_made_members(record);
        for (const CXXRecordDecl* at = record;
             at->hasDefinition() && at->getNumBases() > 0 && !at->isDependentType();) {
            const CXXRecordDecl* parent = at->bases_begin()->getType()->getAsCXXRecordDecl();
            if (parent == nullptr) break;
            if (const LegacyName base_name = names_.legacy(parent)) {
                flow_.link_class(record);
                if (parent->hasDefinition()) trail_.note_throwing_site(base_name, constructor, flow_.key_of(record));
                break;
            }
            at = parent;
        }
        return;
    }
    if (constructor->isCopyOrMoveConstructor()) return;
    trail_.note_throwing_site(name, constructor, flow_.here());
    edit_construct(made, made->getLocation());
}

void Construction::edit_construct(CXXConstructExpr* made, SourceLocation at) {
    const LegacyName name = names_.legacy(made->getConstructor()->getParent());
    const std::string_view which = name.spelled->legacy;
    const Groups::Key group = flow_.here();
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
            defaults_.spell(group, parens->file, parens->begin, parens->end, 0);
        } else if (!variable) {
            sink_.refuse(group, at, "default-config");
        }
        return;
    }
    if (which == manager_class && made->getNumArgs() == 1) {
        arguments_.drop_last(made->getArg(0), nullptr, group);
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
    arguments_.drop_last(made->getArg(2), made->getArg(1), group);
    const std::string factory = "triune::default_manager().make_untyped(";
    const std::string& text = unit_.text_of(parens->file);
    const bool braces = text[parens->begin] == '{';
    if (const auto* temporary = dyn_cast<CXXTemporaryObjectExpr>(made)) {
        if (const auto type = unit_.place_of(temporary->getTypeSourceInfo()->getTypeLoc().getEndLoc()))
            types_.mark_factory(*type);
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

}  // namespace migrate
