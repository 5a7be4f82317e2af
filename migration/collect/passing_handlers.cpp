// SPDX-License-Identifier: Apache-2.0
#include "collect/passing_handlers.hpp"

#include <algorithm>

#include "clang/exception_uses.hpp"
#include "clang/written_words.hpp"
#include "text/source_text.hpp"

namespace migrate {

using namespace clang;

namespace {

bool catches_runtime_errors(const CXXCatchStmt* handler) {
    const QualType caught = handler->getCaughtType();
    if (caught.isNull()) return true;
    const auto* record = caught.getNonReferenceType()->getAsCXXRecordDecl();
    return record != nullptr && record->isInStdNamespace() &&
           (record->getName() == "runtime_error" || record->getName() == "exception");
}

// Whether nothing behind the statement is reached from it.
bool leaves(const Stmt* last) {
    if (const auto* cleaned = dyn_cast_or_null<ExprWithCleanups>(last)) last = cleaned->getSubExpr();
    return last != nullptr && isa<ReturnStmt, CXXThrowExpr, ContinueStmt, BreakStmt, GotoStmt>(last);
}

std::string spaces_from(std::string_view text, unsigned begin) {
    unsigned end = begin;
    while (end < text.size() && (text[end] == ' ' || text[end] == '\t')) ++end;
    return std::string(text.substr(begin, end - begin));
}

// Where nothing but a comment follows on the line of `offset`: the end of the line, without its break.
std::optional<unsigned> bare_line_end(std::string_view text, unsigned offset) {
    unsigned end = static_cast<unsigned>(std::min(text.find('\n', offset), text.size()));
    if (end > offset && text[end - 1] == '\r') --end;
    const std::string_view rest = text.substr(offset, end - offset);
    const std::size_t first = rest.find_first_not_of(" \t");
    return first == std::string_view::npos || rest.substr(first, 2) == "//" ? std::optional(end) : std::nullopt;
}

bool names(const std::vector<Word>& words, std::string_view name) {
    return std::ranges::find(words, name, &Word::text) != words.end();
}

// As it stands in a line of its own, each line moved by `unit`.
std::string moved_lines(std::string_view body, const std::string& unit) {
    std::string result;
    bool fresh = true;
    for (const char each : body) {
        if (fresh && each != '\n' && each != '\r') result += unit;
        fresh = each == '\n';
        result += each;
    }
    return result;
}

std::string_view trimmed(std::string_view text) {
    const std::size_t first = text.find_first_not_of(" \t\r\n");
    if (first == std::string_view::npos) return {};
    return text.substr(first, text.find_last_not_of(" \t\r\n") - first + 1);
}

// Text that cannot be moved to another column, or written twice.
bool is_bound_to_its_place(std::string_view text) {
    return text.find("R\"") != std::string_view::npos || text.find("\\\n") != std::string_view::npos ||
           text.find("\\\r\n") != std::string_view::npos;
}

// What a handler will do with failures of module 2.
struct Question {
    std::string name;        // of the exception object
    bool behind = false;     // a handler stands behind that they reached; else they pass
    std::string declared;    // that one's own name for the object, where it differs
    std::string_view steps;  // that one's body, between the braces
    bool otherwise = false;  // the handler's own statements need an `else`
};

// `{ if (e.untyped()) throw; ... }`, where the handler's body begins on the line of its brace.
std::vector<Edit> ask_on_one_line(const Question& asked, const TextRange& body) {
    const std::string_view steps = trimmed(asked.steps);
    if (steps.find('\n') != std::string_view::npos || steps.find("//") != std::string_view::npos) return {};
    std::string text = " if (" + asked.name + ".untyped()) ";
    const char* between = asked.declared.empty() || steps.empty() ? "" : " ";
    text += asked.behind ? "{ " + asked.declared + between + std::string(steps) + " }" : "throw;";
    if (asked.otherwise) text += " else {";
    std::vector<Edit> edits = {{body.file, body.begin + 1, 0, text}};
    if (asked.otherwise) edits.push_back({body.file, body.end - 1, 0, "} "});
    return edits;
}

// The same on lines of its own, indented as the handler's body is. `opened` is the end of the brace's line.
std::vector<Edit> ask_on_lines(const Question& asked, const std::string& text, const TextRange& body, unsigned opened,
                               const std::string& outer) {
    const std::string newline = text[opened] == '\r' ? "\r\n" : "\n";
    const unsigned first_line = opened + static_cast<unsigned>(newline.size());
    const std::string inner = spaces_from(text, first_line);
    const bool deeper = inner.size() > outer.size() && inner.starts_with(outer);
    const std::string unit = deeper ? inner.substr(outer.size()) : "    ";
    const std::string at = newline + outer + unit;
    std::string words = at + "if (" + asked.name + ".untyped()) " + (asked.behind ? "{" : "throw;");
    if (asked.behind) {
        if (!asked.declared.empty()) words += at + unit + asked.declared;
        const std::size_t line_break = asked.steps.find('\n');
        const std::string_view steps = trimmed(asked.steps);
        const bool lines = line_break != std::string_view::npos && trimmed(asked.steps.substr(0, line_break)).empty();
        if (lines && !steps.empty()) {
            const std::size_t last = asked.steps.find_last_not_of(" \t\r\n");
            words += newline + moved_lines(asked.steps.substr(line_break + 1, last - line_break), unit);
        } else if (!steps.empty()) {
            words += at + unit + std::string(steps);
        }
        words += at + "}";
    }
    std::vector<Edit> edits;
    if (asked.otherwise) {
        const unsigned last_line = line_begin(text, body.end - 1);
        const std::string_view before_end = std::string_view(text).substr(last_line, body.end - 1 - last_line);
        const std::string_view own = std::string_view(text).substr(body.begin, body.end - body.begin);
        if (last_line < first_line || !trimmed(before_end).empty() || is_bound_to_its_place(own)) return {};
        words += " else {";
        for (unsigned line = first_line; line < last_line; line = line_end(text, line)) {
            if (!is_empty_line(text, line)) edits.push_back({body.file, line, 0, unit});
        }
        edits.push_back({body.file, last_line, 0, outer + unit + "}" + newline});
    }
    edits.push_back({body.file, opened, 0, words});
    return edits;
}

// Whether the body asks its exception object already.
bool asks(const std::vector<Word>& body, std::string_view object) {
    for (std::size_t at = 2; at < body.size(); ++at) {
        if (body[at].text == "untyped" && body[at - 1].kind == tok::period && body[at - 2].text == object) return true;
    }
    return false;
}

}  // namespace

void let_untyped_pass(UnitContext& unit, const CXXTryStmt* block, unsigned index, CatchClause& clause) {
    clause.passing_edits.clear();
    clause.passed_to = {};
    clause.can_pass = false;
    const CXXCatchStmt* handler = block->getHandler(index);
    const auto* body = cast<CompoundStmt>(handler->getHandlerBlock());
    const VarDecl* exception = handler->getExceptionDecl();
    const auto inside = unit.file_range_of(body->getSourceRange());
    const auto declared = unit.file_range_of(exception->getSourceRange());
    if (!inside || !declared) return;
    const std::string& text = unit.text_of(inside->file);
    const auto own_words = words_in(text, inside->begin, inside->end, unit.tree().getLangOpts());
    Question asked;
    asked.name = exception->getNameAsString();
    clause.can_pass = asks(own_words, asked.name);
    if (clause.can_pass) return;

    const CXXCatchStmt* behind = nullptr;
    for (unsigned each = index + 1; behind == nullptr && each < block->getNumHandlers(); ++each) {
        if (catches_runtime_errors(block->getHandler(each))) behind = block->getHandler(each);
    }
    std::vector<Word> next_words;
    if (behind != nullptr) {
        const auto* statements = cast<CompoundStmt>(behind->getHandlerBlock());
        const auto next_body = unit.file_range_of(statements->getSourceRange());
        const auto whole = unit.file_range_of(behind->getSourceRange());
        if (!next_body || !whole) return;
        clause.passed_to = *whole;
        asked.behind = true;
        asked.steps = std::string_view(text).substr(next_body->begin + 1, next_body->end - next_body->begin - 2);
        asked.otherwise = !body->body_empty() && (statements->body_empty() || !leaves(statements->body_back()));
        next_words = words_in(text, next_body->begin, next_body->end, unit.tree().getLangOpts());
        const VarDecl* other = behind->getExceptionDecl();
        ExceptionUses uses(other);
        uses.TraverseStmt(behind->getHandlerBlock());
        const bool long_one = std::ranges::count(asked.steps, '\n') > max_repeated_lines;
        const bool directive = std::ranges::find(next_words, tok::hash, &Word::kind) != next_words.end();
        if (uses.awkward || long_one || directive || is_bound_to_its_place(asked.steps)) return;
        const std::string other_name = other == nullptr ? std::string() : other->getNameAsString();
        const bool only_what = uses.whats == uses.all;
        if (asked.name.empty() && only_what && !names(own_words, other_name)) asked.name = other_name;
        if (uses.all > 0 && (asked.name != other_name || !only_what)) {
            const auto words = unit.file_range_of(other->getSourceRange());
            const bool loses_const = other->getType()->isReferenceType() &&
                                     !other->getType().getNonReferenceType().isConstQualified() &&
                                     exception->getType().getNonReferenceType().isConstQualified();
            if (!words || asked.name == other_name || (loses_const && !only_what)) return;
            asked.declared = loses_const ? "const " : "";
            asked.declared += text.substr(words->begin, words->end - words->begin) + " = ";
        }
        if (!asked.name.empty() && asked.name != other_name && names(next_words, asked.name)) return;
    }
    for (const char* each : {"error", "failure", "problem"}) {
        if (asked.name.empty() && !names(own_words, each) && !names(next_words, each)) asked.name = each;
    }
    if (asked.name.empty()) return;
    if (!asked.declared.empty()) asked.declared += asked.name + ";";
    const auto opened = bare_line_end(text, inside->begin + 1);
    const std::string outer = spaces_from(text, line_begin(text, clause.clause.begin));
    clause.passing_edits =
        opened ? ask_on_lines(asked, text, *inside, *opened, outer) : ask_on_one_line(asked, *inside);
    clause.can_pass = !clause.passing_edits.empty();
    if (clause.can_pass && exception->getName().empty()) {
        clause.passing_edits.push_back({inside->file, declared->end, 0, " " + asked.name});
    }
}

}  // namespace migrate
