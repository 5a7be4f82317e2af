// SPDX-License-Identifier: Apache-2.0
// What a plugin with a core of its own offers.
#pragma once

extern "C" {
[[gnu::visibility("default")]] void* draw(unsigned long bytes);
[[gnu::visibility("default")]] void give_back(void* address);
[[gnu::visibility("default")]] unsigned long live_bytes();
[[gnu::visibility("default")]] int has_a_whole_life();
}
