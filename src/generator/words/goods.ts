const words = (text: string): readonly string[] => text.split("|")

/** Invented makers: a first and a second part. Spaces, ampersands and `Ærø` keep addresses and encodings honest. */
export const BRAND_STARTS = words(
  "North|Ærø|Sol|Brindle|Harbor|Ember|Quill|Wren|Tamar|Vel|Oster|Marlo|Fjell|Copper|Juni|Larks|Sable|Cinder|Alder|Pico|Rowan|" +
    "Luma|Thistle|Bram|Caspian|Dune|Elko|Fern|Gable|Hollis|Iver|Kesto|Linden|Mossa|Nell|Orla|Penn|Rill|Sorrel|Umber",
)
export const BRAND_ENDS = words(
  "vale| & Oak|wick|stitch| Supply|line|mark| Works|wear|holm| Brothers|ora|well| Atelier|field|ette| Co.|den| Thread|mere|" +
    "loom| & Daughters|ward|ique| Standard|ridge|ly|fold| Mills|une",
)
export const ADJECTIVES = words(
  "Classic|Slim Fit|Relaxed|Vintage|Essential|Lightweight|Quilted|Ribbed|Striped|Seamless|High-Rise|Cropped|Oversized|" +
    "Brushed|Washed|Textured|Pleated|Everyday|Heritage|Stretch|Waffle-Knit|Hand-Finished|Two-Tone|Reversible|Water-Resistant|" +
    "Featherlight|Double-Faced|Garden Print|Colorblock|Raglan|Longline|Tailored|Garment-Dyed|Weekend|Plaid|Polka Dot",
)
export const MATERIALS = words(
  "Cotton|Merino|Linen|Denim|Fleece|Jersey|Modal|Bamboo|Flannel|Corduroy|Satin|Twill|Cashmere Blend|Microfiber|Canvas|" +
    "Poplin|Tweed|Velour|Chambray|Piqué|Crêpe|Alpaca|Ripstop|Lace",
)
export const COLORS = words(
  "Navy|Charcoal|Ivory|Rust|Forest|Plum|Slate|Sand|Coral|Ink|Moss|Rosé|Black|White|Teal|Ochre|Mauve|Denim Blue|Crème|Ash",
)
/** Endings that bring commas, quotes, brackets and slashes into names. */
export const ENDINGS = words(
  ', Pack of 3|, 2 Count| (3-Pack)| 7" Inseam| 32" Length|, "Limited" Edition| w/ Pockets|, Petite| (Tall)| + Gift Box|, Size 10/12| "The Original"',
)
