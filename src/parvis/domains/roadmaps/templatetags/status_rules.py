"""The rules of the computed status, each in a few French words."""

from django import template

register = template.Library()

RULES = {
    "dropped": "l’action est abandonnée", "all_milestones_done": "tous les jalons sont tenus",
    "all_targets_reached": "toutes les cibles sont atteintes", "past_its_end": "l’échéance est passée, il reste à faire",
    "milestone_missed": "un jalon est dépassé", "target_missed": "une cible datée n’est pas atteinte",
    "moves_away": "un indicateur s’éloigne de sa cible", "behind_its_path": "un indicateur est sous sa trajectoire",
    "milestone_postponed": "un jalon a glissé", "forecast_beyond_end": "un jalon est attendu après l’échéance",
    "need_is_late": "une action attendue est en retard", "partner_declined": "un partenaire a décliné",
    "partner_silent": "un partenaire ne répond pas", "measure_overdue": "une mesure manque",
    "nothing_begun": "rien n’a commencé", "nothing_to_judge_by": "rien ne permet de juger",
    "on_its_way": "tout ce qui est daté est tenu",
}  # fmt: skip


@register.filter
def rule_label(code: str) -> str:
    return RULES.get(code, code)
