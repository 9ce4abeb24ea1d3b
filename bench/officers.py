"""The officers' pages alone, as the database grows: `python -m bench.officers [--cases 1000,100000] [--times 9]`.

About half a minute for a hundred thousand cases; `bench.pipeline` measures the same pages after everything else.
"""

import argparse

from bench import pages, parts, report, rows, scratch
from bench.documents import read, submitted
from bench.pages import PageCost
from kyc.models import Case
from kyc.services import counting

CARD = "clean-001.jpg"


def main() -> None:
    told = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    told.add_argument("--cases", default="1000,100000", help="sizes of the database, smallest first")
    told.add_argument("--times", type=int, default=9, help="repetitions of each page")
    told.add_argument("--lean", action="store_true", help="cases, readings, findings and decisions alone")
    options = told.parse_args()
    sizes: list[int] = []
    found: list[list[PageCost]] = []
    with parts.reader() as reader:
        scratch.point_at(reader.address)
        document = submitted(CARD)
        read(document)
    for cases in sorted(int(size) for size in options.cases.split(",")):
        rows.fill(cases, lean=options.lean)
        while counting.count_days():
            pass
        found.append(pages.measure(Case.objects.get(pk=document.case_id), options.times))
        sizes.append(Case.objects.count())
        print(f"{report.now():%H:%M:%S} {sizes[-1]:,} cases", flush=True)
    print(report.pages(sizes, found))


if __name__ == "__main__":
    main()
