"""A layer of boundaries is named as people name it."""

import pytest

from parvis.kernel.territories import boundaries


@pytest.mark.parametrize(
    ("word", "kind"),
    [
        ("arrondissements", "arrondissement"), ("Arrondissement", "arrondissement"), ("quarters", "quarter"),
        ("quartiers-administratifs", "quarter"), ("conseils de quartier", "neighbourhood_council"),
        ("neighbourhood-councils", "neighbourhood_council"), ("qpv", "priority_neighbourhood"), ("iris", "iris"),
        ("IRIS", "iris"), ("quartiers prioritaires", "priority_neighbourhood"), ("secteurs", "sector"), ("lac", "lac"),
    ],
)  # fmt: skip
def test_a_layer_is_known_by_its_plural_and_by_its_french_name(word, kind):
    assert boundaries.kind_of(word) == kind
