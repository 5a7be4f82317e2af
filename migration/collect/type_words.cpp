// SPDX-License-Identifier: Apache-2.0
#include "collect/type_words.hpp"

#include "rules/legacy_names.hpp"

namespace migrate {

using namespace clang;

namespace {

// A class that became a handle held by value is the same as the class.
std::string new_name(std::string_view replacement) {
    return replacement == "UntypedHandle" ? "UntypedBuffer" : std::string(replacement);
}

void append(TypeWords& into, const TypeWords& more) {
    into.normal += more.normal;
    into.original += more.original;
    into.library = into.library || more.library;
}

const NamedDecl* named_by(const CXXRecordDecl* record) {
    const auto* made = dyn_cast<ClassTemplateSpecializationDecl>(record);
    return made == nullptr ? static_cast<const NamedDecl*>(record) : made->getSpecializedTemplate();
}

LegacyName legacy_class(const CXXRecordDecl* record, FileOwners& owners, const std::string& qualified) {
    if (!record->getDeclName().isIdentifier() || !is_legacy_member(record->getName())) return {};
    const LegacyName name = find_legacy_name(qualified);
    if (!name) return {};
    // The program's own class of that name is its own, unless it merely announces the library's.
    const CXXRecordDecl* definition = record->getDefinition();
    return definition == nullptr || owners.of(definition->getLocation()) == FileOwner::library ? name : LegacyName{};
}

}  // namespace

const TypeWords& TypeWriter::of(QualType type) {
    type = type.getCanonicalType();
    const auto [entry, fresh] = known_.try_emplace(type.getAsOpaquePtr());
    if (fresh) write(type, entry->second);
    return entry->second;
}

TypeWords TypeWriter::of(llvm::ArrayRef<TemplateArgument> arguments) {
    TypeWords all;
    for (const TemplateArgument& each : arguments) {
        if (!all.normal.empty()) append(all, {", ", ", "});
        add(each, all);
    }
    return all;
}

void TypeWriter::add(const TemplateArgument& argument, TypeWords& into) {
    if (argument.getKind() == TemplateArgument::Type) {
        const TypeWords& words = of(argument.getAsType());
        append(into, words);
        return;
    }
    if (argument.getKind() == TemplateArgument::Pack) {
        append(into, of(argument.getPackAsArray()));
        return;
    }
    std::string text;
    if (argument.getKind() == TemplateArgument::Integral) {
        text = llvm::toString(argument.getAsIntegral(), 10);
    } else if (argument.getKind() == TemplateArgument::Template) {
        const TemplateDecl* named = argument.getAsTemplate().getAsTemplateDecl();
        const std::string qualified = named == nullptr ? std::string() : named->getQualifiedNameAsString();
        const LegacyName name = find_legacy_name(qualified);
        into.library = into.library || name;
        into.original += qualified;
        into.normal += name ? new_name(name.spelled->replacement) : qualified.substr(qualified.rfind(':') + 1);
        return;
    } else {
        text = "?";  // by a declaration, say
    }
    into.normal += text;
    into.original += text;
}

void TypeWriter::write(const CXXRecordDecl* record, TypeWords& into) {
    const std::string qualified =
        record->isLambda() ? std::string("a lambda") : named_by(record)->getQualifiedNameAsString();
    into.original += qualified;
    if (const LegacyName name = legacy_class(record, owners_, qualified)) {
        into.normal += new_name(name.spelled->replacement);
        into.library = true;
    } else if (qualified.starts_with("triune::")) {
        into.library = true;
        into.normal += new_name(qualified.substr(qualified.rfind(':') + 1));
    } else {
        into.normal += qualified;
    }
    if (const auto* made = dyn_cast<ClassTemplateSpecializationDecl>(record)) {
        const TypeWords arguments = of(made->getTemplateArgs().asArray());
        append(into, {'<' + arguments.normal + '>', '<' + arguments.original + '>', arguments.library});
    }
    if (into.library || !record->hasDefinition() || record->isDependentContext()) return;
    if (owners_.of(record->getLocation()) != FileOwner::program) return;
    for (const CXXBaseSpecifier& each : record->getDefinition()->bases()) {
        const TypeWords& base = of(each.getType());
        into.library = into.library || base.library;
    }
}

void TypeWriter::write(QualType type, TypeWords& into) {
    const auto wrap = [&](QualType inner, const char* end) {
        const TypeWords& words = of(inner);
        into = {words.normal + end, words.original + end, words.library};
    };
    if (type.hasLocalQualifiers()) {
        wrap(type.getLocalUnqualifiedType(), type.isLocalConstQualified()
                                                 ? (type.isLocalVolatileQualified() ? " const volatile" : " const")
                                                 : " volatile");
    } else if (const auto* pointer = type->getAs<PointerType>()) {
        wrap(pointer->getPointeeType(), "*");
    } else if (const auto* referred = type->getAs<ReferenceType>()) {
        wrap(referred->getPointeeType(), isa<RValueReferenceType>(referred) ? "&&" : "&");
    } else if (const auto* elements = context_.getAsArrayType(type)) {
        wrap(elements->getElementType(), "[]");
    } else if (const auto* function = type->getAs<FunctionProtoType>()) {
        wrap(function->getReturnType(), "(");
        for (const QualType each : function->param_types()) {
            if (!into.normal.ends_with('(')) append(into, {", ", ", "});
            append(into, of(each));
        }
        append(into, {")", ")"});
    } else if (const auto* record = type->getAsCXXRecordDecl()) {
        write(record, into);
    } else {
        into.normal = into.original = type.getAsString();
    }
}

bool TypeWriter::holds_library(QualType type) {
    while (const ArrayType* elements = context_.getAsArrayType(type)) type = elements->getElementType();
    const TypeWords& words = of(type);
    const auto* record = type.getCanonicalType()->getAsCXXRecordDecl();
    if (words.library || record == nullptr) return words.library;
    const auto [entry, fresh] = holding_.try_emplace(record, false);
    bool& holds = entry->second;
    if (!fresh || !record->hasDefinition() || record->isDependentContext()) return holds;
    if (owners_.of(record->getLocation()) != FileOwner::program) return false;
    for (const FieldDecl* each : record->getDefinition()->fields()) {
        if (holds_library(each->getType())) return holds = true;
    }
    return false;
}

}  // namespace migrate
