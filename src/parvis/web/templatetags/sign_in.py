"""What the sign-in page shows besides its form."""

from django import template

from parvis.kernel.organisation import demonstration
from parvis.web import accounts

register = template.Library()


@register.simple_tag
def demonstration_sign_ins() -> list[dict]:
    """One sign-in per role of the invented city; nothing in a real one."""
    return accounts.demonstration_sign_ins()


@register.simple_tag
def demonstration_password() -> str:
    return demonstration.PASSWORD


@register.simple_tag(takes_context=True)
def second_factor_is_required(context) -> bool:
    """Is the person held to a second factor, by her roles and by a real city?"""
    return accounts.must_have_second_factor(context["request"].user)
