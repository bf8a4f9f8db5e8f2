#!/usr/bin/env bash
# How long pages take and how long they are: bench/pages.sh CATALOG.db. Starts the site on a free port and asks for each kind of page in turn, one
# request at a time, after a first round that is not counted; then for every rule once. A report, not a test: read it on a quiet machine.
set -eu
here=$(cd "$(dirname "$0")/.." && pwd)
glossa=${GLOSSA_EXE:-$here/artifacts/publish/Glossa.Cli/release_linux-x64/glossa}
python3 - "$glossa" "$1" <<'PY'
import gzip, http.client, re, sqlite3, statistics, subprocess, sys, time, urllib.parse

glossa, catalog = sys.argv[1:]
server = subprocess.Popen([glossa, "serve", catalog, "--urls", "http://127.0.0.1:0"], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
try:
    port = int(re.search(r":(\d+)", server.stdout.readline().split("//")[1]).group(1))
    connection = http.client.HTTPConnection("127.0.0.1", port)

    def ask(address):
        start = time.perf_counter()
        connection.request("GET", address)
        response = connection.getresponse()
        body = response.read()
        took = (time.perf_counter() - start) * 1000
        assert response.status == 200, (address, response.status)
        return took, body

    database = sqlite3.connect(f"file:{catalog}?mode=ro", uri=True)
    one = lambda sql: database.execute(sql).fetchone()
    quote = lambda text: urllib.parse.quote(text, safe="")
    rules = [f"/rules/{quote(family)}/{quote(slug)}" for family, slug in database.execute("SELECT family, slug FROM rule ORDER BY family, slug")]
    family, field = one("SELECT r.family, p.field FROM predicate AS p JOIN rule AS r ON r.id = p.rule_id GROUP BY 1, 2 ORDER BY count(*) DESC LIMIT 1")
    concept = one("SELECT concept FROM predicate WHERE concept IS NOT NULL GROUP BY 1 ORDER BY count(*) DESC LIMIT 1")[0]
    subject, kind, value = one("SELECT k.subject, k.kind, k.value FROM lookup_key AS k JOIN predicate_value AS v ON v.key_id = k.id GROUP BY k.id ORDER BY count(*) DESC LIMIT 1")
    technique = one("SELECT technique FROM attack WHERE technique <> '' GROUP BY 1 ORDER BY count(*) DESC LIMIT 1")[0]
    product, category = one("SELECT product, category FROM rule WHERE category IS NOT NULL AND product IS NOT NULL GROUP BY 1, 2 ORDER BY count(*) DESC LIMIT 1")
    pages = ["/", "/rules", "/rules?q=powershell", "/rules?q=" + quote(f"concept:{concept} severity:>=high"), "/attack", "/attack?show=gaps", f"/attack/{technique}", "/fields",
             f"/fields/{family}/{quote(field)}", "/concepts", f"/concepts/{concept}", f"/indicators/{kind}/{quote(subject)}?v={quote(value)}", "/sources", f"/sources/{quote(product)}/{quote(category)}",
             "/coverage", "/about", "/changes", "/suggest.json?q=pow&at=3", "/glossa.css", "/glossa.js"]
    print(f"{'page':<72} {'first':>7} {'median':>7} {'p99':>7} ms {'bytes':>8} {'gzip':>7}")
    for page in pages:
        first, body = ask(page)
        times = sorted(ask(page)[0] for _ in range(100))
        print(f"{page[:72]:<72} {first:7.1f} {statistics.median(times):7.1f} {times[98]:7.1f}    {len(body):8} {len(gzip.compress(body)):7}")
    for rule in rules[::20]:
        ask(rule)
    times, sizes = zip(*((took, len(body)) for took, body in map(ask, rules)))
    times, sizes = sorted(times), sorted(sizes)
    print(f"{len(rules)} rules: median {statistics.median(times):.1f} ms, p99 {times[len(times) * 99 // 100]:.1f} ms; median {sizes[len(sizes) // 2]} bytes, largest {sizes[-1]}")
finally:
    server.terminate()
PY
