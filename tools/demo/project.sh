# The journey of a tree that the demo has never seen; sourced by tools/demo.sh. Nothing in the tree or its build is changed.
say "Census: where the legacy interface is spelled"
copy="$work/project"
database="$work/project_build"
fresh "$copy"
fresh "$database"
cp -r "$project/." "$copy"
# The copy's units are compiled with the project's own commands, its paths moved to the copy.
python3 - "$build/compile_commands.json" "$database/compile_commands.json" "$project" "$copy" <<'PYTHON'
import pathlib, sys
text = pathlib.Path(sys.argv[1]).read_text()
pathlib.Path(sys.argv[2]).write_text(text.replace(sys.argv[3] + "/", sys.argv[4] + "/").replace('"' + sys.argv[3] + '"', '"' + sys.argv[4] + '"'))
PYTHON
rm -f "$output/migration.jsonl"
(cd "$copy" && migrate_run -p "$database" --history="$output/migration.jsonl" >"$output/migration.diff") || true  # told again below
diff_shape "$output/migration.diff"

say "Migrate the copy"
status=0
(cd "$copy" && "$migrate" -p "$database" --fix --quiet --report="$output/migration.json" \
    --report="$output/migration.html" --history="$output/migration.jsonl") || status=$?
if [[ $status == 2 ]]; then
    say "What could not be parsed"
    (cd "$copy" && "$migrate" -p "$database" --doctor | grep -v '^ok ') || true
fi
cp -r "$copy" "$output/"

say "What is left behind"
echo "  project/          your tree, migrated"
echo "  migration.diff    every edit"
echo "  migration.json    every site, and what became of it or why it was left"
echo "  migration.html    the same for people; opens in a browser without a network"
case $status in
    0) echo "Nothing legacy is left. Your build needs C++20 and triune::core." ;;
    1) echo "Some sites are left for you: see the reasons above and in migration.json; '$migrate --explain ID' tells more." ;;
    2) echo "Some units could not be parsed, so nothing in them was edited." ;;
    *) echo "triune-migrate could not finish (exit status $status)." >&2; exit 1 ;;
esac
echo "Not done here: building and running your program, whose build and input only you know."
