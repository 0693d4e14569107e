"""The lives of a plan, an action, a partner's commitment, an amendment and a deployment. Pure tables."""

from parvis.kernel.workflow.table import Move, State, Workflow

PLAN = Workflow(
    code="plan",
    states=(
        State("draft", "brouillon"),
        State("consultation", "en concertation"),
        State("arbitration", "en arbitrage"),
        State("finalised", "finalisée"),
        State("signed", "signée"),
        State("in_execution", "en exécution"),
        State("mid_year_review", "en revue de mi-année"),
        State("evaluated", "évaluée"),
        State("archived", "archivée", is_final=True),
    ),
    moves=(
        Move("consult", "Ouvrir la concertation", ("draft",), "consultation", "roadmaps.steer_plan"),
        Move("arbitrate", "Passer en arbitrage", ("consultation",), "arbitration", "roadmaps.steer_plan"),
        Move("finalise", "Finaliser", ("arbitration",), "finalised", "roadmaps.steer_plan"),
        Move("reopen", "Rouvrir", ("consultation", "arbitration", "finalised"), "draft", "roadmaps.steer_plan", True),
        Move("sign", "Signer", ("finalised",), "signed", "roadmaps.sign_plan"),
        Move("start", "Mettre en exécution", ("signed",), "in_execution", "roadmaps.steer_plan"),
        Move("review", "Ouvrir la revue de mi-année", ("in_execution",), "mid_year_review", "roadmaps.steer_plan"),
        Move("resume", "Clore la revue", ("mid_year_review",), "in_execution", "roadmaps.steer_plan"),
        Move("evaluate", "Clore l’évaluation", ("in_execution", "mid_year_review"), "evaluated", "roadmaps.steer_plan"),
        Move("archive", "Archiver", ("evaluated",), "archived", "roadmaps.steer_plan"),
    ),
)
PUBLISHED_STATES = ("signed", "in_execution", "mid_year_review", "evaluated", "archived")
FROZEN_STATES = PUBLISHED_STATES  # what was signed changes by amendment alone

ACTION = Workflow(
    code="action",
    states=(State("live", "suivie"), State("dropped", "abandonnée")),
    moves=(
        Move("drop", "Abandonner", ("live",), "dropped", "roadmaps.edit_action", True),
        Move("take_up", "Reprendre", ("dropped",), "live", "roadmaps.edit_action", True),
    ),
)

COMMITMENT = Workflow(
    code="commitment",
    states=(
        State("asked", "réponse attendue"),
        State("accepted", "acceptée"),
        State("amended", "contre-proposition"),
        State("declined", "déclinée"),
    ),
    moves=(
        Move("accept", "Accepter", ("asked", "amended", "declined"), "accepted", "roadmaps.answer_commitment"),
        Move("amend", "Contre-proposer", ("asked", "accepted"), "amended", "roadmaps.answer_commitment", True),
        Move("decline", "Décliner", ("asked", "accepted", "amended"), "declined", "roadmaps.answer_commitment", True),
        Move("ask_again", "Redemander", ("amended", "declined"), "asked", "roadmaps.ask_commitment"),
    ),
)

AMENDMENT = Workflow(
    code="amendment",
    states=(State("open", "en préparation"), State("signed", "signé"), State("withdrawn", "retiré", is_final=True)),
    moves=(
        Move("sign", "Signer l’avenant", ("open",), "signed", "roadmaps.sign_amendment"),
        Move("withdraw", "Retirer l’avenant", ("open",), "withdrawn", "roadmaps.steer_amendment", True),
    ),
)

DEPLOYMENT = Workflow(
    code="deployment",
    states=(
        State("not_planned", "non prévu"),
        State("planned", "prévu"),
        State("under_way", "en cours"),
        State("deployed", "déployé"),
        State("suspended", "suspendu"),
    ),
    moves=(
        Move("plan", "Prévoir", ("not_planned", "suspended"), "planned", "roadmaps.edit_deployment"),
        Move("begin", "Engager", ("planned", "suspended"), "under_way", "roadmaps.edit_deployment"),
        Move("deploy", "Déclarer déployé", ("planned", "under_way"), "deployed", "roadmaps.edit_deployment"),
        Move(
            "suspend", "Suspendre", ("planned", "under_way", "deployed"), "suspended", "roadmaps.edit_deployment", True
        ),
        Move("give_up", "Ne plus prévoir", ("planned", "suspended"), "not_planned", "roadmaps.edit_deployment", True),
    ),
)

WORKFLOWS = (PLAN, ACTION, COMMITMENT, AMENDMENT, DEPLOYMENT)
