"""A sector's ground in figures: what is loaded is counted on its day, what is not is absent."""

from datetime import date

from parvis.kernel.territories.models import Sector
from parvis.kernel.territories.portraits import portrait

TODAY = date(2026, 11, 24)


def sector(code: str) -> Sector:
    return Sector.objects.get(code=code)


def test_without_boundaries_only_the_inhabitants_are_known(db):
    ground = portrait(sector("19"), TODAY)
    assert (ground.population, ground.area_km2, ground.counts) == (178_691, None, {})


def test_paris_centre_gathers_the_inhabitants_of_its_four_arrondissements(db):
    assert portrait(sector("centre"), TODAY).population == 15_114 + 19_847 + 32_179 + 27_332


def test_the_nineteenth_has_its_area_its_quarters_and_its_priority_neighbourhoods(real_layers):
    ground = portrait(sector("19"), TODAY)
    assert round(ground.area_km2, 1) == 6.8
    assert ground.counts["quarter"] == (4, "2024")
    number, vintage = ground.counts["priority_neighbourhood"]
    assert (number >= 3, vintage) == (True, "2024")


def test_every_quarter_belongs_to_exactly_one_sector(real_layers):
    assert sum(portrait(row, TODAY).counts["quarter"][0] for row in Sector.objects.all()) == 80
    assert portrait(sector("centre"), TODAY).counts["quarter"][0] == 16


def test_before_the_boundaries_held_nothing_is_counted(real_layers):
    assert portrait(sector("19"), date(2010, 1, 1)).counts == {}
