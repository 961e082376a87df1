"""Services of antivirus and endpoint products, from `antivirus_products.csv`: a product that is not listed is unknown, not absent."""

import csv
from collections.abc import Mapping
from functools import cache
from pathlib import Path


@cache
def product_by_service() -> Mapping[str, str]:
    """The product behind a service's short name, in lower case."""
    with Path(__file__).with_name("antivirus_products.csv").open(encoding="utf-8", newline="") as file:
        return {row["service"].casefold(): row["product"] for row in csv.DictReader(file)}
