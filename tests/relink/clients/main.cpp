#include "client.hpp"

#include <cstdlib>
#include <iostream>
#include <map>
#include <string>

int main(int count, char** arguments) {
    const std::map<std::string, Client> clients{
        {"managed_buffers", managed_buffers}, {"streams_and_labels", streams_and_labels},
        {"growing_buffers", growing_buffers}, {"cell_buffers", cell_buffers},
        {"graph_arrays", graph_arrays},       {"graph_downloads", graph_downloads},
        {"errors", errors},                   {"lifetimes", lifetimes},
    };
    const auto found = count == 2 ? clients.find(arguments[1]) : clients.end();
    if (found == clients.end()) {
        std::cerr << "usage: clients NAME\n";
        return 2;
    }
    found->second(std::cout);
    std::cout << "done" << std::endl;
    // With whatever the client left alive, as programs do that end deep inside.
    std::exit(0);
}
