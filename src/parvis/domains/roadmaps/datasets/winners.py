"""The winning projects of the participatory budget as the City publishes them: a deposited file, never our records.

The same projects become actions through the import `roadmaps.winning-projects`; here the file is kept as it is, so
that what it says can be measured whole, the rows that an import holds back included.
"""

from parvis.kernel.contracts.contract import descriptor
from parvis.kernel.lake.dataset import Dataset, columns_of

SCHEMA = descriptor("parvis.domains.roadmaps.contracts", "winners.json")
WINNERS = Dataset(
    code="roadmaps.winners",
    title=SCHEMA["title"],
    sentence="Une ligne par projet lauréat depuis 2014 : budget, direction pilote, lieu, avancement, mois de chaque étape.",
    columns=columns_of(SCHEMA),
    schema=SCHEMA,
    key="id",
    permission="roadmaps.view_plan",
    deposit_permission="roadmaps.import",
    owner="DDCT",
    business_date="edition",
    rhythm_days=400,
    licence="ODbL",
)
