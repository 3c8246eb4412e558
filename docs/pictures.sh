#!/usr/bin/env bash
# Draws the first sheet of every workbook of published folders; of a workbook in several the last:
#   docs/pictures.sh sample_data/reports/2026-10-25 sample_data/reports/2026-10-31
# Needs soffice, pdftoppm and, for Chinese, a font such as Noto Sans CJK.
set -euo pipefail
[ $# -ge 1 ] || { echo "usage: $0 FOLDER..." >&2; exit 2; }
for folder in "$@"; do [ -d "$folder" ] || { echo "$0: no folder $folder" >&2; exit 2; }; done
pictures=$(cd "$(dirname "$0")" && pwd)/pictures
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
mkdir -p "$pictures" "$scratch/books"

for folder in "$@"; do cp "$folder"/*.xlsx "$scratch/books"; done
soffice "-env:UserInstallation=file://$scratch/profile" --headless --convert-to pdf --outdir "$scratch" \
    "$scratch"/books/*.xlsx >/dev/null

# Resolution at which the sheet is about 900 dots wide, and its part of the page: dpi, x, y, width, height.
inked() {
    pdftoppm -r 72 -gray -f 1 -l 1 -singlefile "$1" "$scratch/page"
    python3 - "$scratch/page.pgm" <<'PYTHON'
import sys
data = open(sys.argv[1], 'rb').read()
magic, size, most, pixels = data.split(b'\n', 3)
width, height = map(int, size.split())
rows = [pixels[y * width:(y + 1) * width] for y in range(height)]
ink = [y for y, row in enumerate(rows) if min(row) < 250]
# The footer stands in the lower margin, 0.7 inch, and is left out.
ink = [y for y in ink if y < height - 50]
left = min(next(x for x, v in enumerate(rows[y]) if v < 250) for y in ink)
right = max(max(x for x, v in enumerate(rows[y]) if v < 250) for y in ink)
dpi = min(144, 72 * 900 // (right - left))
margin = 8
box = (left - margin, ink[0] - margin, right - left + 2 * margin, ink[-1] - ink[0] + 2 * margin)
print(dpi, *(max(0, v) * dpi // 72 for v in box))
PYTHON
}

for pdf in "$scratch"/*.pdf; do
    name=$(basename "$pdf" .pdf)
    read -r dpi x y width height <<<"$(inked "$pdf")"
    pdftoppm -png -r "$dpi" -f 1 -l 1 -x "$x" -y "$y" -W "$width" -H "$height" -singlefile "$pdf" "$pictures/$name"
    bytes=$(stat -c %s "$pictures/$name.png")
    [ "$bytes" -lt 150000 ] || echo "$name.png has $bytes bytes, more than 150 kB" >&2
done
ls -l "$pictures"
