/** Countries as theLook writes them, with their 128ths of all people, and cities: name, state, postal code (# = digit), latitude, longitude, weight. */
export interface Country {
  name: string
  share: number
  cities: readonly City[]
}
export interface City {
  name: string
  state: string
  postal: string
  latitude: number
  longitude: number
  weight: number
}

function country(name: string, share: number, table: string): Country {
  const cities = table.split("\n").flatMap((line): City[] => {
    const [city, state, postal, latitude, longitude, weight] = line.trim().split("|")
    if (!city || !state || !postal) return []
    return [
      {
        name: city,
        state,
        postal,
        latitude: Number(latitude),
        longitude: Number(longitude),
        weight: Number(weight),
      },
    ]
  })
  return { name, share, cities }
}

/** A city called `null` is theLook's own quirk: the text, not a missing value. */
export const COUNTRIES: readonly Country[] = [
  country(
    "China",
    43,
    `Shanghai|Shanghai|20####|31.23|121.47|9
     Beijing|Beijing|10####|39.9|116.4|9
     Guangzhou|Guangdong|51####|23.13|113.26|6
     Shenzhen|Guangdong|518###|22.54|114.06|6
     Chengdu|Sichuan|61####|30.57|104.07|5
     Wuhan|Hubei|43####|30.59|114.31|4
     Hangzhou|Zhejiang|31####|30.27|120.16|4
     Xi'an|Shaanxi|71####|34.34|108.94|3
     Nanjing|Jiangsu|21####|32.06|118.8|3
     Qingdao|Shandong|266###|36.07|120.38|2
     Harbin|Heilongjiang|15####|45.8|126.53|2
     Kunming|Yunnan|65####|25.04|102.72|2
     null|Sichuan|62####|31.2|102.9|1`,
  ),
  country(
    "United States",
    28,
    `New York|New York|10###|40.71|-74.01|8
     Los Angeles|California|900##|34.05|-118.24|6
     Chicago|Illinois|606##|41.88|-87.63|5
     Houston|Texas|770##|29.76|-95.37|4
     Phoenix|Arizona|850##|33.45|-112.07|3
     Philadelphia|Pennsylvania|191##|39.95|-75.17|3
     San Antonio|Texas|782##|29.42|-98.49|3
     San Diego|California|921##|32.72|-117.16|3
     Seattle|Washington|981##|47.61|-122.33|3
     Denver|Colorado|802##|39.74|-104.99|2
     Nashville|Tennessee|372##|36.16|-86.78|2
     Portland|Oregon|972##|45.52|-122.68|2
     Tallahassee|Florida|323##|30.44|-84.28|1
     Burlington|Vermont|054##|44.48|-73.21|1
     Boise|Idaho|837##|43.62|-116.2|1`,
  ),
  country(
    "Brasil",
    18,
    `São Paulo|São Paulo|0####-###|-23.55|-46.63|8
     Rio de Janeiro|Rio de Janeiro|2####-###|-22.91|-43.17|5
     Salvador|Bahia|40###-###|-12.97|-38.5|3
     Brasília|Distrito Federal|70###-###|-15.79|-47.88|3
     Fortaleza|Ceará|60###-###|-3.72|-38.54|2
     Belo Horizonte|Minas Gerais|30###-###|-19.92|-43.94|3
     Curitiba|Paraná|80###-###|-25.43|-49.27|2
     Manaus|Amazonas|69###-###|-3.12|-60.02|1
     Belém|Pará|66###-###|-1.46|-48.5|1
     Goiânia|Goiás|74###-###|-16.69|-49.26|1
     Florianópolis|Santa Catarina|88###-###|-27.6|-48.55|1
     null|Acre|699##-000|-8.85|-70.3|1`,
  ),
  country(
    "South Korea",
    7,
    `Seoul|Seoul|0####|37.57|126.98|6
     Busan|Busan|4####|35.18|129.08|3
     Incheon|Incheon|2####|37.46|126.71|2
     Daegu|Daegu|4####|35.87|128.6|2
     Suwon|Gyeonggi-do|16###|37.26|127.03|2`,
  ),
  country(
    "France",
    6,
    `Paris|Île-de-France|750##|48.86|2.35|6
     Marseille|Provence-Alpes-Côte d'Azur|130##|43.3|5.37|3
     Lyon|Auvergne-Rhône-Alpes|690##|45.76|4.84|3
     Nantes|Pays de la Loire|44###|47.22|-1.55|2
     Saint-Étienne|Auvergne-Rhône-Alpes|42###|45.44|4.39|1
     Besançon|Bourgogne-Franche-Comté|25###|47.24|6.02|1`,
  ),
  country(
    "United Kingdom",
    6,
    `London|England|SW# #AB|51.51|-0.13|7
     Manchester|England|M# #QE|53.48|-2.24|3
     Glasgow|Scotland|G# #LH|55.86|-4.25|2
     Cardiff|Wales|CF# #NP|51.48|-3.18|1
     Belfast|Northern Ireland|BT# #GS|54.6|-5.93|1`,
  ),
  country(
    "Germany",
    5,
    `Berlin|Berlin|10###|52.52|13.41|4
     Hamburg|Hamburg|20###|53.55|9.99|3
     München|Bayern|80###|48.14|11.58|3
     Köln|Nordrhein-Westfalen|50###|50.94|6.96|2
     Düsseldorf|Nordrhein-Westfalen|40###|51.23|6.78|1
     Leipzig|Sachsen|04###|51.34|12.37|1`,
  ),
  country(
    "Spain",
    5,
    `Madrid|Comunidad de Madrid|280##|40.42|-3.7|5
     Barcelona|Cataluña|080##|41.39|2.17|4
     Sevilla|Andalucía|410##|37.39|-5.98|2
     A Coruña|Galicia|150##|43.37|-8.4|1
     Málaga|Andalucía|290##|36.72|-4.42|1`,
  ),
  country(
    "Japan",
    4,
    `Tokyo|Tokyo|1##-00##|35.68|139.69|6
     Osaka|Osaka|5##-00##|34.69|135.5|3
     Nagoya|Aichi|4##-00##|35.18|136.91|2
     Sapporo|Hokkaido|06#-08##|43.06|141.35|1
     Fukuoka|Fukuoka|81#-00##|33.59|130.4|1`,
  ),
  country(
    "Australia",
    3,
    `Sydney|New South Wales|20##|-33.87|151.21|4
     Melbourne|Victoria|30##|-37.81|144.96|4
     Perth|Western Australia|60##|-31.95|115.86|1
     Hobart|Tasmania|70##|-42.88|147.33|1`,
  ),
  country(
    "Belgium",
    2,
    `Bruxelles|Région de Bruxelles-Capitale|10##|50.85|4.35|3
     Liège|Wallonie|40##|50.63|5.57|1
     Antwerpen|Vlaanderen|20##|51.22|4.4|2`,
  ),
  country(
    "Poland",
    1,
    `Warszawa|Mazowieckie|00-###|52.23|21.01|3
     Kraków|Małopolskie|30-###|50.06|19.94|2
     Łódź|Łódzkie|90-###|51.76|19.46|1`,
  ),
]

/** Distribution centers: name, latitude, longitude. */
export const CENTERS: readonly (readonly [string, number, number])[] = [
  ["Reno NV", 39.5296, -119.8138],
  ["Columbus OH", 39.9612, -82.9988],
  ["Kansas City MO", 39.0997, -94.5786],
  ["Port of Oakland CA", 37.7955, -122.2792],
  ["Baltimore MD", 39.2904, -76.6122],
  ["Jacksonville FL", 30.3322, -81.6557],
  ["Port of Tacoma/Seattle WA", 47.2529, -122.4443],
  ["Dallas TX", 32.7767, -96.797],
  ["Louisville KY", 38.2527, -85.7585],
  ["Norfolk VA", 36.8508, -76.2859],
]
