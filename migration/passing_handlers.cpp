// Handlers of CudaException that failures of module 2 passed. Migrated they would catch those as well, so they ask
// first, and do with them what the handler behind them did.
#include <algorithm>

#include "exception_uses.hpp"
#include "name_visitor_scope.hpp"
#include "source_text.hpp"

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

bool names(const std::vector<word>& words, std::string_view name) {
    return std::ranges::find(words, name, &word::text) != words.end();
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

// What the handler behind does, as statements.
struct next_steps {
    std::string declared;   // its own name for the exception, where that differs
    std::string_view body;  // between the braces
    bool leave = false;     // the body is left by a jump
};

}  // namespace

void name_visitor::let_untyped_pass(CXXTryStmt* block, unsigned index, catch_clause& clause) {
    clause.passing_edits.clear();
    clause.passed_to = {};
    clause.can_pass = false;
    const CXXCatchStmt* handler = block->getHandler(index);
    const auto* body = cast<CompoundStmt>(handler->getHandlerBlock());
    const VarDecl* exception = handler->getExceptionDecl();
    const auto inside = range_of(body->getSourceRange());
    const auto declared = range_of(exception->getSourceRange());
    if (!inside || !declared) return;
    const std::string& file = inside->file;
    const std::string& text = text_of(file);
    const auto own_words = words_in(text, inside->begin, inside->end, context_.getLangOpts());
    clause.can_pass = names(own_words, "untyped");  // asks already
    if (clause.can_pass) return;

    const CXXCatchStmt* behind = nullptr;
    for (unsigned each = index + 1; behind == nullptr && each < block->getNumHandlers(); ++each) {
        if (catches_runtime_errors(block->getHandler(each))) behind = block->getHandler(each);
    }
    std::string name = exception->getNameAsString();
    next_steps next;
    std::vector<word> next_words;
    if (behind != nullptr) {
        const auto* statements = cast<CompoundStmt>(behind->getHandlerBlock());
        const auto next_body = range_of(statements->getSourceRange());
        const auto whole = range_of(behind->getSourceRange());
        if (!next_body || !whole) return;
        clause.passed_to = *whole;
        next.body = std::string_view(text).substr(next_body->begin + 1, next_body->end - next_body->begin - 2);
        next.leave = leaves(statements->body_empty() ? nullptr : statements->body_back());
        next_words = words_in(text, next_body->begin, next_body->end, context_.getLangOpts());
        const VarDecl* other = behind->getExceptionDecl();
        exception_uses uses(other);
        uses.TraverseStmt(behind->getHandlerBlock());
        const bool raw = next.body.find("R\"") != std::string_view::npos;
        const bool long_one = std::ranges::count(next.body, '\n') > most_repeated_lines;
        const bool directive = std::ranges::find(next_words, tok::hash, &word::kind) != next_words.end();
        if (uses.awkward || raw || long_one || directive) return;
        const std::string other_name = other == nullptr ? std::string() : other->getNameAsString();
        const bool only_what = uses.whats == uses.all;
        if (name.empty() && only_what && !names(own_words, other_name)) name = other_name;
        if (uses.all > 0 && (name != other_name || !only_what)) {
            const auto words = range_of(other->getSourceRange());
            if (!words || name == other_name) return;
            next.declared = text.substr(words->begin, words->end - words->begin) + " = ";
        }
        if (!name.empty() && name != other_name && names(next_words, name)) return;
    }
    if (name.empty()) {
        for (const char* each : {"error", "failure", "problem"}) {
            if (name.empty() && !names(own_words, each) && !names(next_words, each)) name = each;
        }
        if (name.empty()) return;
    }
    if (!next.declared.empty()) next.declared += name + ";";
    if (exception->getName().empty()) clause.passing_edits.push_back({file, declared->end, 0, " " + name});

    const std::string question = "if (" + name + ".untyped()) ";
    const std::string outer = spaces_from(text, line_begin(text, clause.clause.begin));
    const auto opened = bare_line_end(text, inside->begin + 1);
    const bool otherwise = behind != nullptr && !next.leave && !body->body_empty();
    if (!opened || body->body_empty()) {  // on one line
        const std::string_view steps = trimmed(next.body);
        if (steps.find('\n') != std::string_view::npos) return;
        const std::string between = next.declared.empty() || steps.empty() ? "" : " ";
        std::string asked = " " + question;
        asked += behind == nullptr ? "throw;" : "{ " + next.declared + between + std::string(steps) + " }";
        if (otherwise) asked += " else {";
        clause.passing_edits.push_back({file, inside->begin + 1, 0, asked});
        if (otherwise) clause.passing_edits.push_back({file, inside->end - 1, 0, "} "});
        clause.can_pass = true;
        return;
    }
    const std::string newline = text[*opened] == '\r' ? "\r\n" : "\n";
    const unsigned first_line = *opened + static_cast<unsigned>(newline.size());
    const std::string inner = spaces_from(text, first_line);
    const bool deeper = inner.size() > outer.size() && inner.starts_with(outer);
    const std::string unit = deeper ? inner.substr(outer.size()) : "    ";
    const std::string at = newline + outer + unit;
    std::string asked = at + question;
    if (behind == nullptr) {
        asked += "throw;";
    } else {
        asked += "{";
        if (!next.declared.empty()) asked += at + unit + next.declared;
        const std::size_t line_break = next.body.find('\n');
        const std::string_view steps = trimmed(next.body);
        const bool lines = line_break != std::string_view::npos && trimmed(next.body.substr(0, line_break)).empty();
        if (lines && !steps.empty()) {
            const std::size_t last = next.body.find_last_not_of(" \t\r\n");
            asked += newline + moved_lines(next.body.substr(line_break + 1, last - line_break), unit);
        } else if (!steps.empty()) {
            asked += at + unit + std::string(steps);
        }
        asked += at + "}";
    }
    if (otherwise) {
        const unsigned last_line = line_begin(text, inside->end - 1);
        if (last_line < first_line || !trimmed(text.substr(last_line, inside->end - 1 - last_line)).empty()) return;
        asked += " else {";
        for (unsigned line = first_line; line < last_line; line = line_end(text, line)) {
            if (!is_empty_line(text, line)) clause.passing_edits.push_back({file, line, 0, unit});
        }
        clause.passing_edits.push_back({file, last_line, 0, outer + unit + "}" + newline});
    }
    clause.passing_edits.push_back({file, *opened, 0, asked});
    clause.can_pass = true;
}

}  // namespace migrate
