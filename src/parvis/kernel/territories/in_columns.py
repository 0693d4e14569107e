"""Where things are, in columns: from the codes of files to sectors, as Ibis expressions. No Django.

Knows Paris codes (75019, 75119, the 75116 of the 16th) and the sector of the centre. Refuses to guess any other.
"""

import ibis
import ibis.expr.types as ir

CENTRE = ("01", "02", "03", "04")
OTHERS = tuple(f"{number:02d}" for number in range(5, 21))


def sector_of(two_digits: ir.StringValue) -> ir.StringValue:
    """The sector of an arrondissement written with two figures; null for anything else."""
    cases = [(two_digits.isin(CENTRE), "centre"), *((two_digits == code, str(int(code))) for code in OTHERS)]
    return ibis.cases(*cases)


def sector_of_postcode(postcode: ir.StringValue) -> ir.StringValue:
    """The sector of a Paris postal code (75116 is the second of the 16th) or municipal code (75119)."""
    is_paris = postcode.re_search(r"\A75[01][0-9]{2}\z")
    return sector_of(ibis.ifelse(is_paris, postcode.substr(3, 2), ""))
