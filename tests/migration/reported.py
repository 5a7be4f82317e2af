# SPDX-License-Identifier: Apache-2.0
"""A small project that leaves every report, and a run over it; what a page of HTML holds."""
import html.parser
import os
import subprocess
import tempfile

from workspace import Project

FILES = {
    "src/a.cpp": """#include "utils/gpu_memory.hpp"
#define LEAKS utils::check_gpu_memory_leaks()
std::size_t leaks() { return LEAKS.size() + utils::check_gpu_memory_leaks().size(); }
#ifdef NEVER
auto usage = utils::get_gpu_memory_usage();
#endif
""",
    "src/deep/b.cpp": """#include "gpu/dynamic_buffer_manager.hpp"
// é before the name moves its column in bytes only
/* é */ gpu::BufferConfig config = gpu::BufferConfig::for_edges();
""",
}
EPOCH = {"SOURCE_DATE_EPOCH": "1700000000"}


def run(project, *options):
    command = [project.given.tool, "-p", str(project.build), f"--triune-include={project.given.new_api}", *options]
    return subprocess.run(command, cwd=project.source, capture_output=True, text=True, env=dict(os.environ, **EPOCH))


def in_project(test):
    def wrapped(given):
        with tempfile.TemporaryDirectory() as folder:
            project = Project(given, folder, FILES)
            project.database(list(FILES))
            test(project)
    wrapped.__name__ = test.__name__
    return wrapped


class Page(html.parser.HTMLParser):
    def __init__(self, text):
        super().__init__()
        self.tags, self.loads, self.links, self.names, self.text = [], [], [], [], ""
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        self.tags.append(tag)
        self.loads += [value for name, value in attributes if name in ("src", "href") and not value.startswith("#")]
        self.links += [value[1:] for name, value in attributes if name == "href" and value.startswith("#")]
        self.names += [value for name, value in attributes if name == "id"]

    def handle_data(self, data):
        self.text += data
