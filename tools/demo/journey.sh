# SPDX-License-Identifier: Apache-2.0
# The journey of the legacy application; sourced by tools/demo.sh.
archive() { find "$root/build/default" -name "$1" -print -quit; }

say "Build the legacy application against the legacy library, and run it"
quietly cmake -S "$application" -B "$work/legacy" -G Ninja -DCMAKE_BUILD_TYPE=Release \
    -DGPU_MEMORY_INCLUDE_DIRS="$root/tests/legacy/include" -DGPU_MEMORY_LIBRARIES="$(archive liblegacy_gpu.a)"
compile "$work/legacy" --parallel "$jobs"
packages="$work/packages.txt"
[[ -s $packages ]] || "$work/legacy/package_map" --capture "$packages"
run() { python3 "$root/tools/demo/runs.py" --input "$packages" --output "$output" "${nodes[@]}" "${frames[@]}" "$@"; }
legacy="legacy=$work/legacy/package_map"
run "$legacy"

say "Relink the same object files with Triune's facades, run, compare"
mapfile -t objects < <(find "$work/legacy/CMakeFiles/package_map_objects.dir" -name '*.o' | sort)
quietly cmake -S "$root/tools/demo/relink" -B "$work/relinked" -G Ninja -DCMAKE_BUILD_TYPE=Release \
    -DCMAKE_PREFIX_PATH="$stage" -DOBJECTS="$(IFS=';'; echo "${objects[*]}")"
compile "$work/relinked"
echo "${#objects[@]} object files relinked, none compiled again."
relinked="relinked=$work/relinked/package_map"
run "$legacy" "$relinked"

say "Compile against the facades' headers: what a compiler calls deprecated"
python3 "$root/tools/demo/deprecations.py" -p "$work/legacy" --include "$compat" --jobs "$jobs"

say "Migrate a copy of the application"
copy="$work/migrated_source"
fresh "$copy"
cp -r "$application/." "$copy"
quietly cmake -S "$copy" -B "$work/before_migration" -G Ninja -DGPU_MEMORY_INCLUDE_DIRS="$compat;$stage/include" \
    -DGPU_MEMORY_LIBRARIES=none
history="$output/migration.jsonl"
rm -f "$history"
(cd "$copy" && migrate_run -p "$work/before_migration" --history="$history" --report="$output/migration.json" \
    >"$output/migration.diff")
diff_shape "$output/migration.diff"
(cd "$copy" && "$migrate" -p "$work/before_migration" --fix --history="$history" --report="$output/migration.html") \
    >"$work/fix.log" 2>&1 || { cat "$work/fix.log" >&2; exit 1; }
quietly "$migrate" -p "$work/before_migration"  # exit status 0: nothing legacy is left
echo "  a second run finds nothing left to change"

say "Build the migrated copy as C++20 with -Werror=deprecated-declarations, run, compare"
libraries="$(find "$stage" -name libtriune_compat.a);$(find "$stage" -name libtriune_core.a);dl;rt"
quietly cmake -S "$copy" -B "$work/migrated" -G Ninja -DCMAKE_BUILD_TYPE=Release -DCMAKE_CXX_STANDARD=20 \
    -DCMAKE_CXX_FLAGS=-Werror=deprecated-declarations -DGPU_MEMORY_INCLUDE_DIRS="$stage/include;$compat" \
    -DGPU_MEMORY_LIBRARIES="$libraries"
compile "$work/migrated" --parallel "$jobs"
run "$legacy" "$relinked" "migrated=$work/migrated/package_map"

say "Record the memory of the migrated copy, and make a page of it"
recording="$output/recording.jsonl"
fresh "$work/recorded"
quietly env TRIUNE_RECORD="$recording" "$work/migrated/package_map" --input "$packages" "${nodes[@]}" "${frames[@]}" \
    --output "$work/recorded"
snapshot=("python3" -B "$root/tools/snapshot/triune-snapshot")
"${snapshot[@]}" page "$recording" --title "package_map, migrated" --output "$output/memory.html"
"${snapshot[@]}" print "$recording" --count 5 | sed 's/^/  /'

say "What is left behind"
cp "$output/migrated/package_map.png" "$output/package_map.png"
if ! nvidia-smi -L >/dev/null 2>&1; then
    echo "  These times are of the simulated device, whose streams are threads and which checks every call: they show that"
    echo "  nothing breaks. Times on a GPU, with the same output, are in docs/measurements/."
fi
echo "  package_map.png   the layout, the same from all three builds"
echo "  comparison.md     times and memory, old against new"
echo "  memory.html       the memory of the migrated copy over time; opens in a browser without a network"
echo "  migration.diff    every edit"
echo "  migration.json    every site, and what became of it"
echo "  migration.html    the same for people, with the way to zero; opens in a browser without a network"
