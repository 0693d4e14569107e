"""The life of a publication: whoever proposes is not whoever approves. No Django."""

from parvis.kernel.workflow.table import Move, State, Workflow

PUBLICATION = Workflow(
    code="publication",
    states=(
        State("draft", "en préparation"),
        State("checked", "vérifiée, à approuver"),
        State("published", "publiée"),
        State("withdrawn", "retirée"),
    ),
    moves=(
        Move("check", "Vérifier et proposer", ("draft",), "checked", "datahub.publish"),
        Move("amend", "Reprendre la préparation", ("checked",), "draft", "datahub.publish"),
        Move("publish", "Approuver et publier", ("checked",), "published", "datahub.approve_publication"),
        Move("withdraw", "Retirer", ("published",), "withdrawn", "datahub.approve_publication", True),
        Move("reopen", "Préparer à nouveau", ("withdrawn",), "draft", "datahub.publish"),
    ),
)

WORKFLOWS = (PUBLICATION,)
