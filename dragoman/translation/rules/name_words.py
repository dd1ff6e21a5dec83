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
    a abkommen accord accordo acord acordo act acuerdo administración administration age agency agreement
    airport ajuntament alianza alliance an année armee army armée asociació asociación association atlético
    authority autoridad autoridade autoritat autorità autorité avenida avenue award ayuntamiento año banco bank
    banque barco bataille batalha batalla battaglia battle bay biblioteca bibliothèque board boulevard bridge
    broadband bureau caffè calle cambra camera campeonato campionat campionato carrer casa castel castellers
    cathedral center central centre centro chamber chambre championnat championship chief chiesa church city club
    coastal cobla colegi colegio college collegio collège colégio comisión comissió comissão comitato comitè
    comité comitê commerce commission commissione committee compagnie company companyia compañía comune
    confederación congreso congress congresso congrés conseil consejo conselho consell consiglio consorcio
    constable copa coppa corn cort corte cottage council county coupe cour courier court crown cuerpo cultura
    cumbre cup câmara cámara dame das day departament department der deus die dieu dio dios director déu east edad ein
    eine ejército escola escuela esercito església est estació estación estação este exchange exèrcit exército
    facoltà faculdade facultad facultat faculty faculté fair federación federation feira feria festival fiera
    fira fire fiume fleet flota flotte foire fondation fondazione force forces foreign foro forum foundation
    fund fundació fundación fundação fête fórum games gare gazette gericht giochi god grand great green
    group guardia guerra guerre hall harbour her herbst hill his hospital hotel house hôpital iglesia igreja
    institut institute instituto internacional international island istituto its jeux jocs jogos juegos kingdom
    krieg lac lago lake lane law league lega legge lei ley library liga ligue line llac llei loi lower mairie
    maison major marché marina market meer meisterschaft mercado mercat mercato meteo mill ministeri ministerio
    ministerium ministero ministro ministry ministère ministério misión mission mount mundial museo museu museum
    musée my nacional national navy nazionale new night nord norte north notre oeste office old open operación
    operation orchard orchester orchestra orchestre organisation organització organización organização
    organizzazione orquesta orquestra ospedale ouest our pact pacto parc parco park parque partei parti partido
    partit partito party paseo piazza place plan plaza plaça pont ponte port post praça press primera prize
    project protocol protocole protocollo protocolo puente puerto race radio rambla republic reserva reserve
    revolució revolución revolution revolução rio riserva riu river rivoluzione road rovers royal rua rue
    réserve révolution río safety saint san sankt sant santa schlacht schmied school scuola segunda semana
    senado senate senato servei service servicio servizio serviço sierra skies sociedad sociedade societat
    society società société south spiele square st state states station stazione stiftung street subcomité
    subcommittee sud summit superior suprema supreme supremo suprême sur sénat teatre teatro televisión tercera
    that the theater theatre their these this those théâtre times tor town tractat traité tratado trattato
    treaty tribunal tribunale trust ufficio union universidad universidade universitat university università
    université upper vale vall valle valley vallée verband via viale vila virgen war wars water week west wheel
    winter your zentrum école église
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
    alba antes aunque bello blanca blanco calle campo campos canal como consuelo corona costa cruz cuando
    desde dolores donde durante ella ello entre era esperanza flores gloria hasta iglesia leal liberal lo
    luna luz mar marina mercedes mientras moreno nació nada nieves paz pero pilar porque prado pura reyes
    rojo rosario rubio río según ser sin sobre sol también toda todo torres tras una uno unos vega ángeles
    él
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
