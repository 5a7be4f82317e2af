#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""However a call or a question is wrapped: where it would mean something else the old class stays, and where it would not
the new one comes."""
from workspace import arguments, check, in_project

HEAD = """#include "utils/gpu_memory.hpp"
#include <functional>
#include <memory>
#include <type_traits>
#include <utility>
#include <vector>
using buffer_type = utils::DeviceBuffer<float>;
"""
# Found by the argument's namespace, which the new class leaves; and in the program's own, which it does not.
LOST = """namespace utils { inline int kind(const DeviceBuffer<float>&) { return 1; } }
template <typename T> int kind(const T&) { return 2; }
"""
KEPT = """inline int kind(const utils::DeviceBuffer<float>&) { return 1; }
template <typename T> int kind(const T&) { return 2; }
"""
SHAPES = {
    "plain": "int f(const utils::DeviceBuffer<float>& b) { return kind(b); }",
    "macro": "#define KIND(value) (0 + kind(value))\nint f(const utils::DeviceBuffer<float>& b) { return KIND(b); }",
    "body": "#define KIND kind(b)\nint f(const utils::DeviceBuffer<float>& b) { return KIND; }",
    "alias": "int f(const buffer_type& b) { return kind(b); }",
    "pointer": "int f(const utils::DeviceBuffer<float>* b) { return kind(*b); }",
    "owner": "int f(const std::unique_ptr<utils::DeviceBuffer<float>>& b) { return kind(*b); }",
    "element": "int f(const std::vector<utils::DeviceBuffer<float>>& all) { for (const auto& b : all) return kind(b); return 0; }",
    "lambda": "int f(const utils::DeviceBuffer<float>& b) { return [&] { return kind(b); }(); }",
    "generic": "int f(const utils::DeviceBuffer<float>& b) { return [](const auto& any) { return kind(any); }(b); }",
    "template": "template <typename T> int g(const T& any) { return kind(any); }\n"
                "int f(const utils::DeviceBuffer<float>& b) { return g(b) + g(1); }",
    "nested": "template <typename T> int h(const T& any) { return kind(any); }\n"
              "template <typename T> int g(const T& any) { return h(any); }\n"
              "int f(const utils::DeviceBuffer<float>& b) { return g(b); }",
    "pack": "template <typename... T> int g(const T&... all) { return (kind(all) + ...); }\n"
            "int f(const utils::DeviceBuffer<float>& b) { return g(b, 1, 'c'); }",
    "member": "struct Holder { utils::DeviceBuffer<float> held; int f() const { return kind(held); } };",
    "class": "template <typename T> struct Holder { T held; int f() const { return kind(held); } };\n"
             "int f(const Holder<utils::DeviceBuffer<float>>& h) { return h.f(); }",
    "default": "int f(const utils::DeviceBuffer<float>& b, int (*with)(const utils::DeviceBuffer<float>&) = "
               "[](const utils::DeviceBuffer<float>& c) { return kind(c); }) { return with(b); }",
    "made": "inline utils::DeviceBuffer<float> make() { return utils::DeviceBuffer<float>::zeroed(2); }\nint f() { return kind(make()); }",
    "type": "template <typename T> std::integral_constant<int, sizeof(decltype(kind(std::declval<T>()))) == 4> g();\n"
            "int f(const utils::DeviceBuffer<float>& b) { return decltype(g<utils::DeviceBuffer<float>>())::value + kind(b); }",
    "initialiser": "struct Rank { int of; explicit Rank(const utils::DeviceBuffer<float>& b) : of(kind(b)) {} };",
    "derived": "struct Layered : utils::DeviceBuffer<float> { int f() const { return kind(static_cast<const utils::DeviceBuffer<float>&>(*this)); } };",
    "reference": "int f(std::reference_wrapper<const utils::DeviceBuffer<float>> b) { return kind(b.get()); }",
    "moved": "int f(utils::DeviceBuffer<float>&& b) { return kind(std::move(b)); }",
    "condition": "int f(const utils::DeviceBuffer<float>& b) { return b.is_empty() ? 0 : kind(b); }",
}
CLASSES = "template <typename T> constexpr bool tracked = std::is_same_v<T, utils::ManagedDeviceBuffer<float>>;\n"
BOTH = "int both(const utils::DeviceBuffer<float>& b, const utils::ManagedDeviceBuffer<float>& m) { return f(b) + 2 * f(m); }\n"
QUESTIONS = {
    "branch": "template <typename T> int f(const T&) { if constexpr (tracked<T>) return 1; else return 0; }",
    "value": "template <typename T> int f(const T&) { return tracked<T> ? 1 : 0; }",
    "negated": "template <typename T> int f(const T&) { return !tracked<const T> && !std::is_same<T, utils::ManagedDeviceBuffer<float>>::value; }",
    "object": "template <typename T> int f(const T&) { return std::is_same<T, utils::ManagedDeviceBuffer<float>>{} ? 1 : 0; }",
    "enabled": "template <typename T, std::enable_if_t<tracked<T>, int> = 0> int f(const T&) { return 1; }\n"
               "template <typename T, std::enable_if_t<!tracked<T>, int> = 0> int f(const T&) { return 0; }",
    "tag": "inline int g(std::true_type) { return 1; }\ninline int g(std::false_type) { return 0; }\n"
           "template <typename T> int f(const T&) { return g(std::bool_constant<tracked<T>>()); }",
    "argument": "template <bool V> int g() { return V; }\ntemplate <typename T> int f(const T&) { return g<tracked<T>>(); }",
    "constant": "template <typename T> int f(const T&) { constexpr bool known = tracked<T>; return known ? 1 : 0; }",
    "conjunction": "template <typename T> int f(const T&) { return std::conjunction_v<std::is_class<T>, "
                   "std::is_same<T, utils::ManagedDeviceBuffer<float>>>; }",
    "counter": "template <typename T> int f(const T&) { static int calls = 0; return ++calls; }",
}


def named(kind, shapes, head, tail=""):
    return {f"{kind}_{name}.cpp": head + text + "\n" + tail for name, text in shapes.items()}


FILES = {**named("lost", SHAPES, HEAD + LOST), **named("kept", SHAPES, HEAD + KEPT),
         **named("asked", QUESTIONS, HEAD + CLASSES, BOTH),
         **named("apart", QUESTIONS, HEAD + CLASSES, "int alone(const utils::DeviceBuffer<char>& b) { return f(b); }\n")}


@in_project(FILES)
def every_shape(project):
    _, report = project.run("-j2")
    check(report["units"]["failed"] == 0, str(report["units"]))
    wrong = []
    for name in FILES:
        sites = [site for site in report["sites"] if site["file"] == name and not site["symbol"].endswith(".hpp")]
        reasons = {site["reason"] for site in sites if site["symbol"].endswith("DeviceBuffer")}
        stays = name.startswith(("lost", "asked"))
        if ("resolves-otherwise" in reasons) != stays or "verify" in reasons:
            wrong.append(f"{name}: {reasons}")
    check(not wrong, "\n".join(wrong))


def main():
    every_shape(arguments())
    print(f"{len(FILES)} programs")


if __name__ == "__main__":
    main()
