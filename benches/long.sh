#!/usr/bin/env bash
# Tests that take minutes or hours, resumable: what was run at this commit is not run again.
#
#     benches/long.sh silence [TRIALS]       spoilt exports (tests/silence), 300 unless said otherwise
#     benches/long.sh forgettings            ten rules switched off, each must be noticed
#     benches/long.sh failures               every call that changes the disk, of every command, killed, full and broken
#     benches/long.sh fuzz_sheet [SHEETS]    sheets of any content to the workbooks, 1,000,000 unless said otherwise
#     benches/long.sh readers                the readers of a month of exports killed at random
#
# Every part appends a line to target/long/NAME.tsv (date, commit, first seed, count, result); copy what counts to
# docs/testing.md.
set -euo pipefail
cd "$(dirname "$0")/.."
name=${1:?what to run}
log=${CARGO_TARGET_DIR:-target}/long/$name.tsv
mkdir -p "$(dirname "$log")"
touch "$log"
commit=$(git rev-parse --short HEAD)$(git diff --quiet HEAD || echo +)

# run SEED COUNT COMMAND...: one part, unless it stands in the log
part() {
    local seed=$1 count=$2 result
    shift 2
    if [[ $commit != *+ ]] && grep -qP "\t$commit\t$seed\t$count\t" "$log"; then return; fi
    local out=$log.out
    if HESUAN_SEED=$seed HESUAN_COUNT=$count "$@" >"$out" 2>&1; then result=passed; else result=FAILED; fi
    grep -E '^(trials|told by|alone|SILENT|forgotten|[0-9]+ files| )' "$out" || [[ $result == passed ]] || tail -40 "$out"
    printf '%s\t%s\t%s\t%s\t%s\t%s\n' "$(date +%F)" "$commit" "$seed" "$count" "$result" \
        "$(grep -m1 -o 'trials.*' "$out" || grep -c '^forgotten' "$out" || true)" >>"$log"
    [[ $result == passed ]]
}

case $name in
    silence)
        trials=${2:-300}
        for ((seed = 0; seed < trials; seed += 100)); do
            part "$seed" $((trials - seed < 100 ? trials - seed : 100)) \
                cargo test --release --test silence -- --ignored --nocapture at_length
        done
        ;;
    forgettings) part 0 10 cargo test --release --features forgettings --test silence -- --nocapture forgotten ;;
    failures) part 0 1 cargo test --release --features failures --test failures -- --nocapture ;;
    fuzz_sheet)
        sheets=${2:-1000000}
        for ((seed = 0; seed < sheets; seed += 20000)); do
            part "$seed" $((sheets - seed < 20000 ? sheets - seed : 20000)) \
                cargo test --release --lib -- --ignored --nocapture fuzz_tests::at_length
        done
        ;;
    readers) part 0 3 cargo test --release --test inbox -- --ignored --nocapture whoever_kills_readers ;;
    *)
        echo "silence, forgettings, failures, fuzz_sheet or readers, not $name" >&2
        exit 2
        ;;
esac
tail -n 5 "$log"
