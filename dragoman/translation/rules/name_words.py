"""Word lists of the search for personal names; see ``names``."""

# Faker's person providers whose lists of given and family names are used.
LOCALES = """
    en_US en_GB en_IN en_IE en_NZ es_ES es_MX es_CO es_AR es_CA fr_FR fr_CH pt_PT pt_BR it_IT de_DE de_AT nl_NL
    pl_PL sv_SE no_NO fi_FI da_DK cs_CZ hu_HU ro_RO tr_TR hr_HR el_GR ru_RU uk_UA ar_AA id_ID en_NG yo_NG
""".split()
# Stand between the parts of a name.
PARTICLES = frozenset(
    """
    af al ben bin da das de del della den der des di do dos du ibn ten ter van von zu zur
    """.split()
)
# Come before a name.
TITLES = frozenset(
    """
    aunt auntie brother captain councillor docteur doctor doctora don dona dott dottor dottoressa doutor doutora
    doña dr dra enfermeira engenheiro father frau herr inspector lady madame mademoiselle maestra maestro mayor
    maître minister miss mlle mme monsieur mr mrs ms nurse onkel president prof profesor profesora professor
    professora secretary senhor senhora senyor senyora sergeant señor señora señorita sig signor signora
    signorina sir sister sor sr sra srta tante uncle
    """.split()
)
# Open or end the names of places, organisations and works.
NOT_NAMES = frozenset(
    """
    a agency agreement airport ajuntament an asociació asociación association atlético avenida avenue award
    ayuntamiento banco bank banque barco bay biblioteca bibliothèque board boulevard bridge broadband caffè
    calle carrer casa castel castellers cathedral center central centre chief chiesa church city club coastal
    cobla college commerce compagnie company companyia compañía comune conseil consejo conselho consell
    consiglio consorcio constable corn cottage council county courier cultura câmara dame das day departament
    department der deus die dieu dio dios director déu east ein eine escola escuela església est estació
    estación estação este exchange fair federación federation feira feria festival fiera fira fire fiume foire
    foreign fund fête gare gazette god grand great green group guardia hall harbour her herbst hill his hospital
    hotel house hôpital iglesia igreja institute island its kingdom lac lago lake lane library line llac lower
    mairie maison major marché market meer mercado mercat mercato meteo mill ministeri ministerio ministerium
    ministero ministry ministère ministério mount museo museu museum musée my national new night nord norte
    north notre oeste office old open orchard ospedale ouest our parc parco park parque party paseo piazza place
    plan plaza plaça pont ponte port post praça press prize project puente puerto race radio rambla republic rio
    riu river road rovers royal rua rue río safety saint san sankt sant santa schmied school scuola semana
    service sierra skies sociedad sociedade societat society società société south square st state states
    station stazione street sud sur teatre teatro televisión that the theater theatre their these this those
    théâtre times tor town treaty trust ufficio union universidad universidade universitat university università
    université upper vale vall valle valley vallée via viale vila virgen water week west wheel winter your école
    église
    """.split()
)
# Stand beside a name when somebody speaks.
SPEECH = frozenset(
    """
    added admitted afegeix ajoute asked añadió contou contó demande detto dice dijo disse dit diu erklärt
    explained explica explicou explicó explique fragt ha laughed pidió racconta raconte recorda recordó replied
    répond sagt sagte said says spiega told va wrote
    """.split()
)
# Given names that are, far more often, an ordinary word of the language they stand in.
_ORDINARY = {
    "en": """
    an april art august autumn baker banks best bill bishop black brown bush care carpenter chase christian
    church cook crystal dale dawn day drew duke earl early east english ever faith field frank french friend
    good grace green guy hall hill holiday honey hope in iris jewel joy june king lane little long love major
    man mark mason may moon much my norman north ocean on page park pat power price prince read rice rich rivers
    rose see short sky small smith so star storm street sue summer sunny sweet van walsh west white will winter
    wood woods young
    """,
    "es": """
    alba bello blanca blanco calle campo campos consuelo costa cruz dolores esperanza flores gloria iglesia leal
    luz mar mercedes moreno nieves paz pilar prado pura reyes rojo rosario rubio río sol torres vega ángeles
    """,
    "fr": """
    aimé blanche capucine claire fleur franc grand la le lors marine martin noël olive petit pierre prune reine
    """,
    "ca": """
    alba blanca mar neus pau roser sol
    """,
    "pt": """
    flor luz mar pilar rosa vitória
    """,
    "it": """
    alba bianca bruno fiore gioia grazia leone marino pace rosa stella viola
    """,
    "de": """
    einer eine einem einen sie er es wir ihr ich du ernst mark rose wolf
    """,
}
ORDINARY = {language: frozenset(words.split()) for language, words in _ORDINARY.items()}
