#!/usr/bin/env bash
# How long builds take, as a whole process: bench/catalog.sh PATH… (rule folders). Prints wall and CPU seconds and the peak of memory, five runs each.
# A report, not a test: read it on a quiet machine, and compare runs that were made in turn.
set -eu
here=$(cd "$(dirname "$0")/.." && pwd)
glossa=${GLOSSA_EXE:-$here/artifacts/publish/Glossa.Cli/release_linux-x64/glossa}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

measure() {
    local name=$1
    shift
    python3 - "$name" "$@" <<'PY'
import os, resource, subprocess, sys, time
before = resource.getrusage(resource.RUSAGE_CHILDREN)
start = time.monotonic()
subprocess.run(sys.argv[2:], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=True)
wall = time.monotonic() - start
after = resource.getrusage(resource.RUSAGE_CHILDREN)
cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
print(f"{sys.argv[1]:<18} {wall:7.2f} s wall {cpu:7.2f} s cpu {after.ru_maxrss / 1024:7.0f} MB", flush=True)
PY
}

echo "$(nproc) cores, load $(cut -d' ' -f1-3 /proc/loadavg)"
for run in 1 2 3 4 5; do
    measure "cold build" "$glossa" build "$@" -o "$work/cold$run.db"
    measure "unchanged rebuild" "$glossa" build "$@" -o "$work/cold$run.db"
    measure "stats of files" "$glossa" stats "$@"
    measure "search, process" "$glossa" search 'field:Image op:ends_with severity:>=high' --db "$work/cold$run.db"
done
ls -l "$work/cold1.db" | awk '{ printf "catalog %.1f MiB\n", $5 / 1048576 }'
