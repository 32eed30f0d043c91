"""What people ask of the accounts, of the rights and of the circle of care."""

from __future__ import annotations

from opensegur.cabinet.aide.reponse import Reponse

_EQUIPE = "Équipe et droits"


def _r(question: str, reponse: str, *ecrans: str) -> Reponse:
    return Reponse(_EQUIPE, question, reponse, frozenset(ecrans))


EQUIPE: tuple[Reponse, ...] = (
    _r(
        "Comment ajouter quelqu’un à l’équipe ?",
        "« Ajouter une personne » donne un code, à remettre en main propre : la personne le tape sur la page de "
        "connexion et choisit elle-même son mot de passe. Si elle a déjà un compte sur cette installation, son RPPS "
        "suffit.",
        "equipe",
    ),
    _r(
        "Quelqu’un a oublié son mot de passe, ou perdu son téléphone.",
        "Ouvrez sa fiche : « nouveau code » lui fait choisir un autre mot de passe, « retirer le code » ne demande "
        "plus celui du téléphone. Vous ne voyez jamais son mot de passe. Pour votre propre compte, passez par Mon "
        "compte.",
        "equipe:personne",
    ),
    _r(
        "Comment laisser ma place à quelqu’un, sans perdre ce que j’écris ?",
        "Touche q : l’écran se verrouille, votre page et votre texte restent dessous. Qui travaille aussi à ce poste "
        "tape son numéro et se fait reconnaître : il retrouve sa propre page. Vous retrouverez la vôtre. Personne au "
        "clavier pendant 10 minutes : l’écran se verrouille seul.",
        "accueil:jour",
        "comptes:compte",
        "comptes:verrou",
    ),
    _r(
        "Qu’est-ce qu’une clé d’accès ?",
        "Votre doigt, votre visage ou le code de l’appareil, à la place du mot de passe. Rien à retenir, rien qu’un "
        "faux site puisse voler. Ajoutez-en une par appareil dans Mon compte, et gardez un autre moyen d’entrer : un "
        "appareil se perd.",
        "comptes:cles",
        "comptes:compte",
        "comptes:connexion",
    ),
    _r(
        "Pourquoi mon moyen de connexion n’ouvre-t-il pas ce service ?",
        "Chaque service national demande le sien : le DMP se lit avec Pro Santé Connect ou une carte CPS, s’alimente "
        "avec le certificat de la structure ; une CPE alimente et ne consulte pas. Le tableau complet est dans Mon "
        "compte, « Ce que chaque moyen ouvre ».",
        "comptes:moyens",
        "comptes:compte",
    ),
    _r(
        "À quoi sert la fiche des données personnelles ?",
        "C’est la page de votre registre des traitements (RGPD, article 30) pour ce logiciel : imprimez-la et "
        "gardez-la. Elle dit ce qui est gardé, combien de temps, ce qui s’efface seul et comment c’est protégé, "
        "d’après votre installation ; vous y ajoutez qui répond et qui héberge.",
        "conservation:registre",
        "conservation:completer",
    ),
    _r(
        "Quelqu’un quitte la structure.",
        "« Désactiver » ferme ses sessions aussitôt. Ce qu’il a écrit reste à son nom, et le compte se réactive s’il "
        "revient. Le dernier administrateur ne peut pas partir sans qu’un autre soit nommé.",
        "equipe",
    ),
    _r(
        "À quoi sert la personne responsable ?",
        "Le journal écrit qui a fait le geste et sous la responsabilité de qui. Un préparateur agit sous celle d’un "
        "pharmacien : si celui-ci n’est plus dans l’équipe, ce qui touche à la santé du patient lui est refusé.",
        "equipe:personne",
        "equipe:ajouter",
    ),
    _r(
        "Je suis secrétaire : ai-je les mêmes droits qu’un médecin ?",
        "Non. Vous tenez l’accueil et les identités, vous classez et envoyez des documents. Le dossier médical ne "
        "s’ouvre que si votre structure le décide ; consulter le DMP n’est jamais du secrétariat. La liste est dans "
        "Mon compte.",
        "comptes:compte",
        "droits",
    ),
    _r(
        "Pourquoi certaines cases disent-elles « jamais » ?",
        "Parce que la loi ou le service national s’y oppose : un gestionnaire ou un support technique ne lit pas de "
        "données de santé, un secrétariat ne consulte pas le DMP. Pointez le nom du droit pour lire la raison.",
        "droits",
    ),
    _r(
        "J’ai changé un droit par erreur.",
        "Tout ce qui diffère de la table est en haut de la page, avec qui l’a changé et quand : « Remettre » revient "
        "en arrière. Le journal garde chaque changement.",
        "droits",
    ),
    _r(
        "Un dossier me dit que je ne suis pas de l’équipe de soins.",
        "Votre structure ouvre chaque dossier à ceux qui soignent ce patient. Demandez à l’un d’eux de vous ajouter, "
        "ou donnez une raison : le dossier s’ouvre quatre heures, et cet accès sera relu.",
        "patients:dossier",
        "cercle",
    ),
    _r(
        "Qui est de l’équipe de soins d’un patient ?",
        "Qui l’a reçu ou a noté sa venue, a écrit ou ajouté dans son dossier, l’a créé, est son médecin traitant, ou "
        "a été ajouté par l’un d’eux ; et qui travaille sous la responsabilité de l’un d’eux.",
        "cercle:equipe",
        "exceptions",
    ),
)
