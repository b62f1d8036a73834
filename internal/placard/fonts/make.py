"""Cuts the fonts that placards are drawn with. Run it by /usr/bin/python3 (Debian: python3-fonttools, python3-brotli):

    npm install --ignore-scripts PACKAGES OF origin.json
    python3 make.py node_modules .

Each font is one weight, without hinting and names, as OpenType packed with brotli.
"""
import hashlib, io, json, os, sys
import brotli
from fontTools import merge, subset
from fontTools.ttLib import TTFont
from fontTools.ttLib.tables import otTables
from fontTools.varLib import instancer

# go-text/typesetting 0.3.5 takes some glyphs not to be covered where coverage is told in ranges
# (setDigest.addRange stops at the first full mask): told one by one, all are found.
otTables.Coverage.preWrite = lambda self, font: (setattr(self, 'Format', 1), {'GlyphArray': sorted(self.glyphs or [], key=font.getGlyphID)})[1]

modules, out = sys.argv[1], sys.argv[2]

# name, package, subsets in their files' names, axes, script; a variable font is instanced.
VARIABLE = '@fontsource-variable/'
STATIC = '@fontsource/'
EUROPE = ['latin', 'latin-ext', 'vietnamese', 'cyrillic', 'cyrillic-ext', 'greek', 'greek-ext']
FONTS = [
    ('serif', VARIABLE + 'piazzolla', EUROPE, 'opsz', {'wght': 640, 'opsz': 20}),
    ('sans', VARIABLE + 'source-sans-3', EUROPE, 'wght', {'wght': 600}),
    ('arabic', STATIC + 'noto-naskh-arabic', ['arabic'], '700', None),
    ('hebrew', STATIC + 'noto-serif-hebrew', ['hebrew'], '700', None),
    ('armenian', STATIC + 'noto-serif-armenian', ['armenian'], '700', None),
    ('georgian', STATIC + 'noto-serif-georgian', ['georgian'], '700', None),
    ('devanagari', STATIC + 'noto-serif-devanagari', ['devanagari'], '700', None),
    ('bengali', STATIC + 'noto-serif-bengali', ['bengali'], '700', None),
    ('gurmukhi', VARIABLE + 'noto-serif-gurmukhi', ['gurmukhi'], 'wght', {'wght': 700}),
    ('tamil', STATIC + 'noto-serif-tamil', ['tamil'], '700', None),
    ('telugu', STATIC + 'noto-serif-telugu', ['telugu'], '700', None),
    ('sinhala', STATIC + 'noto-serif-sinhala', ['sinhala'], '700', None),
    ('thai', STATIC + 'noto-serif-thai', ['thai'], '700', None),
    ('lao', STATIC + 'noto-serif-lao', ['lao'], '700', None),
    ('khmer', STATIC + 'noto-serif-khmer', ['khmer'], '700', None),
    ('myanmar', STATIC + 'noto-serif-myanmar', ['myanmar'], '700', None),
    ('ethiopic', VARIABLE + 'noto-serif-ethiopic', ['ethiopic'], 'wght', {'wght': 700}),
]


def cut(font):
    """Takes away what is never used here: hinting, names, tables of other programs."""
    o = subset.Options()
    o.layout_features, o.hinting, o.desubroutinize, o.notdef_outline, o.glyph_names = ['*'], False, True, True, False
    o.name_IDs, o.drop_tables = [0, 1, 2, 13, 14], o.drop_tables + ['DSIG', 'STAT', 'MATH', 'BASE', 'gasp']
    s = subset.Subsetter(o)
    s.populate(unicodes=list(font.getBestCmap()))
    s.subset(font)
    return font


def load(package, name, axis, axes):
    family = package.split('/')[1]
    kind = f'{axis}-normal' if axes else '700-normal'
    font = TTFont(f'{modules}/{package}/files/{family}-{name}-{kind}.woff2')
    if axes:
        font = instancer.instantiateVariableFont(font, {k: v for k, v in axes.items() if k in {a.axisTag for a in font['fvar'].axes}})
    font.flavor = None
    return cut(font)


def save(font):
    b = io.BytesIO()
    font['head'].modified = font['head'].created  # the same file each time
    font.recalcTimestamp = False
    font.save(b)
    return b.getvalue()


origin = []
for name, package, subsets, axis, axes in FONTS:
    parts = []
    for part in subsets:
        try:
            parts.append(load(package, part, axis, axes))
        except FileNotFoundError:
            continue
    if len(parts) == 1:
        files = {name: save(parts[0])}
    else:
        # One file of all: letters of two subsets stand in one word and are spaced as one.
        paths = []
        for i, p in enumerate(parts):
            paths.append(f'/tmp/placard-{name}-{i}.ttf')
            with open(paths[-1], 'wb') as f:
                f.write(save(p))
        files = {name: save(cut(merge.Merger().merge(paths)))}
    info = json.load(open(f'{modules}/{package}/package.json'))
    for key, data in files.items():
        packed = brotli.compress(data, quality=11, lgwin=22)
        with open(f'{out}/{key}.ttf.br', 'wb') as f:
            f.write(packed)
        glyphs = len(TTFont(io.BytesIO(data)).getBestCmap())
        print(key, len(data), len(packed), glyphs)
        origin.append({'file': f'{key}.ttf.br', 'origin': f'npm package {package}', 'version': info['version'],
                       'cut': f'{"weight 640, optical size 20" if name == "serif" else "weight 600" if name == "sans" else "weight 700"}; subsets {", ".join(subsets)}',
                       'licence': 'OFL-1.1', 'sha256': hashlib.sha256(packed).hexdigest()})
with open(f'{out}/origin.json', 'w') as f:
    json.dump(origin, f, indent=1)
    f.write('\n')
