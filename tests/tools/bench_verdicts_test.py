# SPDX-License-Identifier: Apache-2.0
"""Targets, verdicts and tables of tools/bench, on made-up figures.

Usage: bench_verdicts_test.py FOLDER_OF_BENCH
"""

import math
import sys
import unittest


def row(contestant, median, case="pair", x=256, better="less", samples=5):
    return {"case": case, "unit": "ns", "x": x, "better": better, "contestant": contestant, "samples": samples,
            "low": median * 0.9, "median": median, "high": median * 1.1}  # fmt: skip


def table(*rows, name="allocation"):
    return {"table": name, "device": "made up", "simulated": False, "rows": list(rows)}


def verdict(target, *rows, simulated=False):
    return verdicts.judge(target, verdicts.figures([table(*rows)]), simulated)


def target(**bounds):
    return targets.Target("allocation", "pair", 256, **bounds)


class Targets(unittest.TestCase):
    def test_each_makes_just_one_demand(self):
        for each in targets.TARGETS:
            bounds = [bound for bound in (each.times, each.most, each.least) if not math.isnan(bound)]
            self.assertEqual(len(bounds), 1, each)

    def test_no_two_make_the_same_demand(self):
        keys = [(each.table, each.case, each.x, each.contestant, each.against) for each in targets.TARGETS]
        self.assertEqual(len(keys), len(set(keys)))

    def test_what_is_ours_is_no_peer_unless_named(self):
        for each in targets.TARGETS:
            self.assertIn(each.contestant, targets.OWN)
            self.assertFalse([name for name in each.measured if name in targets.OWN], each)

    def test_the_quoted_figures_are_those_of_the_anchors(self):
        quoted = {(each.table, each.case, each.x): each.measured for each in targets.TARGETS if each.measured}
        self.assertEqual(quoted["allocation", "pair", 1 << 20]["rmm arena"], 160)  # 0.16 us
        self.assertEqual(quoted["allocation", "threads", 16]["rmm arena"], 2.4)
        self.assertEqual(quoted["growth", "busy: call", 1 << 30]["driver calls"], 69)
        self.assertAlmostEqual(quoted["downloads", "bandwidth", 1_000_000]["raw pinned"], 53.0, delta=0.2)
        self.assertEqual(quoted["replay", "gnn_growing_graph: held over live", 0]["torch expandable"], 1.063)


class Verdicts(unittest.TestCase):
    def test_a_ratio_is_held_against_the_best_peer(self):
        four = target(times=4)
        just = verdict(four, row("triune", 25), row("cub", 300), row("rmm pool", 100))
        self.assertEqual((just.met, just.peer, just.theirs, just.ratio, just.word), (True, "rmm pool", 100, 4, "met"))
        missed = verdict(four, row("triune", 26), row("cub", 300), row("rmm pool", 100))
        self.assertEqual((missed.met, missed.word), (False, "MISSED"))

    def test_where_more_is_better_the_ratio_and_the_best_peer_turn_round(self):
        rows = [row(name, median, better="more") for name, median in (("triune", 40), ("cub", 5), ("rmm pool", 10))]
        judged = verdict(target(times=4), *rows)
        self.assertEqual((judged.met, judged.peer, judged.ratio), (True, "rmm pool", 4))
        self.assertFalse(verdict(target(times=4.1), *rows).met)

    def test_a_ratio_below_one_allows_to_be_worse(self):
        rows = [row("raw pinned", 100), row("cub", 1)]
        allowed = target(times=1 / 1.3, against=("raw pinned",))
        self.assertTrue(verdict(allowed, row("triune", 129), *rows).met)
        self.assertFalse(verdict(allowed, row("triune", 131), *rows).met)

    def test_our_other_ways_and_limits_are_no_peers(self):
        judged = verdict(target(times=4), row("triune", 25), row("triune direct", 1), row("limit", 2), row("cub", 100))
        self.assertEqual((judged.met, judged.peer), (True, "cub"))

    def test_what_no_user_calls_is_a_bound_and_no_peer_unless_named(self):
        rows = [row("triune", 30), row("internal pool (bound)", 20), row("cub", 100)]
        self.assertEqual(verdict(target(times=3), *rows).peer, "cub")
        against = verdict(target(times=1 / 1.4, against=("internal pool (bound)",)), *rows)
        self.assertEqual((against.peer, against.met), ("internal pool (bound)", False))

    def test_another_way_of_ours_can_be_what_is_judged(self):
        judged = verdict(target(times=2, contestant="triune direct"), row("triune", 90), row("triune direct", 10), row("cub", 30))
        self.assertEqual((judged.ours, judged.met), (10, True))

    def test_a_demand_reads_the_same_whether_it_was_measured_and_whichever_is_better(self):
        demands = {"at least 0.7": {"least": 0.7}, "at most 2": {"most": 2}, "no worse than a or b": {"times": 1, "against": ("a", "b")},
                   "4x better than the best peer": {"times": 4}, "at most 1.3x worse than cub": {"times": 1 / 1.3, "against": ("cub",)}}
        for demand, bounds in demands.items():
            for better in ("less", "more"):
                rows = [row("triune", 1, better=better), row("cub", 2, better=better)]
                self.assertEqual([verdict(target(**bounds), *each).demand for each in ([], rows)], [demand, demand])

    def test_bounds_include_their_edge(self):
        for bounds, met in (({"most": 25}, True), ({"most": 24.9}, False), ({"least": 25}, True), ({"least": 25.1}, False)):
            self.assertIs(verdict(target(**bounds), row("triune", 25)).met, met, bounds)

    def test_without_a_peer_or_a_figure_there_is_no_verdict(self):
        alone = verdict(target(times=4), row("triune", 25), row("limit", 1))
        self.assertEqual((alone.met, alone.word), (None, "no verdict"))
        self.assertEqual(verdict(target(times=4), row("cub", 25)).word, "not measured")
        self.assertEqual(verdict(target(times=4), row("triune", 25, x=512), row("cub", 250, x=512)).word, "not measured")

    def test_the_named_peer_that_is_missing_is_not_replaced_by_another(self):
        self.assertIsNone(verdict(target(times=4, against=("driver calls",)), row("triune", 1), row("cub", 100)).met)

    def test_nothing_took_no_time_at_all(self):
        self.assertTrue(verdict(target(times=4), row("triune", 0), row("cub", 1)).met)

    def test_times_of_the_simulated_device_give_no_verdict(self):
        rows = [row("triune", 1), row("cub", 100)]
        self.assertIsNone(verdict(target(times=4), *rows, simulated=True).met)
        self.assertTrue(verdict(target(most=2, host_only=True), *rows, simulated=True).met)

    def test_only_tables_that_were_made_are_judged(self):
        judged = verdicts.judge_all([table(name="replay")])
        self.assertEqual({each.target.table for each in judged}, {"replay"})


class Tables(unittest.TestCase):
    def test_numbers_have_four_digits_and_no_exponent(self):
        shown = [verdicts.number(each) for each in (0, 1.23456, 9999.4, 12345.6, 123456.7, 1e-4, None, math.nan)]
        self.assertEqual(shown, ["0", "1.235", "9999", "12,346", "123,457", "0.0001", "-", "-"])

    def test_sizes_are_bytes_where_they_are_powers_of_two(self):
        shown = [verdicts.size(each) for each in (0, 16, 1000, 1024, 3 << 20, 4 << 20, 1 << 32)]
        self.assertEqual(shown, ["", "16", "1,000", "1 KiB", "3,145,728", "4 MiB", "4 GiB"])

    def test_a_line_a_case_and_a_column_a_contestant(self):
        lines = verdicts.table_lines(table(row("triune", 10), row("cub", 20), row("cub", 30, x=4096)))
        self.assertEqual(lines, [["case", "size", "unit", "triune", "cub"], ["pair", "256", "ns", "10 (9..11)", "20"],
                                 ["pair", "4 KiB", "ns", "-", "30"]])  # fmt: skip

    def test_one_sample_has_no_spread(self):
        self.assertEqual(verdicts.table_lines(table(row("triune", 10, samples=1)))[1][3], "10")

    def test_columns_are_aligned_and_markdown_says_how(self):
        lines = [["case", "size"], ["a long case", "1"]]
        self.assertEqual(verdicts.aligned(lines), "case         size\na long case     1")
        self.assertEqual(verdicts.markdown(lines), "| case | size |\n| --- | ---: |\n| a long case | 1 |")

    def test_a_verdicts_line_names_the_target_the_peer_and_the_demand(self):
        judged = verdict(target(times=4), row("triune", 25), row("cub", 100))
        self.assertEqual(verdicts.verdict_lines([judged])[1],
                         ["allocation: pair", "256", "25", "100", "cub", "4", "4x better than the best peer", "met"])  # fmt: skip


if __name__ == "__main__":
    sys.path.insert(0, sys.argv.pop(1))
    import targets
    import verdicts

    unittest.main()
