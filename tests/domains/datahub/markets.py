"""Markets: a small file as a service would send it, and the words of its publication."""

TITLES = "Code;Marché;Secteur;Redevance;Ouvert le;Longitude;Latitude;Courriel du gestionnaire"
SECTORS = ("19", "centre", "5", "20")
CONTENT = "\n".join(
    [TITLES]
    + [
        f"{n:03d};Marché {n};{SECTORS[n % 4]};{n} 200,50 €;0{n % 9 + 1}/03/2024;2,3{n % 10};48,8{n % 10};m{n}@example.org"
        for n in range(1, 25)
    ]
)

WORDS = {
    "title": "Marchés découverts", "description": "Les marchés de la ville, avec leur lieu et leur redevance.",
    "contact": "donnees@example.org", "contact_name": "Mission données", "keywords": ["marchés", "commerce"],
    "licence": "etalab-2.0", "rhythm": "MONTHLY", "theme": "ECON",
}  # fmt: skip
