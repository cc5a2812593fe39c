#
# This source file is part of the Fitout project
#
# SPDX-License-Identifier: Apache-2.0
#
# Draws the table of scaling.sh as SVG: wall seconds over unpacked megabytes, for each number of cores, beside the limit.
import sys

rows = [line.rstrip("\n").split("\t") for line in open(sys.argv[1])][1:]
points = [(float(r[1]), int(r[2]), float(r[3]), float(r[6])) for r in rows]
cores = sorted({p[1] for p in points})
width, height, left, bottom = 640, 380, 56, 44
right, top = max(p[0] for p in points), max(max(p[2], p[3] / p[1]) for p in points)
colours = ["#1f6feb", "#d1242f", "#1a7f37", "#8250df", "#bf8700", "#57606a"]


def x(value): return left + (width - left - 16) * value / right


def y(value): return height - bottom - (height - bottom - 16) * value / top


def path(values, style):
    line = " ".join(f"{x(a):.1f},{y(b):.1f}" for a, b in sorted(values))
    return f'<polyline points="{line}" fill="none" {style}/>'


def nice(largest):
    step = next(s for s in (f * 10**e for e in range(5) for f in (1, 2, 5)) if largest / s <= 6)
    return [step * i for i in range(int(largest / step) + 1)]


out = [f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" font-family="sans-serif" font-size="11">']
out.append(f'<rect width="{width}" height="{height}" fill="white"/>')
for value in nice(right):
    out.append(f'<line x1="{x(value):.1f}" x2="{x(value):.1f}" y1="16" y2="{height - bottom}" stroke="#eaeef2"/>')
    out.append(f'<text x="{x(value):.1f}" y="{height - bottom + 14}" text-anchor="middle">{value}</text>')
for value in nice(top):
    out.append(f'<line x1="{left}" x2="{width - 16}" y1="{y(value):.1f}" y2="{y(value):.1f}" stroke="#eaeef2"/>')
    out.append(f'<text x="{left - 6}" y="{y(value) + 4:.1f}" text-anchor="end">{value}</text>')
out.append(f'<text x="{width / 2}" y="{height - 8}" text-anchor="middle">unpacked MB</text>')
out.append(f'<text x="14" y="{height / 2}" text-anchor="middle" transform="rotate(-90 14 {height / 2})">seconds</text>')
for index, count in enumerate(cores):
    colour = colours[index % len(colours)]
    mine = [p for p in points if p[1] == count]
    out.append(path([(p[0], p[2]) for p in mine], f'stroke="{colour}" stroke-width="2"'))
    out.append(path([(p[0], p[3] / count) for p in mine], f'stroke="{colour}" stroke-dasharray="4 3"'))
    out += [f'<circle cx="{x(p[0]):.1f}" cy="{y(p[2]):.1f}" r="3" fill="{colour}"/>' for p in mine]
    label = f'{count} core{"s" if count > 1 else ""}: fitout build (line), limit of the processor (dashed)'
    out.append(f'<text x="{left + 10}" y="{28 + 15 * index}" fill="{colour}">{label}</text>')
print("\n".join(out + ["</svg>"]))
