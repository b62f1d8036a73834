package check

import (
	"strings"
	"sync"

	"depesche/internal/lang"
)

// senses are what is most often denied, a line for each: words, and beginnings of words with a star, in
// the order of senseLanguages. They tell whether a translation affirms what the original denies, or puts
// it otherwise.
const senses = `
can could able | kann kannst können könnt* konnt* fähig imstande | peu* pouv* pourr* puiss* pu capable* | pued* pod* pudo pudi* capa* | może mog* móc mógł mogł* możn* moż* zdoł* potraf* udało uda stanie | мог* може* можн* способ* удалось удается удастся сможе* смог* возможн* | мож* міг могл* зміг змогл* зможе* спромог* вдалося вдається вдасться здат*
must should need* needs required require* | muss* müss* soll* brauch* nötig* notwendig* | faut fallait doi* dev* faudr* besoin nécess* | deb* hay neces* | mus* powin* potrzeb* trzeba należy wymag* | долж* нужн* надо следует требу* необход* придется | має мають муси* треба потріб* слід повин* вимаг* доведеться необх*
want* wish* willing intend* plans plan planned aim* going | woll* will wünsch* plan* beabsichtig* vor | veul* voul* voudr* souhait* intention* compt* prévu* | quier* quer* quis* dese* intenc* plane* piensa* | chc* chcie* chciał* zamierz* zamiar* pragn* plan* | хоч* хот* намер* собира* план* жела* | хоч* хот* намір* збира* план* бажа* хті* має
know* knew unknown aware | weiß wiss* wusst* gewusst bekannt* kenn* kannt* | sai* sav* su connai* connu* conscien* | sab* sé supo sup* conoc* conozc* | wie wiem* wiesz wied* zna znać zna* znam znan* świadom* | зна* узна* извест* ведом* | зна* дізна* відом* пізна*
understand* understood realiz* realis* grasp* see | versteh* verstand* begreif* begriff* | compren* compr* réalis* sais* | entiend* entend* compren* | rozum* zrozum* pojm* poj* | пон* поним* осозна* | розум* зрозум* усвідом* збагн*
see sees saw seen seeing notice* watch* view* look* | seh* sieh* sah* gesehen bemerk* schau* gesicht* ansicht* | voi* voy* vu vue vus verr* regard* remarq* | ve veo ven ver vi vio vist* veía* mir* not* | widz* widać zobacz* zauważ* ogląd* patrz* dostrzeg* | вид* увид* замет* замеч* смотр* наблюд* | бач* побач* поміт* поміч* див* спостер*
hear* heard listen* | hör* gehört | enten* écout* | oí* oy* escuch* | słysz* słuch* usłysz* | слыш* услыш* слуш* | чу* почу* слух*
say* said tell* told speak* spoke* talk* mention* | sag* gesagt sprech* spricht sprach* gesprochen rede* erwähn* erzähl* äußer* | di* dit* parl* mentionn* racont* évoq* | dic* dij* dec* habl* mencion* cont* | mów* powiedz* rozmawi* wspomn* wspomin* opowi* | говор* сказ* сообщ* упомин* упомян* рассказ* | говор* сказ* каж* повідом* згад* розпов* розмовл*
answer* respon* repl* react* | antwort* beantwort* reag* reak* | répon* répl* réag* réac* | respond* respuest* contest* reac* | odpowi* reag* reak* | ответ* отвеч* реаг* реак* отклик* | відпов* реаг* реак* відгук*
comment* | komment* | comment* | coment* | koment* | коммент* | комент*
think* thought believ* consider* opinion* | denk* dacht* gedacht glaub* mein* überzeug* überleg* halt* hält | pens* croi* croy* crois* estim* consid* opinion* | piens* pens* cre* consider* opin* | myśl* pomyśl* sądz* wierz* uważ* zdani* zastan* | дума* подума* счита* полага* вер* верит* мнен* задум* | дума* подума* вважа* вір* гада* думк* замисл*
agree* consent* | zustimm* einverstand* einig* einwillig* stimm* | accord* accept* consent* conven* | acuerdo* acept* consent* conform* | zgodz* zgadza* zgod* porozum* | соглас* соглаш* договор* | погод* згод* згід* домов*
accept* acknowledg* recogni* admit* | akzept* annehm* nimmt nahm* angenommen hinnehm* anerk* zugeb* zugegeben | accept* reconn* admet* admis* | acept* reconoc* admit* | akcept* zaakcept* przyj* uzna* przyzna* | прин* призн* согла* смир* | прийм* прийн* визна* змир* сприйм*
allow* permit* let lets | erlaub* lass* lässt ließ* gestatt* zulass* darf dürf* durft* | perm* laiss* autoris* | permit* dej* autoriz* | pozwol* pozwal* zezwol* wolno dopu* | позвол* разреш* дава* дал* допус* пуст* | дозвол* дава* дал* допус* пус*
give* gave gives grant* offer* provid* suppl* | geb* gib* gab* gegeben biet* gewähr* liefer* | donn* offr* fourn* accord* | da dan dar dio dad* dier* ofrec* proporcion* | da dać dał* dają daje* ofer* zapewn* udziel* dostarcz* poda* | да* дат* предостав* предлаг* обеспеч* | да* дат* нада* пропон* забезпеч*
get* got receiv* obtain* | bekomm* bekam* erhalt* erhält* erhielt* krieg* | reç* recev* recu* obten* obtien* | recib* obten* obtuv* consig* | otrzym* dosta* uzysk* | получ* достава* достал* | отрим* дістав* дістал* одерж*
take* took taken taking | nehm* nimm* nahm* genommen ergreif* | pren* pris* prit | tom* cog* | bra* brał* bier* wzi* weź* zabr* | бра* бер* взя* возьм* прин* | бра* бер* взя* візьм* вжи* прийм*
bring* brought carr* deliver* | bring* brach* gebracht trag* träg* | apport* amen* port* | tra* traj* llev* | przyn* nie* przywi* wnos* | прин* прив* достав* нес* | прин* прив* достав* нес*
come* came coming arriv* reach* | komm* kam* gekommen ankunft eintreff* erreich* | vien* ven* arriv* attein* | vien* ven* vin* lleg* alcanz* | przyb* przyj* przyszł* przychodz* dotar* nadejś* nadesz* dociera* osiąg* | при* дойд* дост* прих* приш* прибы* | при* дій* дійд* досяг* прий* прибу*
go goes went gone enter* leave* left leaving depart* exit* quit | geh* ging* gegangen verlass* verließ* weg* | va vont all* ir* part* quitt* sor* | va van ir fue* sal* marc* dej* abandon* | id* iść szed* szł* odej* odchodz* opuś* opuszcz* wyj* wyszed* wejś* wchodz* | ид* шел шл* уй* уход* уш* поки* вы* вход* войти | йд* йти ішо* іти піт* піш* піде* вихо* вий* залиш* вхо* увій* виї*
return* back | zurück* wiederkehr* rückkehr* | retour* revien* reven* rentr* | volv* vuelv* regres* | wró* wraca* wróc* powrót* powrac* | верн* возвра* обратно назад | поверн* поверта* назад
stay* remain* keep* kept still | bleib* blieb* geblieben behalt* behielt* | rest* demeur* gard* | qued* perman* sigu* mant* | zosta* pozosta* trzym* utrzym* | оста* сохран* держ* | зали* збер* трим* лиш*
live* living alive survive* | leb* wohn* überleb* lebendig* | viv* vécu* vie surviv* | viv* vid* sobreviv* | ży* żył* mieszk* przeży* | жив* жил* выж* прожив* | жи* жив* виж* прожив* мешка*
work* job* function* employ* | arbeit* funktion* beschäftig* | travail* fonction* march* emplo* | trabaj* funcion* emple* | prac* dział* funkcj* zatrudn* | работ* действ* труд* функц* | прац* робот* дія* ді* функц*
play* game* | spiel* gespielt | jou* jeu* match* | jug* jueg* partid* | gra* grać gr* zagra* | игр* сыгр* | гра* грат* зігра*
win* won victor* | gewinn* gewann* gewonnen sieg* | gagn* victoir* rempor* | gan* victori* | wygr* zwycię* | выигр* побед* | вигра* перемо* перемаг*
lose* lost losing defeat* | verlier* verlor* niederlage* verlust* | perd* défait* | perd* pierd* derrot* | strac* straci* przegr* porażk* poraż* | потер* теря* проигр* пораж* | втра* програ* пораз*
find* found discover* | find* fand* gefunden entdeck* fund* | trouv* découv* | encontr* encuentr* hall* descubr* | znal* znajd* odkry* odnal* odnaj* | наш* най* нах* обнаруж* откры* | знай* знах* виявл* вияви*
buy* bought purchas* | kauf* gekauft | ach* | compr* | kup* | куп* поку* | куп* прид*
sell* sold sale* | verkauf* | vend* vent* | vend* vent* | sprzed* | прод* | прода* продаж*
pay* paid | zahl* bezahl* | pay* paie* | pag* | płac* zapłac* płat* | плат* оплат* выплат* | плат* сплат* оплат*
use* using | nutz* benutz* verwend* gebrauch* einsetz* | utilis* us* emplo* | us* utiliz* emple* | używ* użyt* używ* uży* korzyst* wykorzyst* stosow* | использ* примен* польз* | викорис* застос* корист*
done doing make* made making create* perform* | mach* gemacht tun tut tat getan schaff* geschaff* erstell* | fai* fass* fer* cré* effect* | hac* hic* hag* hizo hech* cre* realiz* | robi* zrob* czyn* uczyn* tworz* stworz* dokon* wykon* | дела* сдела* созда* соверш* выполн* | роби* зроби* створ* викон* здійсн* вчин* зробл*
happen* occur* | gescheh* gescheh* passier* ereign* vorkomm* | arriv* produi* pass* survien* cas | suced* ocurr* pas* | zdarz* wydarz* stać stał* staje sta* doszł* dzieje | случ* произош* происх* произой* | стало* стан* трап* сталос* відбу*
change* changing alter* | änder* veränder* geänder* wechsel* | chang* modif* | cambi* modific* | zmien* zmian* | измен* меня* поменя* перемен* | змін* міня* поміня*
begin* began start* launch* | beginn* begann* begonnen anfang* start* | commenc* début* démarr* lanc* | empez* empiez* comenz* inici* | zacz* rozpocz* zaczyn* rozpoczyn* | нача* начин* запус* | поча* почи* розпоч* запус*
stop* end ended ending ends cease* finish* complet* | stopp* beend* ende* hör* aufhör* fertig* abgeschloss* schluss | arrêt* termin* fin* cess* achev* | par* termin* fin* acab* ces* dej* | przesta* skończ* zakończ* koniec końc* zatrzym* | перест* заверш* законч* конец конч* останов* прекра* | перест* заверш* закінч* кінец* кінц* зупин* припин*
continue* further* | weiter* fortsetz* fortgesetz* fortfahr* dauer* | continu* poursui* | continu* sigu* segu* | kontynu* dalej nadal trwa* | продолж* дальше | продовж* далі трива*
help* aid* assist* support* | helf* hilf* half* geholfen unterstütz* | aid* souten* soutien* sout* | ayud* apoy* asist* | pom* wspar* wspier* | помо* поддерж* | допомо* допома* підтрим*
hope* hoping | hoff* | esp* espoir* | esper* | nadziej* liczy* | наде* надежд* | сподів* надія* наді*
expect* anticipat* await* wait* | erwart* wart* | attend* atten* prév* | esper* | oczek* spodziew* czeka* | ожид* жд* ждат* рассчит* | очік* чека* спод* розрах*
fear* afraid worr* concern* | fürcht* angst ängst* befürcht* sorg* | crain* peur inquiét* | tem* mied* preocup* | ba* boi* obaw* strach* martw* | бо* боят* страх* опас* беспоко* | бо* боят* страх* побою* занепок* хвил*
love* like* enjoy* | lieb* mag mögen moch* gefall* gefäll* | aim* ador* plai* plu* | gust* am* encant* quer* | lubi* koch* podoba* miło* | люб* нрав* | люб* подоба* коха*
feel* felt sense* | fühl* gefühl* spür* | sen* ressent* | sent* sient* | czu* poczu* odczu* | чувст* почувст* ощу* | відчу* почува* почут*
regret* sorry | bedauer* bereu* leid | regret* désol* | lament* arrepent* arrepient* | żał* | жале* сожале* раска* | шкод* жал* каят*
remember* | erinner* | souven* souvien* rappel* | record* recuerd* acord* acuerd* | pamięt* | помн* вспомн* вспомин* | пам'ят* згад* пригад*
forget* forgot* | vergess* vergiss* vergaß* | oubli* | olvid* | zapom* | забы* забуд* | забу*
show* display* demonstr* | zeig* gezeigt | montr* | mostr* muestr* demost* | pokaz* wykaz* | показ* покаж* | показ* показу*
prove* proof* evidence confirm* verif* | beweis* bewies* bestätig* nachweis* beleg* | prouv* preuv* confirm* | prueb* prob* confirm* demost* | dowod* dowo* udowod* potwierdz* | доказ* подтверд* докаж* | доказ* доведе* довес* підтверд* доводи*
reveal* disclos* publish* releas* public* | veröffentlich* bekannt* enthüll* preisgeb* freigab* öffentlich* | révél* publi* divulg* | revel* public* divulg* | ujawni* publik* opublik* publiczn* wyda* | раскры* опублик* обнарод* публич* разглаш* | розкри* оприлюд* опублік* публіч* розголош*
report* inform* | bericht* meld* inform* | rapport* signal* inform* | inform* report* | zgłos* zgłasz* raport* poinform* inform* donos* | сообщ* доклад* информ* | повідом* доповід* інформ*
call* name* | nenn* nannte* genannt namen* name ruf* | appel* nom* | llam* nombr* | nazw* nazyw* imi* wezwa* | назв* назыв* имя имен* звон* | назв* назива* ім'я імен* дзвон*
ask* question* request* | frag* bitt* bat* gebeten anfrag* | demand* question* | pregunt* pid* ped* pregunt* cuesti* | pyta* pytan* zapyt* pros* popros* | спрос* спраш* вопрос* прос* | запит* питан* пита* прос* попрос*
decide* decision* determin* | entscheid* entschied* beschl* | décid* décis* | decid* decis* | decyd* zdecyd* decyz* postanow* | реш* | виріш* ріше*
vote* elect* ballot* | wähl* gewählt wahl* stimm* abstimm* | vot* élu* élect* | vot* eleg* elec* | głos* wyb* | голос* выб* избир* избра* | голос* виб* обра* обир*
sign* signature* | unterzeich* unterschrieb* unterschreib* | sign* | firm* | podpis* | подпис* | підпис*
follow* obey* comply | folg* befolg* halt* einhalt* | suiv* respect* | sigu* segu* cumpl* | przestrzeg* śledz* podąż* | след* соблюд* | дотрим* слід*
attack* | angriff* angreif* attack* | attaqu* | atac* ataq* | atak* zaatak* | напад* атак* напа* | напад* атак* нап*
kill* murder* | töt* ermord* getötet umgebracht | tu* tué* assassin* meurt* | mat* asesin* | zabi* zabój* mord* | уби* | вби* уби*
die* dead death* died | sterb* starb* gestorben tot* tod* | mour* mort* meur* décéd* | mor* muer* mur* fallec* | umar* umier* zmar* śmier* zgin* gin* | умер* умир* погиб* смерт* мертв* | помер* поми* загин* смерт* мертв*
injur* hurt* harm* wound* damage* suffer* | verletz* verwund* schad* geschädigt beschädig* leid* litt* | bless* nui* souffr* dommag* endommag* mal | her* dañ* lesion* lastim* sufr* | ran* zran* szkod* uszkodz* cierp* ucierp* skrzywdz* obraż* doznał* | ран* постра* вред* страд* поврежд* травм* | поран* постражд* шкод* пошкод* стражд* травм* завда*
save* rescu* | rett* gerettet | sauv* secour* | salv* rescat* | rat* uratow* ocal* | спас* | врят* рят*
protect* defend* | schütz* geschützt verteidig* | protég* protect* défen* | prote* defen* defien* | chron* ochron* obron* bron* | защи* охран* | захи* охорон* оборон*
arrest* detain* | verhaft* festgenomm* festnahm* inhaft* | arrêt* déten* interpel* | deten* detuv* arrest* | areszt* zatrzym* | арест* задерж* | арешт* заареш* затрим*
charge* accus* | angeklagt anklag* vorgeworf* vorwurf* beschuldig* | accus* inculp* | acus* imput* | oskarż* zarzu* postaw* | обвин* | звинувач* обвинувач*
guilt* blame* fault* | schuld* | coupabl* culp* faute | culp* | win* winn* | вин* | вин* провин*
responsib* | verantwort* zuständig* | responsab* | responsab* | odpowiedzial* | ответствен* отвеч* | відповідальн*
possib* | möglich* | possib* | posib* | możliw* | возмож* | можлив*
enough sufficien* | genug genüg* ausreich* reich* | assez suffi* | suficient* bast* | wystarcz* dość dosta* | хват* достат* | вистач* достат* досить
clear* obvious* | klar* deutlich* geklärt | clair* éviden* | clar* evident* | jasn* wyraźn* oczywist* | ясн* понят* очевид* | ясн* зрозум* очевид*
sure certain* confident* | sicher* gewiss* | sûr* certain* | segur* ciert* | pewn* | увер* | впевн* певн* упевн*
easy easily simpl* | leicht* einfach* | facil* simpl* aisé* | fácil* facil* sencill* simpl* | łatw* prost* | легк* прост* | легк* прост*
good well better best nice | gut* besser* best* wohl | bon* bien meilleur* mieux | buen* bien mejor* | dobr* dobrz* lepsz* lepiej najleps* | хорош* лучш* добр* благ* | добр* кращ* найкращ* гарн*
bad* worse worst poor* | schlecht* schlimm* schlechter* | mauvais* mal pire* | mal* peor* | zły* źl* gorsz* gorzej | плох* худш* хуж* | поган* гірш*
big large great* huge major | groß* riesig* größ* | grand* gros* énorm* majeur* | gran* enorm* mayor* | duż* wielk* większ* ogromn* | больш* крупн* велик* | велик* більш*
new* | neu* | nouve* neuf* | nuev* noved* | now* | нов* | нов*
many much lot lots | viel* | beaucoup nombreu* | much* | wiel* dużo liczn* | мног* | багат* числ*
always ever | immer stets | toujours | siempre | zawsze | всегда | завжди
way* road* | weg* art weise | voie* moyen* façon* manièr* chemin* | maner* mod* forma camin* vía | sposób sposob* drog* | путь пути способ* дорог* | шлях* спосіб способ* дорог*
time* | zeit* mal | temps fois moment* | tiempo* vez vece* moment* | czas* raz* moment* | врем* раз* момент* | час* раз* момент*
year* month* day* week* | jahr* monat* tag* woche* | an ans anné* mois jour* semaine* | año* mes* día* seman* | rok* lat* miesi* dni dzień tydz* tygod* | год* лет месяц* день дни дня дней недел* | рік рок* місяц* день дні дня днів тиж*
reason* cause* why | grund* gründ* ursach* warum | raison* cause* pourquoi | razón razon* caus* motiv* | pow* przyczyn* dlaczego | причин* почему повод* | причин* чому привід привод*
problem* issue* troubl* matter* | problem* schwierig* frage* | problèm* question* souci* | problem* asunto* cuesti* | problem* kwesti* kłopot* | проблем* вопрос* | проблем* питан*
choice* option* altern* | wahl* altern* option* möglichkeit* | choix option* altern* | opcion* opción elec* altern* | wyb* opcj* altern* | выбор* вариант* альтерн* | вибір вибор* варіант* альтерн*
chance* opportun* | chance* gelegenheit* | chance* occasion* opportun* | oportun* posibil* | szans* okazj* | шанс* возможн* | шанс* можлив* нагод*
right* entitl* | recht* berechtig* | droit* raison | derech* raz* | praw* racj* | прав* | прав*
place* seat* room* | platz plätz* ort* raum | plac* lieu* endroit* | lugar* plaz* siti* espaci* | miejsc* | мест* | місц*
money cash fund* | geld* mittel* finanz* | argent* fonds | diner* fond* | pieni* środk* fundusz* | ден* средств* | грош* кошт*
people person* anyone anybody man men woman women | mensch* leut* person* mann* männ* frau* jemand* | gens personn* homme* femme* quelqu* | person* gent* hombre* mujer* alguien | ludz* osob* osób* człow* mężczyzn* kobiet* ktoś | люд* человек* мужчин* женщин* кто-то | люд* осіб* особ* чоловік* жін* хтось
child* kid* | kind* | enfant* | niñ* hij* | dzieci* dziecko* | дет* ребен* ребён* | діт* дит*
home* house* | haus* häus* heim* zuhause | maison* chez domicile* | cas* hogar* | dom* | дом* | дім дом* будин*
plan* project* program* | plan* plän* projekt* programm* vorhaben | plan* projet* programm* | plan* proyect* program* | plan* projekt* program* | план* проект* програм* | план* проект* проєкт* програм*
idea* notion* | idee* ahnung* | idée* | idea* | pomysł* pojęci* | иде* представлен* поняти* | іде* уявлен* поняття
interest* | interess* | intér* | interes* | interes* zainteres* | интерес* | цікав* інтерес*
trust* confiden* | vertrau* | confian* fi* | confi* | ufa* zauf* | довер* | довір*
sense meaning* mean* | sinn* bedeut* | sens signif* veut | sentid* signific* | sens* znacz* | смысл* знач* | сенс* знач* зміст*
effect* influence* impact* affect* | wirk* einfluss* einflüss* auswirk* betreff* betroff* beeinfluss* | effet* influ* impact* affect* | efect* influ* impact* afect* | wpływ* efekt* skut* oddział* | влия* эффект* действ* затрон* | вплив* ефект* дія* вплин*
force* power* | kraft* macht* gewalt* | forc* pouvoir* puiss* | fuerz* poder* | sił* moc* władz* | сил* власт* мощ* | сил* влад*
war* peace* weapon* | krieg* fried* waff* | guerr* paix arm* | guerr* paz arm* | wojn* pokój pokoj* broń broni* | войн* мир* оруж* | війн* мир* збро*
law* legal* rule* | gesetz* recht* regel* legal* | loi* légal* règl* | ley* legal* regl* norm* | praw* ustaw* legal* zasad* | закон* прав* легал* | закон* прав* легал*
true truth real* fact* | wahr* tatsach* wirklich* echt* | vrai* vérit* réel* fait* | verdad* real* ciert* hech* | prawd* rzeczyw* fakt* | правд* истин* реал* факт* действит* | правд* істин* реал* факт* справж*
ready prepar* | bereit* vorbereit* | prêt* prépar* | list* prepar* dispuest* | gotow* przygot* | готов* | готов*
safe* secur* danger* | sicher* gefahr* gefähr* | sûr* sécur* dang* | segur* pelig* | bezpiecz* niebezp* | безопас* опас* | безпе* небезпе*
important* serious* matter* | wichtig* bedeut* ernst* | import* grave* sérieu* | import* grav* seri* | ważn* istotn* poważn* | важн* сер* | важлив* серйоз*
alone only just | allein* nur | seul* seulement | sol* únic* | sam* tylko | одн* тольк* лишь | сам* тільки лише
easy difficult* hard | schwer* schwierig* | difficil* dur* | difícil* dur* | trudn* ciężk* | трудн* тяжел* сложн* | важк* складн*
happy glad satisf* pleas* | glücklich* froh* zufried* | heureu* content* satisf* | feliz* content* satisf* | szczęśl* zadowol* | счаст* довол* рад* | щасл* задовол* рад*
same similar* differ* | gleich* ähnlich* unterschied* | même* pareil* sembl* différ* | mism* igual* parecid* difer* | sam* podobn* różn* | так* же похож* одинаков* разн* | так* сам* схож* однак* різн*
name* identif* | identif* name* | identifi* nom* | identific* nombr* | zidentyf* nazwis* | опозн* имен* имя личност* | ідентиф* імен* ім'я впізн* особ*
meet* met attend* join* particip* present* | treff* traf* getroff* teilnehm* nahm* teil anwesen* | rencontr* assist* particip* prés* | reun* encontr* asist* particip* | spotk* uczestn* udział* obecn* dołącz* | встре* участ* присут* | зустрі* участ* прису* приєдн*
speak english language* | sprache* spricht | langue* parl* | idiom* lengua* habl* | język* mów* | язык* говор* | мов* розмов*
move* moving run* running driv* drove* | beweg* lauf* lief* fahr* fuhr* fähr* | boug* cour* condui* déplac* | mov* muev* corr* conduc* | rusz* porusz* biega* bieg* jecha* jeźdz* | двиг* движ* бег* бежа* езд* еха* | рух* біг* біжа* їзд* їха*
try tries tried attempt* | versuch* | essa* tent* | intent* trat* | prób* stara* | пыта* попыт* стара* | намага* спроб* стара*
touch* catch* caught hold* held | berühr* fass* fang* gefang* halt* hielt* | touch* attrap* ten* tien* | toc* atrap* sosten* | dotyk* dotkn* łap* złap* trzym* | касат* трог* лов* пойма* держ* | торк* лов* спійма* трим*
send* sent | schick* send* sand* gesandt | envoy* | envi* mand* | wysł* wysył* | посла* отправ* присла* посыл* | надісл* посла* відправ* надсил*
write* wrote written read* | schreib* schrieb* les* gelesen las | écri* lire lu lis* | escrib* escrit* le* | pis* napis* czyt* przeczyt* | пис* напис* чита* прочит* | пис* напис* чита* прочит*
talk* negotiat* discuss* | verhand* gespräch* diskut* bespr* | négoci* discut* débat* | negoci* discut* convers* | negocj* dyskut* omaw* rozm* | перегов* обсужд* обсуд* | перегов* обговор*
wear* eat* ate drink* sleep* | trag* ess* aß* gegess* trink* schlaf* | port* mang* boi* dorm* | llev* com* beb* dorm* | nosi* jeść je* jedz* pić pij* spać śpi* | нос* ест* ел* пит* пьет спать спал* | нос* їсти їв їл* пит* п'є спати спа*
build* built | bau* gebaut errich* | constru* bâti* | constru* | budow* zbud* | стро* постро* | буду* збуд* побуд*
increase* rise* rose grow* grew | steig* stieg* gestieg* wachs* wuchs* zunehm* erhöh* | augment* cro* hauss* | aument* crec* sub* | wzros* rosn* zwięks* | рос* раст* вырос* увелич* повыс* | зрос* рос* збільш* підвищ*
fall* fell drop* declin* reduce* decreas* | fall* fiel* gefall* sink* sank* senk* verring* | baiss* tomb* diminu* réduc* rédui* chut* | baj* ca* reduc* dismin* | spad* obniż* zmniejsz* ogranicz* | пад* упа* сниж* уменьш* сокра* | пад* впа* зниж* зменш* скоро*
belong* own* | gehör* besitz* | apparten* poss* | pertenec* pose* | należ* posiad* | принадлеж* влад* | належ* волод*
include* contain* | enthalt* enthält einschl* gehör* umfass* | inclu* compren* contien* | inclu* contien* | obejm* zawier* wśród | включ* вход* содерж* | включ* вход* місти*
concern* relat* about regard* | betreff* betriff* geht ging | concern* agi* | trat* refier* respecto | dotycz* chodzi* | каса* дело речь относ* | стосу* справ* мова йдеться
target* aim* goal* score* | ziel* tor tore* | cibl* but* objectif* | objetiv* meta gol* | cel* bram* gol* | цел* гол* забив* забит* | ціл* мет* гол* забива* заби*
believ* credib* | glaubwürd* glaub* | crédib* croi* | creíbl* cre* | wiarygod* wierz* | вер* правдоп* | вір* правдоп*
mistak* error* wrong* | fehler* falsch* irr* | erreur* tort* faute* | error* equivoc* | błąd błęd* pomył* | ошиб* неправ* | помил* неправ*
warn* threat* | warn* droh* bedroh* | avert* menac* | advert* amenaz* | ostrzeg* groz* groż* zagro* | предупре* угро* | поперед* погро* загро*
surpris* | überrasch* verwunder* | surpren* surpri* étonn* | sorpre* | dziw* zaskoc* | удив* неожид* | див* здив*
`

// senseLanguages is the order of languages in senses.
var senseLanguages = []lang.Tag{"en", "de", "fr", "es", "pl", "ru", "uk"}

// sensesOf returns, by language, which lines of senses a word or its beginning stands in.
var sensesOf = sync.OnceValue(func() map[lang.Tag]*senseList {
	out := map[lang.Tag]*senseList{}
	for _, l := range senseLanguages {
		out[l] = &senseList{words: map[string][]int{}, stems: map[string][]int{}}
	}
	row := 0
	for line := range strings.Lines(senses) {
		cells := strings.Split(strings.TrimSpace(line), "|")
		if len(cells) != len(senseLanguages) {
			continue
		}
		for i, cell := range cells {
			out[senseLanguages[i]].add(cell, row)
		}
		row++
	}
	return out
})

type senseList struct {
	words, stems map[string][]int
	longest      int
}

func (s *senseList) add(cell string, row int) {
	for w := range strings.FieldsSeq(cell) {
		if stem, ok := strings.CutSuffix(w, "*"); ok {
			s.stems[stem] = append(s.stems[stem], row)
			s.longest = max(s.longest, len(stem))
			continue
		}
		s.words[w] = append(s.words[w], row)
	}
}

// of returns the senses of a word, or nil.
func (s *senseList) of(w string) []int {
	if s == nil {
		return nil
	}
	out := s.words[w]
	for n := min(len(w), s.longest); n > 1; n-- {
		if rows := s.stems[w[:n]]; rows != nil {
			out = append(out[:len(out):len(out)], rows...)
			break // the longest beginning is the word
		}
	}
	return out
}
