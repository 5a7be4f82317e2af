// SPDX-License-Identifier: Apache-2.0
#include "collect/call_trail.hpp"

#include <algorithm>
#include <array>

namespace migrate {

using namespace clang;

CallTrail::Scope::Scope(CallTrail& trail, std::vector<std::string> inside)
    : trail_(trail), outside_(std::exchange(trail.calling_, std::move(inside))) {}

CallTrail::Scope CallTrail::enter(const FunctionDecl* function) {
    const std::string node = keys_.of_call(function);
    if (!function->doesThisDeclarationHaveABody() || node.empty()) return {*this, {}};
    std::map<std::string, CallNode>& calls = unit_.found().calls;
    calls[node];
    if (const auto* method = dyn_cast<CXXMethodDecl>(function)) {
        for (const CXXMethodDecl* each : method->overridden_methods()) {
            if (const std::string base_node = keys_.of_call(each); !base_node.empty()) {
                calls[base_node].callees.insert(node);
            }
        }
    }
    return {*this, {node}};
}

CallTrail::Scope CallTrail::enter_try(const std::string& body) {
    std::vector<std::string> inside = calling_;
    if (!body.empty()) {
        inside.push_back(body);
        unit_.found().calls[body];
    }
    return {*this, std::move(inside)};
}

void CallTrail::note_call(const FunctionDecl* callee) {
    if (const auto made = keys_.of_instantiation(callee)) unit_.found().together.unite(frames_.here(), *made);
    // What the compiler writes itself calls members' constructors only; those are noted with the object made.
    const std::string node = callee->isImplicit() || callee->isDefaulted() ? std::string() : keys_.of_call(callee);
    const auto* method = dyn_cast<CXXMethodDecl>(callee);
    const bool object_call =
        method != nullptr && !callee->isImplicit() && callee->getDeclName().getCXXOverloadedOperator() == OO_Call;
    // What another thread threw, or what was thrown earlier, comes out here.
    const bool standard = method != nullptr ? method->getParent()->isInStdNamespace() : callee->isInStdNamespace();
    const bool carries =
        standard && callee->getDeclName().isIdentifier() &&
        (callee->getName() == "rethrow_exception" || callee->getName() == "rethrow_if_nested" ||
         (callee->getName() == "get" && method != nullptr && method->getParent()->getName().contains("future")));
    const bool throws = names_.is_error_name(callee) && callee->getDeclName().isIdentifier() &&
                        (callee->getName() == "check_error" || callee->getName() == "synchronize_device" ||
                         callee->getName() == "copy_from_host" || callee->getName() == "copy_to_host");
    if (!node.empty()) {
        for (const std::string& each : calling_) unit_.found().calls[each].callees.insert(node);
    }
    if ((object_call && keys_.of_call(callee).empty()) || carries) note_unknown_call();
    if (throws) note_legacy_throw();
}

void CallTrail::note_unknown_call() {
    for (const std::string& each : calling_) unit_.found().calls[each].calls_unknown = true;
}

void CallTrail::note_legacy_throw() {
    for (const std::string& each : calling_) unit_.found().calls[each].throws_legacy = true;
}

void CallTrail::note_download(std::string_view array) {
    for (const std::string& each : calling_) unit_.found().calls[each].downloads.emplace(array);
}

void CallTrail::note_throw(const CXXThrowExpr* thrown) {
    const Expr* value = thrown->getSubExpr();
    const auto* record = value == nullptr ? nullptr : value->getType()->getAsCXXRecordDecl();
    if (record != nullptr && names_.is_error_name(record) && record->getName() == "CudaException") note_legacy_throw();
}

void CallTrail::note_throwing_site(LegacyName name, const NamedDecl* declaration, Groups::Key group) {
    const auto* function = dyn_cast<FunctionDecl>(declaration);
    if (function == nullptr) return;
    const auto* type = function->getType()->getAs<FunctionProtoType>();
    if (type != nullptr && type->canThrow() == CT_Cannot) return;
    // Module 2 never threw CudaException: its failures passed the handlers of it.
    constexpr std::array<std::string_view, 4> untyped = {
        "gpu::DynamicGpuBuffer", "gpu::DynamicGpuBuffer::ensure_capacity",
        "gpu::DynamicBufferManager::get_or_create_buffer", "gpu::DynamicBufferManager::resize_cell_buffers"};
    const bool passes = std::ranges::find(untyped, name.spelled->legacy) != untyped.end();
    if (name.from->module == "dynamic_buffer_manager" && !passes) return;
    note_throwing(group, passes);
}

void CallTrail::note_made_members(const CXXRecordDecl* record) {
    for (const FieldDecl* each : record->fields()) {
        if (!names_.mentions_legacy(each->getType()) || each->getLocation().isInvalid()) continue;
        const std::string type = each->getType().getCanonicalType().getAsString();
        if (!calling_.empty()) note_throwing(keys_.of(each), type.find("gpu::Dynamic") != std::string::npos);
    }
    if (names_.is_error_name(record) && record->getName() == "CudaMemoryGuard") note_legacy_throw();
}

void CallTrail::note_throwing(Groups::Key group, bool untyped) {
    for (const std::string& each : calling_) {
        CallNode& caller = unit_.found().calls[each];
        (untyped ? caller.untyped : caller.throwing).insert(group);
    }
}

}  // namespace migrate
