package check

// What the languages deny with. A list of words whose sense denies is long where translators have many
// ways to put a plain "not" otherwise; each word in it that often stands where nothing is denied hides
// a negation that was lost.

var denyingEN = denying{
	particle: setOf("not never cannot nor neither nobody nothing nowhere none noone"),
	weak:     setOf("no"),
	helping:  setOf("do does did"),
	follow: setOf(`you we they he she it i the a an so this that these those his her their our my its your well better business everything anything
		something all to with for in on at what when as by more most less much good great about exactly just and or but people not work harm damage here there no if so too now then today again how why who where which because about me him us them`),
	and: setOf("and"),
	meant: wordsOf(`skip* bypass* escap* exempt* empty silent silence secret* hidden mystery outside beyond otherwise apart free barred hesitat* resist* few little suspend* postpon* delay* loath against opposed least fewer without fail* refus* den* reject* hardly barely scarcely unable unlikely lack* prevent* avoid* ban banned bans banning prohibit* forbid*
		forbade absen* unless until impossib* illegal* unlawful* un* disagree* disprov* dislike* inab* incap* inacc* insuff* inadeq* ineff* inexp*
		invis* inval* impract* irre* non no-one rarely seldom ceas* declin* block* cancel* doubt* ignor* neglect* object* wrong instead missing
		hinder* ineligible landlocked less impenetr* stay* rather short far off miss missed misses overshot stop* halt* quit withh*
		withdr* abandon* oppos* exclu* except* spurn* struggl* worried reluctan* abst* excess* difficult* protest* yet depriv* minus wide`),
	harmless:  wordsOf(`under* unite* unit units union* univ* unique* uncle uncles denmark dense* dental dent* underst* unanim* unless* unti* denomin* unif* denis denn* deni* denv*`),
	near:      wordsOf(`still keep* kept hold* held remain* only last differ* opposite contrary surpris*`),
	only:      []string{"not only", "not just", "not merely", "not simply"},
	onlyWords: setOf("only just merely simply"),
	half:      []string{"whether or not", "if not", "not least", "why not", "not the first", "not for the first"},
	idle:      []string{"at least", "no doubt", "no. "},
	compared:  wordsOf(`better worse greater bigger higher stronger more`),
	top:       wordsOf(`best worst greatest biggest highest strongest most`),
}

var denyingDE = denying{
	particle: setOf("nicht nie niemals niemand niemanden niemandem nichts keine kein keinen keinem keiner keines keins nirgends keinerlei keinesfalls keineswegs weder"),
	and:      setOf("und"),
	meant: wordsOf(`leer* schweig* geheim* jenseits außerhalb außer sonst andernfalls vermiss* verschwand* verschwunden* entkam* entkomm* aussetz* ausgesetzt* verschob* verschoben* gegen bevor ungern zöger* gering* knapp* ausnahm* ohne un* miss* verbot* verbiet* verweiger* weiger* abgelehn* ablehn* lehnt* scheiter* fehl* mangel* kaum selten verhinder* vermeid*
		dementier* bestritt* bestreit* leugn* statt anstatt *los *lose *losen *loser *loses *losigkeit zweifel* wenig* ausgeschlossen verzicht*
		versäum* hinder* gehindert* *frei negativ* mangels vergeb* entfall* entgang* abgel* unterlass* falsch nein illegal* inakz* inkomp* irr*
		eingeschlossen* anders entfernt weit zurückge* ausbleib* ausblieb* blieb bleib* stopp* schwer* schwierig* verschon* verpass* verfehl*`),
	harmless:  wordsOf(`und unter* uns unser* uni* ungar* ungefähr* unten untät* mission* missbrauch* erste* zulos klos los *schloss los* vereinigt* wenigst*`),
	near:      wordsOf(`halt* hält hielt* gehalten noch nur erst lediglich zuletzt letzte* gegenteil* überrasch*`),
	only:      []string{"nicht nur", "nicht bloß", "nicht allein"},
	onlyWords: setOf("nur bloß lediglich allein"),
	half:      []string{"nicht zuletzt", "wenn nicht gar", "ob oder nicht", "warum nicht", "nicht der erste", "nicht die erste", "nicht das erste", "nicht zum ersten"},
	idle:      []string{},
	compared:  wordsOf(`besser* schlechter* schlimmer* größer* höher* stärker* mehr`),
	top:       wordsOf(`best* schlechtest* schlimmst* größt* höchst* stärkst* ungünstig*`),
}

var denyingFR = denying{
	particle: setOf("ne n"),
	clipped:  true,
	needs:    setOf("aucun aucune ni"),
	concord:  true,
	weak:     setOf("non"),
	helped:   setOf("pas jamais aucun aucune rien nul nulle ni guère"),
	free:     2,
	release:  setOf("sans"),
	and:      setOf("et"),
	meant: wordsOf(`vide* silenc* tais* secret* au-delà autrement ailleurs dispar* échapp* suspend* avant hésit* faible* exception* contrair* moins sans inca* inco* insu* inut* inv* imp* irré* illég* dés* refus* rejet* interdi* empêch* évit* échou* échec* manqu* absen* peu rarement sauf
		hors nier nié niant nie défaut cess* impossib* dépourvu* exclu* plutôt loin priv* enclav* abandon* oppos* contre arrêt* difficil* doute*
		ignor* indisp* inqui* aband* mal trop`),
	harmless:  wordsOf(`impor* impress* invest* invit* imprim* impl* impos* impôt* dés désert* désorm* désign* désir* impact* incon* indus* inven* inca* invoqu* investi* privé* impliq*`),
	near:      wordsOf(`gard* rest* demeur* encore tien* seul* dernier* dernière* différen* surpri*`),
	only:      []string{"non seulement", "pas seulement"},
	onlyWords: setOf("seulement"),
	half:      []string{"ne serait-ce", "pourquoi pas"},
	idle:      []string{"au moins", "du moins", "tout au moins", "n'est-ce pas", "non plus"},
	compared:  wordsOf(`meilleur* mieux pire* plus si aussi`),
	top:       wordsOf(`meilleur* pire* plus`),
}

var denyingES = denying{
	particle: setOf("no"),
	helped:   setOf("nunca jamás nadie nada ningún ninguna ninguno ni tampoco"),
	needs:    setOf("ningún ninguna ninguno"),
	concord:  true,
	sure:     setOf("nunca jamás tampoco nadie"),
	lead:     setOf("y e o pero que de a en con por si como porque cuando donde casi para sino sin"),
	free:     2,
	release:  setOf("sin"),
	and:      setOf("y"),
	meant: wordsOf(`vací* silenci* secret* excepci* desapar* escap* suspend* aplaz* antes contrari* escas* menos sin inca* incon* insu* inv* imp* irre* des* neg* niega* niegu* rechaz* prohib* imped* impid* evit* fracas* falt* carec* ausen* apenas salvo
		excepto hasta poco pocas pocos dejar dejó dejado dejan lejos contra difícil* duda* ignor* opon* opus* cancel* raro* rara* mal ajeno* fuera ex* lugar`),
	harmless: wordsOf(`desde después despu* descu* destin* desp* dest* desa* descu* descr* desci* descen* desca* impor* impuls* invers* invest* inves* invit* impac* imper* impl* impu* exp* exi*
		ext* exa* exc* exh* negoci* desarr* exper* desea* deseo* desemp*`),
	near:      wordsOf(`manten* mantien* mantuv* sigue* todavía solo sólo solamente último* última* distint* sorpre*`),
	only:      []string{"no solo", "no sólo", "no solamente", "no es tan solo"},
	onlyWords: setOf("solo sólo solamente"),
	half:      []string{"no es la primera", "no es el primer", "no fue la primera", "no fue el primer", "no por primera"},
	idle:      []string{"al menos", "por lo menos", "no obstante", "sin embargo", "no cabe duda"},
	compared:  wordsOf(`mejor* peor* mayor* tan más`),
	top:       wordsOf(`mejor* peor* mayor* más`),
}

var denyingPL = denying{
	particle: setOf("nie"),
	weak:     setOf("brak"),
	helped:   setOf("nigdy nikt nikogo nikomu nikim nic niczego niczym żaden żadna żadne żadnego żadnej żadnych żadnym żadnymi ani nigdzie"),
	needs:    setOf(`nigdy nikt nikogo nikomu nikim niczego żaden żadna żadne żadnego żadnej żadnych żadnym żadnymi nigdzie`),
	release:  setOf("bez niemożliwe brakuje"),
	concord:  true,
	until:    setOf("dopóki póki dopóty zanim"),
	ever:     true,
	purpose:  setOf("żeby aby by"),
	and:      setOf("a"),
	meant: wordsOf(`pust* milcz* tajn* poza inaczej zagin* znikn* zawiesz* odłoż* odrocz* waha* słab* wyjąt* przeciwn* mniej najmniej bez nie* brak* odm* zakaz* odrzuc* zabr* uniemożliw* unik* zaprzecz* trudno mało rzadko wbrew oprócz zamiast prócz wyklucz* zanim ledwo
		zaledwie przesta* zaprzest* powstrzym* niż pozbawi* daleko przeciw* stracił* wątpliw* przegap* omin* przestrzel* odleg* źle zbyt trudn*`),
	harmless: wordsOf(`niektó* niedziel* niemiec* niemcy niemc* niedawn* niem* niego niej niebie* nieco niech niebaw* zabra* odmien* odmó* bezp* niesi* nieść niezw*
		niebiesk* nietoper* nieru* nieust* nieod* niedł*`),
	near:      wordsOf(`trzym* utrzym* pozosta* wciąż nadal tylko jedynie dopiero ostatni* zaskoc*`),
	only:      []string{"nie tylko"},
	onlyWords: setOf("tylko jedynie"),
	half:      []string{"czy nie", "nie pierwsz", "nie po raz pierwszy"},
	idle:      []string{"mniej więcej", "nie mniej", "nie lada"},
	compared:  wordsOf(`lepsz* gorsz* większ* wyższ* silniejsz* bardziej tak`),
	top:       wordsOf(`naj*`),
}

var denyingCS = denying{
	particle: setOf("ne není nejsou nebyl nebyla nebylo nebyli nebude nebudou nemá nemají neměl neměla nemůže nemohou nemohl nechce nechtěl"),
	helped:   setOf("nikdy nikdo nikoho nikomu nic ničeho ničím žádný žádná žádné žádného žádných žádným ani nikde"),
	release:  setOf("bez"),
	concord:  true,
	until:    setOf("dokud než"),
	ever:     true,
	purpose:  setOf("aby"),
	and:      setOf("a"),
	meant: wordsOf(`bez ne* odmít* zakáz* zákaz* popř* popír* zabrán* vyhn* selh* chyb* postrád* vylouč* sotva málo zřídka místo kromě přesta* nelze odmí*
		pochyb* proti těžk* obtíž*`),
	harmless:  wordsOf(`nebo nebe* neděl* něm* nemoc* nejv* nejm* nejl* nejn* nejp* nejd* nejen* nej* nechat nechal* nedávn* některé* několik* nevě* neust* nesl* nese*`),
	near:      wordsOf(`jen pouze posledn* teprve`),
	only:      []string{"nejen", "ne jen", "ne pouze"},
	onlyWords: setOf("jen pouze"),
	compared:  wordsOf(`lepší* horší* větší* vyšší* více tak`),
	top:       wordsOf(`nej*`),
}

var denyingRU = denying{
	particle: setOf("не нет нельзя"),
	helped: setOf(`никогда никто никого никому никем ничего ничто ничем ничему никакой никакого никакая никаких никакие никакую никаким ни нигде
		никуда никак`),
	needs:   setOf(`никогда никто никого никем ничто ничему никакой никакого никакая никаких никакие никакую никаким нигде никуда никак`),
	concord: true,
	until:   setOf("пока покуда"),
	release: setOf("без невозможно некому нечего отсутствие отсутствии отсутствия"),
	purpose: setOf("чтобы чтоб"),
	and:     setOf("а"),
	meant: wordsOf(`пуст* молч* тайн* вне исчез* пропа* приостан* отлож* колеб* слаб* исключ* чужд* менее меньше наименее без бес* без* не* отказ* отверг* отклон* отриц* опроверг* запре* лиш* едва трудно мало вряд редко кроме вместо исключ* предотвра* избе*
		избав* препят* отсутств* стороной обойд* категорич* мимо против прекрат* пропуст* пропуск* далек* далёк* сомнева* сомнен* провал* слишком труд* вопреки`),
	harmless: wordsOf(`недел* некото* несколько недавн* нефт* небо* неб* нес* нему ней него нею неё нерв* лишь безопас* бесед* беспл* нем* нейтр* нередко небольш*
		немного немец* немал* нетрудн* немедл* неред* необход* независ* нештатн* невероятн* неожид* несмотря неизмен* трудо* трудящ*`),
	near:      wordsOf(`держ* оста* удерж* пока еще ещё только лишь последн* наоборот иначе`),
	only:      []string{"не только", "не просто"},
	onlyWords: setOf("только просто лишь"),
	half:      []string{"чуть не", "едва не", "не раз ", "не первый", "не первая", "не первое", "не в первый", "не впервые"},
	idle:      []string{"не менее", "тем не менее", "как бы ни", "что бы ни", "во что бы то ни стало", "ни с того"},
	compared:  wordsOf(`лучш* хуж* больш* сильн* выше так`),
	top:       wordsOf(`наи* лучш* худш* самы* самая самое самой само*`),
}

var denyingUK = denying{
	particle: setOf("не немає нема"),
	helped: setOf(`ніколи ніхто нікого нікому ніким нічого ніщо нічим нічому жоден жодна жодне жодного жодної жодних жодні жодному жодним жодними жодну
		ні ніде нікуди ані ніяк ніякого ніяких ніякий ніяка`),
	needs:   setOf(`ніколи ніхто нікого ніким ніщо нічому жоден жодна жодне жодного жодної жодних жодні жодному жодним жодними жодну ніде нікуди ніяк ніякого ніяких ніякий ніяка`),
	concord: true,
	until:   setOf("поки доки допоки"),
	release: setOf("без неможливо нікому нічого відсутність відсутності"),
	purpose: setOf("щоб аби"),
	and:     setOf("а"),
	meant: wordsOf(`порожн* мовч* таємн* поза зник* пропа* призупин* відклад* вага* слабк* винят* чуж* менш менше найменш найменше без без* не* відмов* відкин* відхил* запереч* спрост* заборон* позбав* ледь навряд важко мало рідко крім окрім замість виключ* запобі* уник*
		перешкод* бракує бракувало відсутн* мимо повз проти припин* пропуст* дале* сумнів* провал* утрим* втрим* надто важк* скрут* всупереч`),
	harmless: wordsOf(`недав* неділ* нещодав* небо* неб* нафт* нес* нему неї нею нього нерв* безпе* немов неначе невелик* невдовз* негай* недал* нехай німец*
		немал* безкош* незабар* незваж* необх* незалеж* неймов* незмін* важлив* важк важа* далека далі`),
	near:      wordsOf(`трим* залиш* втрим* досі тільки лише останн* навпаки інакше`),
	only:      []string{"не тільки", "не лише", "не просто"},
	onlyWords: setOf("тільки лише просто"),
	half:      []string{"ледь не", "мало не", "не перший", "не перша", "не перше", "не вперше"},
	idle:      []string{"не менш", "тим не менш", "як би не", "що б не", "хоч би", "хто б не"},
	compared:  wordsOf(`кращ* найкращ* гірш* більш* сильніш* вищ* так`),
	top:       wordsOf(`най*`),
}
