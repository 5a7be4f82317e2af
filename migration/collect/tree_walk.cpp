// SPDX-License-Identifier: Apache-2.0
// The walk of the tree itself, made once: it is most of what a file that includes the visitor would compile.
#include "collect/name_visitor.hpp"

template class clang::RecursiveASTVisitor<migrate::name_visitor>;
