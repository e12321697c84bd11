#!/usr/bin/env python3
"""Draws annual-report.pdf, the document of the first try and of some tests.

Run by hand when the report changes, then commit the PDF:

    python3 -m venv .venv && .venv/bin/pip install reportlab==5.1.0
    .venv/bin/python samples/make_sample.py

The observatory, its people and its figures are invented. The same script gives the same bytes.
"""
import io
import math
import random
from pathlib import Path

from PIL import Image as Picture
from PIL import ImageDraw
from reportlab.lib import colors
from reportlab.lib.enums import TA_JUSTIFY
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.platypus import (
    BaseDocTemplate,
    Frame,
    FrameBreak,
    Image,
    ListFlowable,
    ListItem,
    NextPageTemplate,
    PageBreak,
    PageTemplate,
    Paragraph,
    Spacer,
    Table,
    TableStyle,
)

TARGET = Path(__file__).with_name("annual-report.pdf")
WIDTH, HEIGHT = A4
MARGIN, GUTTER = 22 * mm, 8 * mm
INK, RULE = colors.HexColor("#1b2a41"), colors.HexColor("#7d8597")

BODY = ParagraphStyle("body", fontName="Times-Roman", fontSize=10.5, leading=14, spaceAfter=7, alignment=TA_JUSTIFY)
TITLE = ParagraphStyle("title", fontName="Helvetica-Bold", fontSize=25, leading=30, textColor=INK, spaceAfter=3)
SUBTITLE = ParagraphStyle("subtitle", fontName="Helvetica", fontSize=12, leading=16, textColor=RULE, spaceAfter=14)
H1 = ParagraphStyle("h1", fontName="Helvetica-Bold", fontSize=17, leading=21, textColor=INK, spaceBefore=6, spaceAfter=7)
H2 = ParagraphStyle("h2", fontName="Helvetica-Bold", fontSize=12.5, leading=16, textColor=INK, spaceBefore=7, spaceAfter=4)
CAPTION = ParagraphStyle("caption", fontName="Times-Italic", fontSize=9, leading=12, spaceBefore=3, spaceAfter=10)
ITEM = ParagraphStyle("item", parent=BODY, spaceAfter=2)


def star_trails(width=900, height=420):
    """A long exposure over the dome: arcs around the pole above a dark hill."""
    chance = random.Random(1887)
    picture = Picture.new("RGB", (width, height))
    draw = ImageDraw.Draw(picture)
    for y in range(height):
        share = y / height
        draw.line([(0, y), (width, y)], fill=(int(8 + 34 * share), int(14 + 40 * share), int(38 + 52 * share)))
    pole = (width * 0.62, height * 0.40)
    for radius in range(14, 640, 9):
        start, light = chance.uniform(0, 360), chance.randint(110, 235)
        box = [pole[0] - radius, pole[1] - radius, pole[0] + radius, pole[1] + radius]
        for step in range(0, 360, 60):
            draw.arc(box, start + step, start + step + 34, fill=(light, light, min(255, light + 20)), width=2)
    ridge = [(x, height - 62 - 26 * math.sin(x / 170) - 9 * math.sin(x / 41)) for x in range(0, width + 10, 10)]
    draw.polygon([(0, height), *ridge, (width, height)], fill=(9, 11, 18))
    left, top, right, bottom = 190, height - 178, 318, height - 50
    draw.pieslice([left, top, right, bottom], 180, 360, fill=(58, 64, 80))
    draw.rectangle([left + 5, (top + bottom) // 2, right - 5, height - 70], fill=(40, 45, 58))
    draw.polygon([(246, top + 2), (270, top + 4), (282, top + 60), (258, top + 60)], fill=(14, 18, 32))
    data = io.BytesIO()
    picture.save(data, "JPEG", quality=72, optimize=True)
    data.seek(0)
    return data


def footer(canvas, document):
    canvas.saveState()
    canvas.setStrokeColor(RULE)
    canvas.setLineWidth(0.5)
    canvas.line(MARGIN, 17 * mm, WIDTH - MARGIN, 17 * mm)
    canvas.setFont("Helvetica", 8)
    canvas.setFillColor(RULE)
    canvas.drawString(MARGIN, 12.5 * mm, "Corriemoor Observatory · Annual Report 2025")
    canvas.drawRightString(WIDTH - MARGIN, 12.5 * mm, f"Page {document.page}")
    canvas.restoreState()


def template():
    """One page template of one column and one of two under a full-width heading."""
    inner, low = WIDTH - 2 * MARGIN, 22 * mm
    plain = {"leftPadding": 0, "rightPadding": 0, "topPadding": 0, "bottomPadding": 0}
    tall = HEIGHT - low - 20 * mm
    head, column = 25 * mm, (inner - GUTTER) / 2
    second = MARGIN + column + GUTTER
    document = BaseDocTemplate(
        str(TARGET),
        pagesize=A4,
        title="Annual Report 2025",
        author="Corriemoor Observatory",
        subject="A sample document",
        lang="en",
        invariant=1,
    )
    document.addPageTemplates(
        [
            PageTemplate("one", [Frame(MARGIN, low, inner, tall, **plain)], onPage=footer),
            PageTemplate(
                "two",
                [
                    Frame(MARGIN, low + tall - head, inner, head, **plain),
                    Frame(MARGIN, low, column, tall - head, **plain),
                    Frame(second, low, column, tall - head, **plain),
                ],
                onPage=footer,
            ),
        ]
    )
    return document


def ruled(rows, widths, sums=()):
    """A table with a rule around every cell; figures to the right, the rows in `sums` in bold."""
    style = [
        ("GRID", (0, 0), (-1, -1), 0.6, RULE),
        ("BACKGROUND", (0, 0), (-1, 0), colors.HexColor("#e9ecf2")),
        ("FONT", (0, 0), (-1, -1), "Helvetica", 9),
        ("FONT", (0, 0), (-1, 0), "Helvetica-Bold", 9),
        ("ALIGN", (1, 0), (-1, -1), "RIGHT"),
        ("VALIGN", (0, 0), (-1, -1), "MIDDLE"),
        *(("FONT", (0, i), (-1, i), "Helvetica-Bold", 9) for i in sums),
    ]
    return Table(rows, widths, style=TableStyle(style), spaceBefore=4, spaceAfter=4, hAlign="LEFT")


def points(texts, numbered=False):
    kind = {"bulletType": "1", "bulletFormat": "%s."} if numbered else {"bulletType": "bullet", "start": "•"}
    items = [ListItem(Paragraph(text, ITEM), leftIndent=16) for text in texts]
    return ListFlowable(items, leftIndent=16, bulletFontName="Times-Roman", bulletFontSize=10.5, spaceAfter=8, **kind)


def first_page():
    return [
        Paragraph("Annual Report 2025", TITLE),
        Paragraph("Corriemoor Observatory, founded 1887", SUBTITLE),
        Paragraph("A letter from the director", H1),
        Paragraph(
            "The year began with the dome frozen shut. For nine days in January the shutter would not move, and the "
            "night assistant kept the logbook honest by writing the same two words on every page: <i>ice, again</i>. "
            "It ended with the best autumn for faint objects that anyone here remembers. Between the two lies a year "
            "of steady work, and this report is its summary.",
            BODY,
        ),
        Paragraph(
            "We opened the dome on 114 nights and gathered 632 hours of data. That is a little less than in 2024, yet "
            "the hours were better used: the new guiding camera has halved the number of exposures that we throw "
            "away. Two of our long series, on slow variable stars and on near-Earth asteroids, now reach back more "
            "than thirty years without a gap.",
            BODY,
        ),
        Image(star_trails(), width=WIDTH - 2 * MARGIN, height=(WIDTH - 2 * MARGIN) * 420 / 900),
        Paragraph("Figure 1. Four hours of star trails above the old dome, seen from the south meadow.", CAPTION),
        Paragraph("The year in brief", H2),
        points(
            [
                "114 clear nights and 632 hours of observation.",
                "41 light curves published, 12 of them measured by school groups.",
                "3,870 visitors on 62 open evenings.",
                "A surplus of 4,600 pounds after buying a new guiding camera.",
            ]
        ),
        Paragraph("Dr. Morag Sinclair-Ruhl, director", BODY),
        PageBreak(),
    ]


def second_page():
    quarters = [
        ["Quarter", "Clear nights", "Hours observed", "Lost to weather", "Lost to faults"],
        ["January to March", "24", "151", "402", "9"],
        ["April to June", "31", "128", "214", "4"],
        ["July to September", "37", "189", "236", "12"],
        ["October to December", "22", "164", "498", "6"],
        ["Whole year", "114", "632", "1,350", "31"],
    ]
    return [
        Paragraph("Observing", H1),
        Paragraph("Nights and weather", H2),
        Paragraph(
            "A night counts as clear when the dome was open for at least two hours. Short summer nights explain why "
            "the second quarter has more clear nights than the first but fewer hours. Fog, not cloud, was the chief "
            "enemy in autumn: on 27 nights the summit stood in it while the valley was clear.",
            BODY,
        ),
        ruled(quarters, [46 * mm, 28 * mm, 32 * mm, 32 * mm, 28 * mm], sums=[5]),
        Paragraph("Table 1. Use of the dark hours, by quarter.", CAPTION),
        Paragraph(
            "Faults cost 31 hours, most of them in August, when lightning reached the weather mast and the safety "
            "switch closed the dome seven times in one week. The switch worked as it should. The mast has since been "
            "given its own earth, and no false alarm was recorded after 2 September.",
            BODY,
        ),
        Paragraph("Instruments", H2),
        Paragraph(
            "The 60-centimetre reflector carried most of the programme. Its mirror was coated anew in May, which "
            "brought back about a quarter of a magnitude. The older refractor remains in use for visitors and for "
            "training; it needs no computer, and on open evenings that is half of its charm.",
            BODY,
        ),
        points(
            [
                "<b>Guiding camera.</b> Installed in March. Exposures of ten minutes are now the rule.",
                "<b>Filter wheel.</b> Two of seven positions stuck in cold weather; a heated housing is on order.",
                "<b>Weather mast.</b> Repaired in September after the lightning strike.",
                "<b>Clock.</b> The rubidium standard was checked against satellites and drifted by 0.4 microseconds.",
            ]
        ),
        Paragraph("Data", H2),
        Paragraph(
            "All raw frames since 2009 are kept twice, on the hill and in the town library's cellar. The archive grew "
            "by 2.1 terabytes. From next year each new series will be published with its calibration frames, so that "
            "others can repeat our reduction from the first step.",
            BODY,
        ),
        NextPageTemplate("two"),
        PageBreak(),
    ]


def third_page():
    return [
        Paragraph("Research and teaching", H1),
        Paragraph(
            "Three programmes share the telescope. Each has a fixed third of the clear hours, and hours that one of "
            "them cannot use go to whoever asks first.",
            BODY,
        ),
        FrameBreak(),
        Paragraph("Slow variable stars", H2),
        Paragraph(
            "Stars that change over months reward patience more than aperture. We follow 58 of them, each on at least "
            "one night a week while it can be seen. In 2025 the series on <i>R Corvini</i> completed its fortieth "
            "cycle. Its period has shortened by eleven days since the first entry, made in pencil in 1961.",
            BODY,
        ),
        Paragraph(
            "The light curves were reduced with one program from end to end for the first time. Comparing the result "
            "with the older, hand-made reduction showed a drift of two hundredths of a magnitude in the years before "
            "1998; a corrected table has been sent to all who had asked for the data.",
            BODY,
        ),
        Paragraph("Near-Earth asteroids", H2),
        Paragraph(
            "We measured 214 positions of 73 objects. Nine of them were seen for the first time since their discovery "
            "and would soon have been lost. One fast mover in October crossed the whole field in six minutes; the "
            "night assistant caught it because she had gone out to look at the sky instead of the screen.",
            BODY,
        ),
        Paragraph(
            "Follow-up work will stay our strength. Large surveys find more than they can track, and a modest "
            "telescope with a free evening is often all that a new orbit needs.",
            BODY,
        ),
        FrameBreak(),
        Paragraph("School observers", H2),
        Paragraph(
            "Fourteen classes booked a night. They choose a star, take the exposures and measure the result "
            "themselves; twelve of the curves were good enough to publish under the names of the pupils. A class from "
            "Strathallen returned three times and found a flare that our own routine had marked as a fault.",
            BODY,
        ),
        Paragraph(
            "Teachers asked for more daylight work. In spring we therefore set up a small solar telescope, and the "
            "sunspot drawings made with it hang in the corridor. Forty-six of them are on show, one for each clear "
            "school day of the term.",
            BODY,
        ),
        Paragraph("Open evenings", H2),
        Paragraph(
            "On 62 evenings 3,870 visitors climbed the hill, among them 1,120 children. Cloud cancelled nineteen "
            "further evenings. The talk that drew the largest audience was not about the sky at all: it told how the "
            "dome was hauled up the track in 1887, in eleven pieces, by oxen.",
            BODY,
        ),
        Paragraph(
            "Volunteers gave about nine hundred hours. Without them the observatory would be a locked room with a "
            "good lens in it, and we thank every one of them.",
            BODY,
        ),
        NextPageTemplate("one"),
        PageBreak(),
    ]


def fourth_page():
    accounts = [
        ["Pounds", "2025", "2024"],
        ["Grants", "86,000", "80,000"],
        ["Memberships", "21,450", "20,100"],
        ["Visitors and courses", "18,720", "15,940"],
        ["Donations", "9,330", "7,660"],
        ["Income", "135,500", "123,700"],
        ["Salaries", "74,200", "71,500"],
        ["Maintenance", "22,860", "19,200"],
        ["Energy", "9,640", "11,380"],
        ["Instruments", "17,300", "14,000"],
        ["Education programme", "6,900", "6,120"],
        ["Expenditure", "130,900", "122,200"],
        ["Surplus", "4,600", "1,500"],
    ]
    return [
        Paragraph("Accounts and outlook", H1),
        Paragraph("Income and expenditure", H2),
        Paragraph(
            "Income rose by almost ten per cent, chiefly through visitors. Energy cost less than the year before, "
            "since the dome is now ventilated at night instead of being cooled by day.",
            BODY,
        ),
        ruled(accounts, [70 * mm, 32 * mm, 32 * mm], sums=[5, 11, 12]),
        Paragraph("Table 2. Accounts for the years 2025 and 2024, in pounds.", CAPTION),
        Paragraph("Plans for 2026", H2),
        points(
            [
                "Fit the heated filter housing before the first frost.",
                "Publish the calibration frames of all running series.",
                "Open the refractor to visitors on one weekday afternoon, for the Sun.",
                "Repair the track below the second gate, together with the estate.",
            ],
            numbered=True,
        ),
        Paragraph("Thanks", H2),
        Paragraph(
            "The trustees thank the Strathallen town council, the estate, and 412 members whose subscriptions keep "
            "the lights off and the dome turning. The next report will appear in March 2027.",
            BODY,
        ),
        Spacer(1, 4),
        Paragraph("Corriemoor Observatory, Hill Road, Strathallen", CAPTION),
    ]


def main():
    template().build(first_page() + second_page() + third_page() + fourth_page())
    print(f"{TARGET.name}: {TARGET.stat().st_size:,} bytes")


if __name__ == "__main__":
    main()
