// SPDX-License-Identifier: Apache-2.0
// Structs of figures, each figure stated once.
#pragma once

#include <cstddef>

// Makes, from a table of figure(name, meaning) lines, a struct of std::size_t fields that begin at 0, can be compared,
// and are shown one by one: visit(show) calls show(name, value, meaning). Whoever prints figures goes through visit(),
// so a new line in the table is all that a new figure needs.
#define TRIUNE_FIGURE_FIELD(name, meaning) std::size_t name = 0;
#define TRIUNE_FIGURE_SHOWN(name, meaning) show(#name, name, meaning);
#define TRIUNE_DEFINE_FIGURES(Figures, table)                             \
    struct Figures {                                                      \
        table(TRIUNE_FIGURE_FIELD) template <typename Show>               \
        void visit(Show&& show) const {                                   \
            table(TRIUNE_FIGURE_SHOWN)                                    \
        }                                                                 \
        friend bool operator==(const Figures&, const Figures&) = default; \
    }
