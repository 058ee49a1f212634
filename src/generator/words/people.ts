const words = (text: string): readonly string[] => text.split("|")

export const WOMEN = words(
  "Ada|Agnes|Aisha|Alba|Alina|Amara|Amelie|Ana|Anouk|Astrid|Aurora|Beatriz|Bianca|Brigitte|Camila|Carmen|Cecilia|Chiara|Chloé|" +
    "Clara|Daniela|Diana|Dorothy|Edith|Elena|Elif|Elise|Ema|Esther|Eva|Fatima|Fiona|Flora|Freya|Gabriela|Gloria|Greta|Hana|" +
    "Hannah|Harriet|Helen|Inès|Ingrid|Irene|Isabel|Ivy|Jade|Jana|Joanna|Josephine|Juliana|June|Karin|Keiko|Kiara|Laila|Lan|" +
    "Larissa|Lea|Lena|Lin|Lucía|Luisa|Maeve|Mai|Mara|Margaret|Marta|Matilda|Mei|Mia|Mina|Miriam|Nadia|Naomi|Nina|Noor|Olga|" +
    "Olivia|Paula|Petra|Priya|Rebecca|Renata|Rosa|Ruth|Sana|Sara|Selma|Simone|Sofia|Soledad|Sunniva|Tamara|Teresa|Thea|Uma|" +
    "Valentina|Vera|Wanda|Xin|Yara|Yasmin|Yuki|Zoë|Zofia",
)
export const MEN = words(
  "Aaron|Adam|Adrian|Ahmed|Alan|Albert|Alvaro|André|Anton|Arthur|Axel|Bastian|Ben|Björn|Bruno|Caio|Carl|Cedric|César|Chen|" +
    "Daichi|Daniel|David|Diego|Dmitri|Edgar|Eduardo|Elias|Emil|Enzo|Erik|Ethan|Felipe|Felix|Finn|Francisco|Fred|Gabriel|" +
    "George|Gustavo|Hans|Haruto|Henrique|Hiro|Hugo|Ian|Ibrahim|Igor|Isaac|Jack|Jan|Javier|Jian|João|Jonas|Jorge|José|Jun|" +
    "Kai|Karl|Kenji|Kofi|Lars|Leo|Levi|Louis|Luca|Lukas|Łukasz|Magnus|Malik|Marc|Marco|Mateo|Matthias|Max|Miguel|Min|" +
    "Mohamed|Nathan|Nico|Niels|Noah|Omar|Oscar|Otto|Pablo|Paul|Pedro|Peter|Rafael|Ravi|Remi|Ricardo|Robert|Ruben|Samuel|" +
    "Sebastian|Søren|Stefan|Tariq|Theo|Thomas|Tiago|Tobias|Vicente|Victor|Wei|William|Xavier|Yusuf|Zoltan",
)
export const LAST_NAMES = words(
  "Abreu|Adler|Almeida|Andersson|Aoki|Araújo|Arnold|Baker|Barbosa|Bauer|Becker|Bell|Bianchi|Blanc|Bonnet|Brandt|Brooks|" +
    "Brown|Cabral|Campos|Cardoso|Carter|Castillo|Chan|Chapman|Chen|Choi|Clarke|Cohen|Cole|Costa|Cruz|Dahl|Dias|Díaz|Dubois|" +
    "Duarte|Duncan|Edwards|Engel|Evans|Faria|Fernández|Ferrari|Fischer|Flores|Fontaine|Ford|Foster|Franke|Fujita|Garnier|" +
    "Gibson|Gomes|González|Graf|Graham|Grant|Gray|Guerra|Haas|Hall|Hansen|Hart|Hayashi|Heinz|Hernández|Hill|Hoffmann|Holm|" +
    "Hughes|Ibáñez|Inoue|Ito|Jansen|Jensen|Jung|Kang|Kato|Kaya|Keller|Kim|King|Klein|Kowalski|Kraus|Lambert|Lang|Lee|Lehmann|" +
    "Lemoine|Li|Lima|Lin|Lopes|Lorenz|Ma|MacLeod|Marchand|Martins|Mason|Mendes|Mercier|Meyer|Mills|Molina|Moreau|Morgan|" +
    "Müller|Murphy|Nakamura|Navarro|Neumann|Nguyen|Novak|Núñez|O'Brien|O'Neill|Okada|Oliveira|Ortega|Otto|Owens|Park|Pedersen|" +
    "Peña|Pereira|Perrin|Peters|Pinto|Porter|Quinn|Ramos|Reyes|Ribeiro|Richter|Rios|Rivera|Robin|Rojas|Romero|Rossi|Roth|" +
    "Rousseau|Roux|Ruiz|Saito|Salazar|Sanders|Sano|Santos|Schäfer|Schmidt|Schulz|Shaw|Silva|Simon|Sousa|Stein|Stone|Suzuki|" +
    "Tanaka|Tavares|Teixeira|Torres|Tran|Ueda|Vargas|Vega|Vidal|Vieira|Vogel|Wagner|Walsh|Wang|Ward|Weber|Weiss|White|Wolf|" +
    "Wood|Wright|Xu|Yamada|Yang|Yilmaz|Young|Zhang|Zhao|Zhou|Zimmermann",
)
export const STREETS = words(
  "Acacia|Alder|Amber|Ash|Beacon|Birch|Bridge|Canal|Cedar|Chapel|Cherry|Church|Clover|Copper|Cypress|Dale|Elm|Falcon|Fern|" +
    "Field|Forest|Garden|Gate|Glen|Grove|Harbor|Hazel|Heather|High|Hill|Holly|Juniper|King|Lake|Lark|Laurel|Linden|Maple|" +
    "Market|Meadow|Mill|Mulberry|North|Oak|Olive|Orchard|Park|Pearl|Pine|Poplar|Quarry|Queen|Ridge|River|Rose|Sage|South|" +
    "Spring|Station|Stone|Summit|Sunset|Sycamore|Thorn|Union|Valley|Vine|Walnut|West|Willow|Wren|Yew",
)
export const STREET_KINDS = words(
  "Street|Avenue|Road|Lane|Drive|Court|Place|Way|Terrace|Square|Crescent|Walk|Close|Boulevard|Mews|Row",
)
