# SPDX-License-Identifier: GPL-3.0-or-later
"""Draws how work grows, as SVG on logarithmic axes, relative to the first line's first point: machines
differ, ratios stay."""
import math
from xml.sax.saxutils import escape

WIDTH, HEIGHT, LEFT, RIGHT, TOP, BOTTOM = 720, 400, 70, 200, 30, 50
# Told apart by their dashes and markers too.
STYLES = (("#1a5fb4", "", "circle"), ("#c64600", "7 4", "square"), ("#5e5c64", "2 3", "diamond"))


def _marker(shape, x, y, colour):
    if shape == "circle":
        return f'<circle cx="{x:.1f}" cy="{y:.1f}" r="5" fill="{colour}"/>'
    turn = f' transform="rotate(45 {x:.1f} {y:.1f})"' if shape == "diamond" else ""
    return f'<rect x="{x - 4.5:.1f}" y="{y - 4.5:.1f}" width="9" height="9" fill="{colour}"{turn}/>'


def write_growth(path, title, sizes, lines):
    """lines: name to one figure a size; the sizes grow by tens."""
    unit = next(iter(lines.values()))[0]
    ratios = {name: [figure / unit for figure in figures] for name, figures in lines.items()}
    every = [ratio for line in ratios.values() for ratio in line]
    low, high = math.floor(math.log10(min(every))), math.ceil(math.log10(max(every)))

    def across(size):
        span = math.log10(sizes[-1] / sizes[0]) or 1
        return LEFT + (WIDTH - LEFT - RIGHT) * math.log10(size / sizes[0]) / span

    def up(ratio):
        return HEIGHT - BOTTOM - (HEIGHT - TOP - BOTTOM) * (math.log10(ratio) - low) / (high - low)

    out = [f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" '
           f'font-family="sans-serif" font-size="13"><title>{escape(title)}</title>',
           f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#ffffff"/>']
    for power in range(low, high + 1):
        y = up(10 ** power)
        out += [f'<line x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{y:.1f}" y2="{y:.1f}" stroke="#deddda"/>',
                f'<text x="{LEFT - 8}" y="{y + 4:.1f}" text-anchor="end" fill="#3d3846">× {10 ** power:g}</text>']
    for size in sizes:
        out.append(f'<text x="{across(size):.1f}" y="{HEIGHT - BOTTOM + 20}" text-anchor="middle" '
                   f'fill="#3d3846">{size:,}</text>')
    out.append(f'<text x="{(LEFT + WIDTH - RIGHT) / 2}" y="{HEIGHT - 8}" text-anchor="middle" fill="#3d3846">devices</text>')
    for (name, line), (colour, dashes, shape) in zip(ratios.items(), STYLES):
        points = [(across(size), up(ratio)) for size, ratio in zip(sizes, line)]
        path_points = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
        out.append(f'<polyline points="{path_points}" fill="none" stroke="{colour}" stroke-width="2" '
                   f'stroke-dasharray="{dashes}"/>')
        out += [_marker(shape, x, y, colour) for x, y in points]
        out.append(f'<text x="{points[-1][0] + 12:.1f}" y="{points[-1][1] + 4:.1f}" fill="{colour}">{escape(name)} '
                   f'× {line[-1]:.0f}</text>')
    with open(path, "w", encoding="utf-8") as file:
        file.write("\n".join(out) + "\n</svg>\n")
