#pragma once
#include <triune/triune.hpp>
// Nothing here migrates but the includes and this.
