# SPDX-License-Identifier: Apache-2.0
"""The curves of tools/bench/plots.py, on made-up figures.

Usage: bench_plots_test.py FOLDER_OF_BENCH
"""

import json
import subprocess
import sys
import tempfile
import unittest
import xml.etree.ElementTree as ElementTree
from pathlib import Path

FOLDER = ""
SVG = "{http://www.w3.org/2000/svg}"


def rows(contestant, medians, case="pair", unit="ns"):
    return [{"case": case, "unit": unit, "x": x, "better": "less", "contestant": contestant, "samples": 5, "low": median / 2,
             "median": median, "high": median * 2} for x, median in medians.items()]  # fmt: skip


def table(*parts):
    return {"table": "allocation", "rows": [row for part in parts for row in part]}


class Curves(unittest.TestCase):
    def test_a_curve_has_three_points_or_more(self):
        found = plots.curves_of(table(rows("triune", {1: 1, 2: 2, 4: 4}), rows("triune", {1: 1, 2: 2}, case="short")))
        self.assertEqual(list(found), ["pair"])

    def test_points_are_in_the_order_of_x_and_a_row_without_one_is_none(self):
        found = plots.curves_of(table(rows("triune", {4: 40, 1: 10, 2: 20, 0: 5})))
        self.assertEqual([point[0] for point in found["pair"][1]["triune"]], [1, 2, 4])

    def test_a_case_of_zeros_is_left_out(self):
        self.assertEqual(plots.curves_of(table(rows("triune", {1: 0, 2: 0, 4: 0}))), {})


class Drawing(unittest.TestCase):
    def drawn(self, lines, title="a title", unit="ns"):
        return ElementTree.fromstring(plots.draw(title, unit, lines))

    def circles(self, svg):
        return [(float(circle.get("cx")), float(circle.get("cy"))) for circle in svg.iter(f"{SVG}circle")]

    def test_names_of_any_letters_give_well_formed_text(self):
        svg = self.drawn({"<b> & co": [(1, 1, 1, 1)]}, title='sizes < 4 "KiB" & more')
        words = [text.text for text in svg.iter(f"{SVG}text")]
        self.assertIn("<b> & co", words)
        self.assertIn('sizes < 4 "KiB" & more, ns', words)

    def test_higher_is_higher_and_equal_ratios_are_equal_distances(self):
        points = self.circles(self.drawn({"triune": [(x, y, y, y) for x, y in ((1, 10), (10, 100), (100, 1000))]}))
        across = [after[0] - before[0] for before, after in zip(points, points[1:])]
        up = [before[1] - after[1] for before, after in zip(points, points[1:])]
        self.assertAlmostEqual(across[0], across[1], delta=0.2)
        self.assertAlmostEqual(up[0], up[1], delta=0.2)
        self.assertGreater(min(across + up), 10)

    def test_every_point_lies_inside_the_axes_a_zero_at_the_bottom(self):
        points = self.circles(self.drawn({"a": [(1, 0, 0, 0), (2, 3, 5, 7)], "b": [(1, 0.02, 0.02, 0.02), (1e6, 9, 9, 9e9)]}))
        bottom = plots.HEIGHT - plots.BOTTOM
        self.assertEqual(points[0][1], bottom)
        for x, y in points:
            self.assertTrue(plots.LEFT <= x <= plots.WIDTH - plots.RIGHT and plots.TOP <= y <= bottom, (x, y))

    def test_a_single_point_and_a_flat_line_are_drawn(self):
        self.assertEqual(len(self.circles(self.drawn({"a": [(5, 1, 1, 1)]}))), 1)
        self.assertEqual(len(self.circles(self.drawn({"a": [(1, 1, 1, 1), (2, 1, 1, 1), (3, 1, 1, 1)]}))), 3)

    def test_ours_stands_out_and_no_two_lines_look_alike(self):
        names = ["triune", *(f"peer {i}" for i in range(11))]
        svg = self.drawn({name: [(1, 1, 1, 1), (2, 2, 2, 2)] for name in names})
        lines = list(svg.iter(f"{SVG}polyline"))
        self.assertEqual(["ours" in line.get("class") for line in lines], [True] + 11 * [False])
        self.assertEqual(len({(line.get("stroke"), line.get("stroke-dasharray")) for line in lines}), 12)

    def test_light_and_dark_pages_are_provided_for(self):
        self.assertIn("prefers-color-scheme: dark", plots.draw("t", "ns", {"a": [(1, 1, 1, 1)]}))


class Trades(unittest.TestCase):
    def tables(self):
        def both(contestant, time, held):
            return (rows(contestant, {0: time}, case="gnn: first pass, an operation")
                    + rows(contestant, {0: held}, case="gnn: held over live"))  # fmt: skip
        peers = {"table": "replay", "rows": both("triune", 900, 1.01) + both("rmm pool", 300, 1.9) + rows("half", {0: 1}, case="gnn: held over live")}
        settings = {"table": "chunks", "rows": both("KNOB=4", 3000, 1.005) + both("KNOB=64", 500, 1.04)}
        return [peers, settings, table(rows("x", {1: 1}))]

    def test_a_point_needs_both_its_figures(self):
        self.assertEqual(plots.trades_of(self.tables()), {"gnn": {
            "triune": (900, 1.01), "rmm pool": (300, 1.9), "KNOB=4": (3000, 1.005), "KNOB=64": (500, 1.04)}})  # fmt: skip

    def test_slower_lies_to_the_right_and_more_memory_higher_and_settings_are_joined(self):
        found = ElementTree.fromstring(plots.draw_trade("gnn", plots.trades_of(self.tables())["gnn"]))
        places = {text.text: (float(text.get("x")), float(text.get("y")))
                  for text in found.iter(f"{SVG}text") if text.get("class") == "words"}  # fmt: skip
        order = ["rmm pool", "64 MiB", "triune", "4 MiB"]
        self.assertEqual(sorted(places, key=lambda name: places[name][0]), order)
        self.assertEqual(sorted(places, key=lambda name: places[name][1]), order)
        self.assertEqual(len(list(found.iter(f"{SVG}polyline"))), 1)

    def test_no_words_lie_on_others_where_points_do(self):
        points = {f"peer {i}": (1000 + i, 1.02) for i in range(6)}
        found = ElementTree.fromstring(plots.draw_trade("gnn", points | {"far": (9000, 2.0)}))
        lines = sorted(float(text.get("y")) for text in found.iter(f"{SVG}text") if text.get("class") == "words")
        self.assertGreaterEqual(min(after - before for before, after in zip(lines, lines[1:])), plots.LINE)

    def test_it_is_written_beside_the_curves(self):
        with tempfile.TemporaryDirectory() as scratch:
            self.assertEqual([path.name for path in plots.write_all(self.tables(), scratch)], ["held-by-first-pass-gnn.svg"])


class Files(unittest.TestCase):
    def test_a_file_a_curve_and_again_from_the_results(self):
        run = {"tables": [table(rows("triune", {1: 1, 2: 2, 4: 4}), rows("triune", {1: 1, 2: 2, 4: 4}, case="idle: call, us/B"))]}
        with tempfile.TemporaryDirectory() as scratch:
            results, first, again = (Path(scratch) / name for name in ("results.json", "first", "again"))
            results.write_text(json.dumps(run), encoding="utf-8")
            written = plots.write_all(run["tables"], first)
            self.assertEqual([path.name for path in written], ["allocation-pair.svg", "allocation-idle-call-us-B.svg"])
            subprocess.run([sys.executable, "-B", f"{FOLDER}/plots.py", str(results), str(again)], check=True, capture_output=True)
            for path in written:
                self.assertEqual(path.read_bytes(), (again / path.name).read_bytes())


if __name__ == "__main__":
    FOLDER = sys.argv.pop(1)
    sys.path.insert(0, FOLDER)
    import plots

    unittest.main()
