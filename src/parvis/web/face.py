"""How the shell shows itself to the house: what no single domain owns, the journal and the accounts."""

from parvis.kernel.access import HOUSE, SCOPE, Permission, Role
from parvis.kernel.faces import Face, Retention

PERMISSIONS = (
    Permission("web.read_journal", "Lire le journal de la maison", {Role.AUDITOR: HOUSE, Role.DIRECTORATE_HEAD: SCOPE}),
)

FACE = Face(
    code="web",
    title="Maison",
    permissions=PERMISSIONS,
    retentions=(
        Retention("Comptes et rôles des agents", "Ouvrir le service aux seules personnes habilitées", 1, "supprimés un an après le départ"),
        Retention("Sessions de connexion", "Reconnaître une personne entre deux pages", 0, "effacées au bout de huit heures"),
        Retention(
            "Journal des opérations (identifiants et codes, sans texte libre)",
            "Prouver qui a fait quoi et quand", 10, "versé aux archives avec ses scellés",
        ),
        Retention("Envois de synthèses par courriel", "Ne rien envoyer deux fois", 1, "supprimés"),
    ),
)  # fmt: skip
