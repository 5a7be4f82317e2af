# SPDX-License-Identifier: Apache-2.0
"""What the tests of the package stand on: the package itself, and a manager that must end empty."""

import array
import gc
import sys
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

import triune  # noqa: E402

MIB = 1 << 20


def floats(values):
    return array.array("f", values)


class OnManager(unittest.TestCase):
    def setUp(self):
        self.manager = triune.Manager(limit_bytes=64 * MIB)

    def tearDown(self):
        gc.collect()
        self.assertEqual(self.manager.statistics()["total_allocated_bytes"], 0, self.manager.table())
