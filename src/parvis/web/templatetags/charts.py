"""Server-side SVG charts, each with its numbers: the same picture on screen, on paper and in a PDF."""

from django import template

register = template.Library()
