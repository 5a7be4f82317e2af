#pragma once

#include <memory>

// A template with constraints cannot be announced, so the header stands where the announcement stood.
#include <triune/triune.hpp>

float total(const triune::Buffer<float>& buffer);
void step(triune::GraphArrays& arrays);
