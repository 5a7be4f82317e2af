// SPDX-License-Identifier: Apache-2.0
#include "client.hpp"

#include <cstdlib>
#include <iostream>
#include <map>
#include <string>

int main(int count, char** arguments) {
    const std::map<std::string, Client> clients{
        {"cell_buffers", cell_buffers},
        {"destroyed_in_use", destroyed_in_use},
        {"errors", errors},
        {"frame_loop", frame_loop},
        {"graph_arrays", graph_arrays},
        {"graph_downloads", graph_downloads},
        {"growing_buffers", growing_buffers},
        {"growth_mended", growth_mended},
        {"idioms", idioms},
        {"lifetimes", lifetimes},
        {"logs_on_stderr", logs_on_stderr},
        {"managed_buffers", managed_buffers},
        {"nothing", nothing},
        {"raw_writes", raw_writes},
        {"streams_and_labels", streams_and_labels},
        {"threads", threads},
        {"twins", twins},
    };
    const std::string wish = count == 2 ? arguments[1] : "";
    if (wish == "--list") {
        for (const auto& client : clients) std::cout << client.first << '\n';
        return 0;
    }
    const auto found = clients.find(wish);
    if (found == clients.end()) {
        std::cerr << "usage: clients NAME | --list\n";
        return 2;
    }
    found->second(std::cout);
    std::cout << "done" << std::endl;
    // With whatever the client left alive, as programs do that end deep inside.
    std::exit(0);
}
