"""What people ask, answered in a few lines. One entry, one question; the screens are those where it is asked."""

from __future__ import annotations

from opensegur.cabinet.aide.reponse import Reponse
from opensegur.cabinet.aide.textes_equipe import EQUIPE
from opensegur.cabinet.aide.textes_medical import MEDICAL

_IDENTITE, _DMP, _ENVOIS, _CONNEXION, _JOUR = (
    "Identité du patient",
    "DMP",
    "Documents et envois",
    "Connexion",
    "Venues du jour",
)


def _r(sujet: str, question: str, reponse: str, *ecrans: str) -> Reponse:
    return Reponse(sujet, question, reponse, frozenset(ecrans))


REPONSES: tuple[Reponse, ...] = (
    _r(
        _IDENTITE,
        "Que veulent dire les quatre statuts ?",
        "Deux choses comptent : l’INS a-t-elle été récupérée auprès de l’INSi, et une pièce d’identité a-t-elle "
        "été contrôlée ? Ni l’une ni l’autre : provisoire (rouge). INS seule : récupérée (bleu). Pièce seule : "
        "validée (ambre). Les deux : qualifiée (vert). Seule une identité qualifiée part au DMP avec son "
        "matricule.",
        "patients",
        "accueil:jour",
    ),
    _r(
        _IDENTITE,
        "La personne n’a pas sa carte Vitale. Puis-je récupérer l’INS ?",
        "Oui. L’INSi cherche avec le nom de naissance, un prénom, le sexe et la date de naissance. La carte "
        "Vitale n’est qu’un raccourci de saisie, et elle ne remplace jamais la pièce d’identité.",
        "patients:nouveau",
        "patients:recherche",
    ),
    _r(
        _IDENTITE,
        "L’INSi ne trouve personne. Que faire ?",
        "Le plus souvent c’est le nom : il faut le nom de naissance, pas le nom d’usage. Vérifiez ensuite le "
        "premier prénom, le sexe et la date sur la pièce. N’essayez pas au hasard : chaque appel est tracé. En "
        "attendant, créez le dossier sans INS.",
        "patients:nouveau",
        "patients:dossier",
    ),
    _r(
        _IDENTITE,
        "L’INSi trouve plusieurs personnes. Que faire ?",
        "Ajoutez les autres prénoms, dans l’ordre de la pièce d’identité, puis le lieu de naissance.",
        "patients:nouveau",
    ),
    _r(
        _IDENTITE,
        "Quelles pièces permettent de qualifier ?",
        "Passeport, carte d’identité, titre de séjour, ou une identité numérique reconnue (France Identité, La "
        "Poste). Pour un enfant sans pièce : livret de famille ou acte de naissance, avec la pièce d’un parent. "
        "Une carte Vitale, un permis de conduire ou une photocopie ne suffisent pas.",
        "patients:piece",
    ),
    _r(
        _IDENTITE,
        "Plusieurs personnes s’affichent pour une seule carte Vitale. Pourquoi ?",
        "Une carte porte l’assuré et ses ayants droit. Choisissez la personne présente, avec son chiffre : l’INSi "
        "répond pour elle. Le numéro de la carte est celui de l’assuré ; il ne devient jamais le matricule INS d’un "
        "enfant.",
        "guichet",
    ),
    _r(
        _IDENTITE,
        "À quoi sert l’appli carte Vitale ?",
        "Elle donne une identité déjà qualifiée, pour son titulaire comme pour ses ayants droit : aucune "
        "pièce n’est à "
        "demander et l’INSi n’est pas interrogé. Scannez son code ; il ne vaut qu’une fois et quelques minutes.",
        "guichet",
    ),
    _r(
        _IDENTITE,
        "Que fait la douchette ?",
        "Elle marche sur toutes les pages, où que soit le curseur. Un code INS ouvre le dossier, ou fait interroger "
        "l’INSi si la personne est inconnue. Un clavier mal réglé ou des séparateurs perdus sont réparés, et "
        "c’est dit. "
        "Un code imprimé n’est pas une preuve : l’INSi confirme.",
        "guichet",
        "patients",
        "accueil:jour",
    ),
    _r(
        _IDENTITE,
        "La personne n’a pas de pièce, ou refuse d’en présenter une.",
        "Dites-le : « Aucune pièce présentée » la fait redemander aux prochaines venues, « Refuse » non. La venue "
        "continue, l’identité n’est pas qualifiée.",
        "patients:piece",
        "patients:comparaison",
    ),
    _r(
        _IDENTITE,
        "La pièce et l’INSi ne disent pas la même chose.",
        "Cochez « Les informations inscrites sur la pièce sont différentes » : l’identité n’est pas qualifiée et une "
        "fiche à remettre s’affiche. Né en France : l’Insee corrige l’état civil. Né à l’étranger, ou carte "
        "à mettre à "
        "jour : la caisse d’assurance maladie.",
        "patients:piece",
        "patients:comparaison",
    ),
    _r(
        _IDENTITE,
        "Puis-je qualifier quelqu’un que je connais bien, sans pièce ?",
        "Seulement si votre structure l’admet (réglages de l’identité), et si vous êtes professionnel de santé. Le "
        "référentiel national demande une pièce : ces identités sont comptées à part.",
        "patients:piece",
        "patients:comparaison",
        "vigilance:reglages",
    ),
    _r(
        _IDENTITE,
        "Comment déqualifier une identité ?",
        "Dans le dossier, menu « … », « Déqualifier » : choisissez la raison, elle dit ce qui est retiré. La "
        "page « Qui "
        "a reçu cette identité » liste les documents déjà partis, à corriger ou à signaler.",
        "patients:dossier",
        "patients:declasser",
    ),
    _r(
        _IDENTITE,
        "Une personne ne peut pas avoir d’INS (touriste, anonymat).",
        "Menu « … », « Ne peut pas avoir d’INS » : la raison arrête les demandes, et l’identité reste dans "
        "ce logiciel.",
        "patients:dossier",
        "patients:sans_ins",
    ),
    _r(
        _IDENTITE,
        "Deux dossiers pour la même personne : que faire ?",
        "Comparez-les dans « Doublons ». Fusionner réunit venues, documents et envois dans le dossier gardé ; tout "
        "se défait. Deux matricules différents : ce sont sans doute deux personnes.",
        "doublons",
        "vigilance",
    ),
    _r(
        _IDENTITE,
        "Comment trouver les doublons de toute la patientèle ?",
        "Page « Doublons », « Rechercher dans toute la base » : chaque dossier est comparé à tous les autres, le "
        "travail continue si vous quittez la page, et rien n’est fusionné sans vous. Les ressemblances s’ajoutent à "
        "la liste, les plus sûres d’abord.",
        "doublons",
        "vigilance",
    ),
    _r(
        _IDENTITE,
        "Un dossier semble mélanger deux personnes : comment le voir ?",
        "Page « Doublons » : y viennent d’eux-mêmes les dossiers qui ont porté deux matricules, ou dont une "
        "correction a remplacé une personne par une autre. Lisez l’histoire de l’identité, puis dites "
        "« Une seule », ou « Deux personnes » : l’identité est reprise, et vous savez qui l’a reçue.",
        "doublons",
        "vigilance",
    ),
    _r(
        _IDENTITE,
        "Comment reprendre la patientèle d’un autre logiciel ?",
        "Exportez-la en CSV, ou en messages HL7 ADT, et déposez le fichier : les colonnes sont reconnues, vous les "
        "corrigez, puis l’essai dit ligne par ligne ce qui sera créé et ce qui ne le sera pas, sans rien écrire. "
        "Une INS du fichier n’est qu’une annonce : elle est vérifiée auprès de l’INSi avant de servir.",
        "imports",
    ),
    _r(
        _IDENTITE,
        "J’ai importé le mauvais fichier : comment revenir en arrière ?",
        "Sur la page de l’import, « Défaire » retire les dossiers qu’il a créés. Ceux qui ont servi depuis "
        "restent, et la liste en est donnée. Le même fichier ne crée jamais deux fois les mêmes personnes.",
        "imports",
    ),
    _r(
        _IDENTITE,
        "Le référentiel d’identités a fusionné deux dossiers : que se passe-t-il ici ?",
        "La fusion suit d’elle-même. Si chacun des deux dossiers a son matricule INS, elle attend dans « Doublons » "
        "la décision d’un référent d’identité.",
        "imports",
        "doublons",
    ),
    _r(
        _IDENTITE,
        "Une INS reçue avec un document vaut-elle qualifiée ?",
        "Non : elle est vérifiée auprès de l’INSi, puis il faut contrôler une pièce. Deux exceptions : elle est déjà "
        "tenue ici, ou un contrat de confiance vous lie à l’émetteur et vous ne voyez pas le patient.",
        "vigilance",
    ),
    _r(
        _IDENTITE,
        "Je connais cette personne depuis vingt ans. Dois-je lui demander sa pièce ?",
        "Oui, une fois. Connaître quelqu’un ne dit pas que l’état civil saisi est le bon : c’est cela que la "
        "pièce vérifie. Ensuite, elle n’est plus redemandée.",
        "patients:piece",
    ),
    _r(
        _IDENTITE,
        "La personne refuse de montrer une pièce.",
        "Notez le refus. Les soins continuent, le statut ne change pas, et la pièce sera redemandée. Expliquez "
        "que c’est pour ne pas mélanger deux dossiers.",
        "patients:piece",
    ),
    _r(
        _IDENTITE,
        "Faut-il photocopier la pièce ?",
        "Non. Regarder suffit. Seuls le type de pièce, la date et votre nom sont gardés.",
        "patients:piece",
    ),
    _r(
        _IDENTITE,
        "La pièce et l’INSi ne disent pas la même chose.",
        "Choisissez « sont différents » : l’identité redevient provisoire et plus rien ne part. La pièce fait "
        "foi. La personne fait corriger son état civil auprès de sa caisse, ou de l’Insee pour les personnes nées"
        " en France.",
        "patients:piece",
        "patients:comparaison",
    ),
    _r(
        _IDENTITE,
        "Un trait diffère dans la comparaison. J’accepte ou je refuse ?",
        "Une faute de frappe, un prénom en plus : acceptez, l’INSi corrige votre saisie. Une autre date, un autre"
        " prénom que vous ne reconnaissez pas : refusez, c’est peut-être un homonyme.",
        "patients:comparaison",
    ),
    _r(
        _IDENTITE,
        "Pourquoi ne puis-je plus modifier le nom ou la date ?",
        "Ces traits viennent de l’INSi et sont verrouillés, pour que le dossier reste d’accord avec le matricule."
        " Le nom et le prénom utilisés, eux, se modifient toujours.",
        "patients:modifier",
        "patients:dossier",
    ),
    _r(
        _IDENTITE,
        "Mon patient se fait appeler autrement.",
        "Écrivez-le dans nom utilisé et prénom utilisé : c’est ce qui s’affiche en grand et dans les listes. Les "
        "traits de naissance restent ceux de l’état civil.",
        "patients:modifier",
        "patients:nouveau",
    ),
    _r(
        _IDENTITE,
        "Le jour ou le mois de naissance est inconnu.",
        "Écrivez 00 à sa place. La date est complétée selon la règle nationale et marquée « estimée ».",
        "patients:nouveau",
        "patients:modifier",
    ),
    _r(
        _IDENTITE,
        "À quoi sert de déclarer une identité douteuse, fictive ou homonyme ?",
        "Douteuse ou fictive : l’identité reste provisoire et rien ne part, jusqu’à ce que le doute soit levé. "
        "Homonyme : un simple avertissement, pour ne pas confondre deux dossiers.",
        "patients:dossier",
    ),
    _r(
        _IDENTITE,
        "Un nouveau-né a-t-il une INS ?",
        "Oui, mais pas le premier jour : comptez une semaine ou plus après la déclaration en mairie. En "
        "attendant, créez le dossier sans INS, puis demandez-la à la prochaine venue.",
        "patients:nouveau",
    ),
    _r(
        _JOUR,
        "Comment ajouter quelqu’un qui se présente sans rendez-vous ?",
        "Touche n, puis cherchez son dossier. S’il n’existe pas, vous le créez au passage. La case « Déjà arrivé "
        "» est cochée d’avance.",
        "accueil",
    ),
    _r(
        _JOUR,
        "Je me suis trompé : la personne n’est pas arrivée.",
        "Les trois points au bout de la ligne permettent de revenir en arrière.",
        "accueil:jour",
    ),
    _r(
        _ENVOIS,
        "Quels fichiers puis-je ajouter ?",
        "PDF, JPEG, PNG, TIFF, RTF et texte. Le fichier est reconnu à son contenu et transformé en PDF "
        "d’archivage ; l’original est gardé aussi.",
        "documents",
    ),
    _r(
        _ENVOIS,
        "Mon document n’est pas parti.",
        "Il reste dans le dossier, rien n’est perdu. Si le service est en panne, l’envoi recommence tout seul. "
        "S’il est refusé, la raison et ce qu’il faut faire s’affichent dans Envois. Un renvoi ne crée jamais de "
        "second document.",
        "envois",
        "documents",
    ),
    _r(
        _ENVOIS,
        "J’ai envoyé un document par erreur.",
        "Seul son auteur, ou sa structure, peut le retirer du DMP. Un confrère ne peut que le masquer s’il est le"
        " médecin traitant.",
        "documents",
        "dmp",
    ),
    _r(
        _ENVOIS,
        "Que veut dire « invisible pour le patient » ?",
        "Le document attend d’être annoncé de vive voix. Ce n’est que provisoire : le DMP le montrera au patient "
        "passé un délai, car c’est son dossier.",
        "documents:ajouter",
    ),
    _r(
        _DMP,
        "Que faut-il pour lire le DMP d’un patient ?",
        "Une identité qualifiée, votre connexion par Pro Santé Connect, et l’accord du patient. Pour y déposer un"
        " document, il suffit qu’il ne s’y soit pas opposé.",
        "dmp",
    ),
    _r(
        _DMP,
        "L’autorisation est « inexistante » ou « expirée ».",
        "C’est la première fois, ou plus de douze mois ont passé. Recueillez l’accord du patient et "
        "enregistrez-le : l’accès s’ouvre aussitôt.",
        "dmp",
    ),
    _r(
        _DMP,
        "Le DMP dit que l’accès m’est interdit.",
        "Le patient vous a bloqué, vous ou votre structure. C’est son droit ; parlez-en avec lui.",
        "dmp",
    ),
    _r(
        _CONNEXION,
        "Que puis-je faire avec un compte du cabinet ?",
        "L’accueil, les dossiers, l’INS et l’ajout de documents. Lire le DMP demande Pro Santé Connect. Votre "
        "page Mon compte en donne la liste.",
        "comptes",
        "dmp",
    ),
    _r(
        _CONNEXION,
        "Puis-je m’identifier sur un autre poste sans déplacer le lecteur de carte ?",
        "Oui, avec l’e-CPS sur votre téléphone : aucun lecteur n’est nécessaire. Chaque poste ouvre sa propre "
        "session.",
        "comptes",
    ),
    _r(
        _CONNEXION,
        "Pourquoi ma session s’est-elle fermée ?",
        "Après trente minutes sans activité, ou quatre heures au plus. C’est la durée d’une session Pro Santé "
        "Connect. Ce que vous aviez enregistré l’est toujours.",
        "comptes",
    ),
    _r(
        _CONNEXION,
        "Le lecteur de carte de mon poste n’est pas vu.",
        "Mon compte, puis Ce poste : la page dit si l’agent tourne, si le lecteur et la carte sont vus, et si vous "
        "travaillez à distance, ce qui les cache. Un lecteur sans fil loin de sa base perd la carte par instants.",
        "postes",
        "comptes",
        "guichet",
    ),
    _r(
        _CONNEXION,
        "Que demande le jumelage d’un poste ?",
        "Que la page de l’agent montre le même code que le cabinet. Si elle le demande sans que vous ayez rien "
        "fait, refusez. Le code de votre carte, lui, ne quitte jamais votre poste.",
        "postes",
    ),
    *MEDICAL,
    *EQUIPE,
)
