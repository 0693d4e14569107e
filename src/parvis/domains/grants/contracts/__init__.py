"""The contracts of the grants' public files, as Table Schema: ours, in our words, after the public formats."""

from parvis.kernel.contracts.contract import descriptor

BENEFICIARIES, REQUESTS, SCDL_P1, SCDL_P2 = (
    descriptor(__name__, f"{name}.json")
    for name in ("beneficiaries", "requests-2013", "scdl-subventions-p1", "scdl-subventions-p2")
)
