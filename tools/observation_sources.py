"""From the source as the collected files print it to the key of a work in `sources.csv`.

A maintainer's table, used by `build_observations.py`: the first pattern found in the printed
source gives the key. The layer is the one that figures of this source belong to unless the
variant or the series says otherwise (t: a scholar's estimate or a later revision, true layer;
r: a contemporary official figure, reported layer).
"""

from __future__ import annotations

import re

# ruff: noqa: E501 - a pattern is kept on one line
_RULES = r"""
the_documents t|five documents|^00\d_
computed_here t|computed here|^Share computed here|^Division of the two|^Kolkhoz households divided|^Low harvest estimate minus|^as computed on the page|nazar_rus, reconstruction
wheatcroft_davies_1994 t|^Wheatcroft & Davies 1994
davies_wheatcroft_2004 t|Davies & Wheatcroft 2004, The Years|Years of Hunger|^Davies and Wheatcroft; recalled|Davies & Wheatcroft hunger archive
davies_wheatcroft_2006 t|^Davies & Wheatcroft 2006
davies_tauger_wheatcroft_1995 t|^Davies, Tauger
tauger_1991 t|Tauger
wheatcroft_balances t|^Wheatcroft, essay
davies_1980 t|Davies 1980|Davies, The Socialist Offensive|Socialist Offensive|^R. W. Davies, quoted
davies_zaleski t|^R. W. Davies \(1980-1996\) and E. Zaleski|^Zaleski 1980
davies_2001 t|Closing the Bergson gap
davies_1996 t|Crisis and Progress|^Davies 1996|^R. W. Davies 1993
davies_collections r|^Davies; Danilov
tsunkhu_yearbooks r|TsUNKhU yearbooks|MTS vo vtoroi|Kolkhozy vo vtoroi|TsUNKhU certificate|Kolkhoz annual reports|Kolkhoztsentr|Emel'yanov
jasny_1949 t|Jasny
kotkin_2017 t|Kotkin
osokina t|Osokina
karcz_1957 t|Karcz
allen_2003 t|Allen 2003|Farm to Factory|^Khanin 1991|^Nutter 1962 p|^Gregory and Stewart
allen_khaustova_2019 t|Khaustova
ivnitsky t|Ivnitsky
viola_1996 r|Viola, Peasant Rebels
krasilnikov_2007 t|Marginaly|Krasil'nikov|Krasilnikov
zemskov t|Zemskov|same certificate|special settlers department
ogpu_memorandum_1931 r|OGPU Secret Political Department|OGPU report of 15 March 1931|citing Berelovich|OGPU North Caucasus to Moscow
ogpu_kulak_1932 r|(?:OGPU estimate|SPO OGPU).*April 1932|special summary 27|SPO OGPU special
ogpu_settlement_plan_1931 r|15 May 1931|OGPU plan of kulak
mozokhin r|Mozokhin
ogpu_movement_ban r|OGPU transport dep
ogpu_reports r|OGPU|GPU Ukraine
werth t|Werth|nazar_rus|winter 1930 wave
getty_gulag t|GARF mortality|NKVD Special Board
kurashvili_1996 t|Kurashvili
gulag_museum t|Gulag History Museum|vividmaps
politburo_kulak_1930 r|Politburo.*30 January 1930|quoting the resolution
politburo_grain_1930 r|30 May 1930
politburo_meat_1931 r|16 June 1931
politburo_grain_1932 r|6 May 1932|Molotov to Politburo|Secondary account citing RGAE grain|Secondary account citing Soviet plan
politburo_decisions r|Politburo|CC and Sovnarkom|CC CP\(b\)U decision|Sovnarkom decision|Sovnarkom decree|CC decision|CC plenum of December|CC resolution|Resolution of the CC|STO decision|SNK decree|SNK SSSR|decree of 20 Nov|Decree of 27 May|CC and CCC|kraikom|Telegram of the CC|Commission decision|Decision of the procurement|Romanenko
plenum_1931 r|CC plenum.*Oct 1931|Khataevich, Oct|stenogram of the CC plenum
letters_1932 r|to Stalin|Stalin, Kaganovich and Molotov
stalin_1928 r|Stalin, First Results|Stalin, Grain Procurements|On the Grain Front
stalin_1934 r|17th Party Congress|XVII Congress
stalin_1939 r|18th Party Congress
stalin_speeches r|J. Stalin, Works|Stalin, interview
congress_schwarz r|cited by Schwarz
yakovlev_1930 r|Yakovlev 1930
ladejinsky_1934 t|Ladejinsky
suib_1928 r|Soviet Union Information Bureau 1928|Facts, Descriptions, Statistics \(1928|SUIB 1929
suib_1930 r|Reconstruction of Agriculture
larin_1927 r|Larin 1927
trotsky_archive_1927 r|Arkhiv Trotskogo
kamensky_1927 r|Kamensky
grain_prices_1926 r|NED388733
tax_commission_1927 r|Commission of the Council of People
osinsky_1935 r|Osinsky
tsunkhu_livestock_1938 r|livestock census, 8 April
mesyatsev_1934 r|Mes[iy]atsev
narkomfin_reports r|Narkomfin SSSR, report
zverev_1939 r|Zverev
gosplan_control_figures r|Gosplan control|Kontrol'nye tsifry|Gosplan wholesale|TsSU and Gosplan|TsUNKhU / Gosplan|Soviet plan reports|plan reports|^control figures
gosplan_plan_1929 r|Piatiletnii plan|Five-Year Plan of the USSR|five-year plan$|16th Party Conference|control figures
gosplan_results_1933 r|^Gosplan, Itogi|^Itogi vypol
narkomsnab_1930 r|Narkomsnab
filtzer_kuromiya t|Filtzer
tsunkhu_labour_1936 r|Trud v SSSR|labour exchange|Soviet labour statistics
sots_stroitelstvo_1936 r|Sotsialisticheskoe stroitel|Selskoe khoziaistvo ot VI
vital_registration r|UNKhU|registration|registered
prokopovich_1952 t|Prokopovich
tssu_agriculture_1960 t|khozyaistvo SSSR 1960|v 1958 g. / Sel
tssu_industry_1964 t|Promyshlennost
tssu_narkhoz t|Narodnoe kho[zh]\S+stvo|TsSU 1929|Dostizheniia|Strana Sovetov|TsSU USSR wage|after TsSU$|Ia. Chadaev
tssu_construction_1961 t|Kapitalnoe stroitelstvo
tssu_culture_1956 t|Kulturnoe
vneshtorg_1939 r|za 20 let
vneshtorg_1960 t|Vnes[h]?n[iy]+a+ia torgovlia SSSR za 1918|Vneshnyaya torgovlya
bse_1927 r|BSE 1st
bse_third t|BSE 3rd|Bolshaia sovetskaia|Bolshaya sovetskaya
history_socialist_economy t|History of the Socialist Economy
sozdanie_1977 t|Sozdanie fundamenta|Soviet academic history|Soviet history of the first|Soviet economic history|Istoriya KPSS
zavershenie_1978 t|Zavershenie
mishustin_1941 r|Mishustin
ammende_1936 r|Ammende
dohan_1969 t|Dohan
katasonov t|Katasonov
kagarlitsky t|Kagarlitsky
kolganov t|Kolganov
kondratiev_1927 t|Kondratiev
malafeev_1964 t|Malafeev
moshkov_1966 t|Moshkov
danilov t|Danilov
simonov_1996 t|Simonov
plotnikov_davies_1958 t|Plotnikov
arnold_1937 t|Arnold 1937
rigby_1968 t|Rigby
barber_1978 t|Barber
chapman_1963 t|Chapman
bergson_1961 t|Bergson
moorsteen_powell_1966 t|^Moorsteen
maddison t|Maddison
nutter_1962 t|Nutter
kaplan_moorsteen_1960 t|Kaplan
hodgman_1954 t|Hodgman
seton_1957 t|Seton
khanin_1991 t|Khanin
nove t|A\. Nove
cliff_1955 r|Cliff
carr_davies_1969 t|Carr
boffa t|Boffa
lewin_2005 t|Lewin
wollenberg_1935 r|Wollenberg
cheremukhin_2013 t|Cheremukhin
dalrymple_1964 t|Dalrymple
nazarenko_bashkin t|Nazarenko|tema.in.ua
kulchytsky t|Kulchytsky|Kulchitsky
rudnytskyi_2015 t|Rudnytskyi, Levchuk
wolowyna t|Wolowyna|Levchuk
vallin_2002 t|Vallin
naumenko_2021 t|Naumenko
adh_1993 t|Andreev|ADH
zhiromskaya t|Zhiromskaya
isupov_2000 t|Isupov
tsaplin_1989 t|Tsaplin
maksudov t|Maksudov
ellman_2005 t|Ellman
kondrashin_2008 t|Kondrashin
oskolkov_1991 t|Oskolkov|Osokolkov
kazakh_demographers t|Abylkhozhin|Tatimov|Kozybaev|Kazakh textbook|village-soviet
cameron_2018 t|Cameron
ohayon_2013 t|Ohayon
kazakh_nomads t|kochevniki
verkhoturov t|Verkhoturov
vishnevsky_2006 t|Vishnevsky
patterson_1993 t|Patterson
o_grada t|O Grada
famine_physiology t|Keys|Henry, Eur|Bongaarts|hunger-strike|siege rations|rations at the trough
census_1926 t|census of 17 Dec 1926|1926 census|census 1926|^census$|census, comparable|1926 registration
census_1927_sample r|1927 sample
census_1937 t|1937 census|[Cc]ensus 1937|Census of 6 Jan
census_1939 r|1939 census|census 1939|17 Jan 1939|Gosplan announcement|1926 and 1939
archival_review t|RGAE 1562|archival UNKhU
gushchin_1973 t|Gushchin
siberia_histories t|Historical Encyclopedia of Siberia|Ilinykh|Gorny Altai|Kuzbass|Siberia, |developing Siberia|Karasuk
ukraine_local r|Kryvyi Rih|Ukrainian statistics|Ukrainian yearbooks
drought_notes t|drought catalogues
soviet_yearbooks r|Soviet yearbooks|Soviet handbooks|official|Official|handbook|Soviet annual
press_1932 r|Newspaper report|Anonymous letter|Press cutting|Manchester Guardian
granat_encyclopedia r|Granat|Buryat-Mongol
wikipedia t|Wikipedia|wiki
correlates_of_war_trade t|Correlates of War trade
correlates_of_war t|National Material
etemad_luciani_1991 t|Etemad
jacks_2019 t|Jacks
lee_lee_2016 t|Lee and H
cdiac t|CDIAC
clio_infra t|Clio Infra
berkeley_earth t|Berkeley
global_macro t|Global Macro
fenner_1988 t|Fenner
world_inequality t|World Inequality
usda_1930s t|USDA
local_histories t|[Ll]ocal histor|Tambov|GATO|Textbook page|Cossack|Baitasov|Elizarov|Encyclopedia Arctica|Allworth
partisan_books t|Prudnikova|Zagorovsky|Sinitsyn
popular_histories t|popular|Popular|[Ee]ncyclopedi|Kozhinov|Gordon|Hosking|Elleinstein|Belovinsky|Tsypin|Galin|Parfenov|Rogovin|Aleksandrov|Afanas|Orden|Verstyuk|Shubin|Holodomor education|B. Mironov|Avtorkhanov|Ivanov
kurukin t|Kurukin
unnamed_secondary t|.
"""


def _compile(text: str) -> list[tuple[str, str, re.Pattern[str]]]:
    rules = []
    for line in text.strip().splitlines():
        head, pattern = line.split("|", 1)
        key, layer = head.split()
        rules.append((key, "reported" if layer == "r" else "true", re.compile(pattern)))
    return rules


RULES = _compile(_RULES)

REPORTED_VARIANT = re.compile(
    r"official_contemporary|official_biological|official_summer|official_archival|official_customs"
    r"|^official$|ogpu|gpu|^plan|_plan|registered|tsunkhu|unkhu|kolkhoztsentr|narkom|speech|stalin"
    r"|politburo|decree|outcome|control_figures|davies_table17|gulag_certificate|mvd_certificate"
)
TRUE_VARIANT = re.compile(
    r"official_revised|derived_|davies_wheatcroft|jasny|tauger|adh_|corrected|rudnytskyi|wolowyna"
    r"|census_1926|census_1937|zemskov"
)
REPORTED_SERIES = re.compile(
    r"^(collectivized_|kolkhoz_households$|kolkhoz_number$|households_per_kolkhoz$"
    r"|mass_disturbance|peasant_terror|deaths_registered|births_registered|.*_plan($|_)|.*quota"
    r"|.*_target($|_)|ration_norm)"
)


def source_key(printed: str) -> tuple[str, str]:
    """Return the key of a printed source and the layer that its figures usually belong to."""
    return next((key, layer) for key, layer, pattern in RULES if pattern.search(printed))


def layer_of(series: str, variant: str, usual: str) -> str:
    """Return the layer of a figure: what was reported, or what scholars hold to be true."""
    if REPORTED_SERIES.search(series):
        return "reported"
    if TRUE_VARIANT.search(variant):
        return "true"
    if REPORTED_VARIANT.search(variant):
        return "reported"
    return usual
