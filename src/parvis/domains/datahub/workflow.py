"""The life of a publication, whoever proposes being not whoever approves, and of a discussion. No Django."""

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

DISCUSSION = Workflow(
    code="dataset-thread",
    states=(
        State("open", "en attente de réponse"),
        State("answered", "répondue"),
        State("closed", "close"),
    ),
    moves=(
        Move("answer", "Répondre", ("open",), "answered", "datahub.answer_discussion"),
        Move("close", "Clore", ("open", "answered"), "closed", "datahub.answer_discussion"),
        Move("reopen", "Rouvrir", ("answered", "closed"), "open", "datahub.discuss"),
    ),
)

WORKFLOWS = (PUBLICATION, DISCUSSION)
