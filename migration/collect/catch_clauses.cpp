// SPDX-License-Identifier: Apache-2.0
#include "collect/catch_clauses.hpp"

#include "clang/exception_uses.hpp"
#include "clang/written_words.hpp"
#include "collect/passing_handlers.hpp"
#include "text/source_text.hpp"

namespace migrate {

using namespace clang;

namespace {

// triune::Error, or one that is derived from it: what was migrated before, or is new.
bool is_new_error(const CXXRecordDecl* record) {
    const auto is_base = [](const CXXRecordDecl* each) { return each->getQualifiedNameAsString() == "triune::Error"; };
    if (is_base(record)) return true;
    return record->hasDefinition() && !record->forallBases([&](const CXXRecordDecl* each) { return !is_base(each); });
}

// Where `static_cast<int>(` begins that ends before `offset`, however it is laid out; `offset` where there is none.
unsigned int_cast_before(std::string_view text, unsigned offset) {
    constexpr std::string_view written = "static_cast<int>(";
    unsigned at = offset;
    for (std::size_t left = written.size(); left > 0; --left) {
        const unsigned before = previous_character(text, at);
        if (before == text.size() || text[before] != written[left - 1]) return offset;
        at = before;
    }
    return at;
}

}  // namespace

std::string CatchClauses::key_of(const CXXTryStmt* block) {
    const auto at = unit_.file_place_of(unit_.sources().getFileLoc(block->getTryLoc()));
    return at ? "try:" + at->file + ":" + std::to_string(at->offset) : std::string();
}

// What migrated calls throw is no CudaException, so a question for one by its type would get another answer.
void CatchClauses::note_asked_error(QualType type) {
    if (type.isNull()) return;
    while (type->isPointerType() || type->isReferenceType()) type = type->getPointeeType();
    const auto* record = type->getAsCXXRecordDecl();
    if (record == nullptr || !names_.is_error_name(record) || record->getName() != "CudaException") return;
    unit_.found().asked_errors.insert(handling_.empty() ? std::string() : handling_.back());
}

void CatchClauses::read(const CXXDynamicCastExpr* cast) { note_asked_error(cast->getType()); }

void CatchClauses::read(const CXXTypeidExpr* asked) {
    if (asked->isTypeOperand()) note_asked_error(asked->getTypeOperandSourceInfo()->getType());
}

// What a macro wrote is not edited, so the calls under it stay. But where the macro was given the type, as EXPECT_THROW
// is, and its handler asks nothing of the exception, that argument alone is edited.
void CatchClauses::read_handler_of_macro(const CXXCatchStmt* handler, SourceLocation type, const std::string& try_body,
                                         bool is_new) {
    const auto expanded = unit_.file_place_of(unit_.sources().getFileLoc(handler->getCatchLoc()));
    if (!expanded) return;
    const auto [held, fresh] = unit_.found().handlers.try_emplace(*expanded);
    CatchClause& fixed = held->second;
    // One expansion may write several handlers.
    const bool refused = !fresh && !fixed.refusal.empty();
    fixed.try_body = try_body;
    fixed.refusal = "handler";
    if (is_new) return;
    fixed.type = {expanded->file, expanded->offset, expanded->offset};
    ExceptionUses uses(handler->getExceptionDecl());
    uses.TraverseStmt(handler->getHandlerBlock());
    SourceLocation spelled = type;
    while (unit_.sources().isMacroArgExpansion(spelled)) spelled = unit_.sources().getImmediateSpellingLoc(spelled);
    const auto given = spelled.isMacroID() || uses.all != 0 ? std::nullopt : unit_.file_place_of(spelled);
    if (!given || refused) return;
    const std::string& text = unit_.text_of(given->file);
    fixed.refusal.clear();
    fixed.function = trail_.function();
    fixed.type = {given->file, scope_before(text, given->offset).begin, identifier_end(text, given->offset)};
}

// e.code() was of the legacy enumeration. False where it is not spelled as a call in the handler.
bool CatchClauses::edit_code(const MemberExpr* each, const std::string& qualifier, CatchClause& clause) {
    const auto object = unit_.file_range_of(each->getBase()->getSourceRange());
    const auto member = unit_.file_place_of(each->getMemberLoc());
    if (!object || !member) return false;
    const std::string& text = unit_.text_of(member->file);
    // Comments and spaces may stand between the words of the call.
    const auto words = words_in(text, member->offset, clause.clause.end, unit_.tree().getLangOpts());
    if (words.size() < 3 || words[1].kind != tok::l_paren || words[2].kind != tok::r_paren) return false;
    const unsigned close = words[2].offset;
    // `e.utils::CudaException::code()` loses its qualifier with the name.
    const auto spelled = each->hasQualifier() ? unit_.file_place_of(each->getQualifierLoc().getBeginLoc()) : member;
    const unsigned name_begin = spelled ? spelled->offset : member->offset;
    const Edit renamed{member->file, name_begin, identifier_end(text, member->offset) - name_begin, "cuda_error"};
    // static_cast<int>(e.code()) is the number itself.
    const unsigned cast = int_cast_before(text, object->begin);
    const unsigned after_call = skip_spaces(text, close + 1);
    if (cast != object->begin && after_call < text.size() && text[after_call] == ')') {
        clause.body_edits.insert(
            clause.body_edits.end(),
            {{member->file, cast, object->begin - cast, ""}, renamed, {member->file, after_call, 1, ""}});
        return true;
    }
    Edit before{member->file, object->begin, 0, "static_cast<" + qualifier + "CudaError>("};
    Edit after{member->file, close + 1, 0, ")"};
    after.order = -1;
    clause.body_edits.insert(clause.body_edits.end(), {before, renamed, after});
    return true;
}

void CatchClauses::read_handler(const CXXTryStmt* block, unsigned index, const std::string& try_body) {
    const CXXCatchStmt* handler = block->getHandler(index);
    const QualType caught = handler->getCaughtType();
    if (caught.isNull() || try_body.empty()) return;
    const auto* record = caught.getNonReferenceType()->getAsCXXRecordDecl();
    const bool is_new = record != nullptr && is_new_error(record);
    if (!is_new && (record == nullptr || !names_.is_error_name(record) || record->getName() != "CudaException")) return;
    // An earlier run has put the new handler before it.
    const auto catches_new = [&](unsigned at) {
        const QualType other = block->getHandler(at)->getCaughtType();
        const auto* its = other.isNull() ? nullptr : other.getNonReferenceType()->getAsCXXRecordDecl();
        return its != nullptr && is_new_error(its);
    };
    for (unsigned before = 0; !is_new && before < index; ++before) {
        if (catches_new(before)) return;
    }
    const VarDecl* exception = handler->getExceptionDecl();
    TypeLoc type = exception->getTypeSourceInfo()->getTypeLoc();
    if (const auto referred = type.getAs<ReferenceTypeLoc>()) type = referred.getPointeeLoc();
    type = type.getUnqualifiedLoc();
    const auto last = unit_.file_place_of(type.getEndLoc());
    const auto whole = unit_.file_range_of(handler->getSourceRange());
    if (!last || !whole) return read_handler_of_macro(handler, type.getEndLoc(), try_body, is_new);
    CatchClause& clause = unit_.found().handlers[{whole->file, whole->begin}];
    clause.try_body = try_body;
    clause.clause = *whole;
    if (is_new) return let_untyped_pass(unit_, block, index, clause);
    const std::string& text = unit_.text_of(last->file);
    const WrittenScope written = scope_before(text, last->offset);
    clause.type = {last->file, written.begin, identifier_end(text, last->offset)};
    clause.function = trail_.function();
    clause.body_edits.clear();

    ExceptionUses uses(exception);
    uses.TraverseStmt(handler->getHandlerBlock());
    if (uses.codes.size() + uses.whats != uses.all) clause.refusal = "handler";
    const auto [lines, column] =
        line_of(text.substr(whole->begin, whole->end - whole->begin), whole->end - whole->begin);
    clause.can_be_doubled = !uses.awkward && lines <= max_repeated_lines;
    let_untyped_pass(unit_, block, index, clause);
    const std::string qualifier = written.names.empty() ? "utils::" : written.names.back() + "::";
    for (const MemberExpr* each : uses.codes) {
        if (!edit_code(each, qualifier, clause)) clause.refusal = "handler";
    }
}

}  // namespace migrate
