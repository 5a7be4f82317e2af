#pragma once
#include "utils/gpu_memory.hpp"
// Nothing here migrates but the includes and this.
using namespace utils;
