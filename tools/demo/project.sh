# SPDX-License-Identifier: Apache-2.0
# The journey of a tree that the demo has never seen; sourced by tools/demo.sh. The tool reads the tree where it lies, with its own
# commands, and writes nothing; what it would write is put into a copy.
say "Find what is legacy, and what becomes of it"
status=0
# Headers outside the tree belong to someone else, though its units include them.
outside=$(python3 -c 'import re, sys; print("^" + re.escape(sys.argv[1]) + "/")' "$project")
(cd "$project" && "$migrate" -p "$build" --header-filter="$outside" --history="$output/migration.jsonl" --report="$output/migration.json" \
    --report="$output/migration.html" . >"$output/migration.diff" 2>"$output/migration.log") || status=$?
cat "$output/migration.log"
if [[ $status == 3 || ! -f $output/migration.json ]]; then
    echo "demo.sh: triune-migrate could not do it (exit status $status)" >&2
    exit 1
fi

say "Migrate a copy"
fresh "$output/project"
cp -a "$project/." "$output/project"
python3 "$root/tools/demo/apply_diff.py" "$output/migration.diff" "$output/project"
diff_shape "$output/migration.diff"

say "What could not be done"
python3 "$root/tools/demo/left_over.py" "$output/migration.json"
(cd "$project" && "$migrate" -p "$build" --doctor . || true) | grep -v '^ok ' | sed 's/^/  /'
if [[ $status == 4 ]]; then echo "  Some edits were taken back, because the code would not have compiled: see above."; fi
echo "  Building and running your program: only you know its build and its input."

say "What is left behind"
echo "  project/          your tree, migrated"
echo "  migration.diff    every edit"
echo "  migration.json    every site, and what became of it or why it was left"
echo "  migration.html    the same for people; opens in a browser without a network"
echo "  migration.log     what the tool said"
echo "  migration.jsonl   a line for each run with this --output, from which the page draws the way to zero"
echo "Your build needs C++20 and triune::core. In the tree itself: cd '$project' && '$migrate' -p '$build' --fix ."
