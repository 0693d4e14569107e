"""Who may see objectives, figures, alerts and reviews, and who decides on them.

- The objectives and what the house publishes of their figures are open to everyone.
- The figures themselves are read by everyone who works here; the rows behind them only as far as the dataset allows.
- A definition is proposed by those who steer and answer for data; another person than its author approves it.
- An alert is treated where it arises; a review is held where it belongs.
"""

from parvis.kernel.access import HOUSE, Permission, Role

STAFF = (
    Role.DIRECTORATE_HEAD, Role.ROADMAP_PILOT, Role.SECTOR_CHIEF, Role.DISTRICT_OFFICE, Role.CONTRIBUTOR,
    Role.DATA_OFFICER, Role.AUDITOR, Role.ELECTED_READER,
)  # fmt: skip

PERMISSIONS = (
    Permission("steering.view_objectives", "Voir les objectifs", {Role.PUBLIC: HOUSE}),
    Permission("steering.view_figures", "Lire les indicateurs", dict.fromkeys(STAFF, HOUSE)),
    Permission(
        "steering.define_indicators", "Définir un indicateur",
        {Role.DIRECTORATE_HEAD: HOUSE, Role.ROADMAP_PILOT: HOUSE, Role.DATA_OFFICER: HOUSE},
    ),
    Permission("steering.measure", "Lancer une évaluation", {Role.DIRECTORATE_HEAD: HOUSE, Role.DATA_OFFICER: HOUSE}),
)  # fmt: skip
