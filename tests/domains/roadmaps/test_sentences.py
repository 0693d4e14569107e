"""The sentences that pages compute agree in number and name what they count."""

from parvis.domains.roadmaps import sentences


def test_french_takes_the_plural_from_two_on():
    assert sentences.counted(0, "action") == "0 action"
    assert sentences.counted(1, "action") == "1 action"
    assert sentences.counted(2, "action") == "2 actions"
    assert sentences.counted(2, "jalon dépassé", "jalons dépassés") == "2 jalons dépassés"


def test_thousands_are_set_apart_by_a_thin_space():
    assert sentences.counted(1214, "projet") == "1\u202f214 projets"


def test_a_list_reads_as_french():
    assert sentences.listed([]) == ""
    assert sentences.listed(["le 8e"]) == "le 8e"
    assert sentences.listed(["le 8e", "le 16e", "le 19e"]) == "le 8e, le 16e et le 19e"


def test_a_long_list_says_how_many_others_and_never_one_other():
    names = ["a", "b", "c", "d", "e", "f"]
    assert sentences.shortened(names, 4) == "a, b, c, d et 2 autres"
    assert sentences.shortened(names[:5], 4) == "a, b, c, d et e"


def test_paris_centre_takes_another_preposition():
    assert sentences.in_sector("19e") == "dans le 19e"
    assert sentences.in_sector("Centre") == "à Paris Centre"
    assert sentences.of_sector("19e") == "du 19e"
    assert sentences.of_sector("Centre") == "de Paris Centre"


def test_a_hole_says_how_many_peers_fill_it():
    assert sentences.hole("logement", "Logement", 15) == (
        "Le logement n’a aucune action ici ; 15 autres secteurs en ont une."
    )
    assert sentences.hole("sport", "Sport", 1) == "Le sport n’a aucune action ici ; 1 autre secteur en a une."
    assert sentences.hole("sante", "Santé", 0).endswith("aucun autre secteur n’en a.")


def test_a_policy_added_to_the_list_since_is_quoted():
    assert sentences.policy("nuit", "Vie nocturne") == "« Vie nocturne »"


def test_a_gap_is_early_late_or_on_the_day():
    assert sentences.gap(5) == "5 jours d’avance"
    assert sentences.gap(-1) == "1 jour de retard"
    assert sentences.gap(0) == "au jour dit"
