/** The goods: category, department, share of products, typical price, share of delivered orders returned, nouns for names. */
export interface Category {
  department: "Women" | "Men"
  name: string
  share: number
  price: number
  returned: number
  nouns: readonly string[]
}

const category = (
  department: Category["department"],
  name: string,
  share: number,
  price: number,
  returned: number,
  nouns: string,
): Category => ({ department, name, share, price, returned, nouns: nouns.split("|") })

export const CATEGORIES: readonly Category[] = [
  category("Women", "Accessories", 34, 24, 0.14, "Scarf|Beanie|Belt|Headband|Gloves|Sun Hat|Wrist Cuff"),
  category("Women", "Active", 30, 42, 0.26, "Track Jacket|Yoga Top|Running Tight|Sports Bra|Training Tank"),
  category(
    "Women",
    "Blazers & Jackets",
    18,
    92,
    0.34,
    "Blazer|Cropped Jacket|Boyfriend Jacket|Peplum Blazer",
  ),
  category("Women", "Clothing Sets", 3, 72, 0.3, "Two-Piece Set|Twin Set|Lounge Set|Tunic and Trouser Set"),
  category(
    "Women",
    "Dresses",
    32,
    84,
    0.44,
    "Wrap Dress|Shift Dress|Maxi Dress|Sheath Dress|Shirt Dress|Skater Dress",
  ),
  category(
    "Women",
    "Fashion Hoodies & Sweatshirts",
    28,
    54,
    0.24,
    "Hoodie|Sweatshirt|Zip Pullover|Fleece Top",
  ),
  category("Women", "Intimates", 54, 32, 0.12, "Bralette|Slip|Camisole|Brief|Bodysuit|Chemise|Garter Belt"),
  category("Women", "Jeans", 32, 88, 0.4, "Skinny Jean|Bootcut Jean|Straight Jean|Flare Jean|Boyfriend Jean"),
  category("Women", "Jumpsuits & Rompers", 4, 46, 0.42, "Jumpsuit|Romper|Playsuit|Utility Jumpsuit"),
  category("Women", "Leggings", 16, 26, 0.2, "Legging|Capri Legging|Footless Tight|Jegging"),
  category("Women", "Maternity", 28, 50, 0.3, "Maternity Tee|Nursing Tank|Maternity Dress|Belly Band"),
  category(
    "Women",
    "Outerwear & Coats",
    22,
    138,
    0.36,
    "Trench Coat|Parka|Peacoat|Down Coat|Rain Jacket|Cape",
  ),
  category(
    "Women",
    "Pants & Capris",
    20,
    58,
    0.36,
    "Capri|Wide Leg Pant|Cargo Pant|Ankle Trouser|Palazzo Pant",
  ),
  category("Women", "Plus", 24, 42, 0.32, "Plus Size Tunic|Plus Size Top|Plus Size Skirt|Plus Size Cardigan"),
  category("Women", "Shorts", 28, 38, 0.26, "Short|Bermuda Short|Board Short|Denim Short"),
  category("Women", "Skirts", 13, 48, 0.32, "Pencil Skirt|Pleated Skirt|Maxi Skirt|Mini Skirt|A-Line Skirt"),
  category("Women", "Sleep & Lounge", 30, 46, 0.14, "Pajama Set|Nightgown|Robe|Sleep Short|Lounge Pant"),
  category("Women", "Socks & Hosiery", 22, 16, 0.08, "Ankle Sock|Knee High|Tights|Thigh High|Crew Sock"),
  category("Women", "Suits", 6, 118, 0.38, "Pant Suit|Skirt Suit|Three-Piece Suit"),
  category("Women", "Sweaters", 26, 70, 0.28, "Cardigan|Turtleneck|Cable Sweater|Poncho|V-Neck Sweater"),
  category("Women", "Swim", 30, 58, 0.34, "One Piece Swimsuit|Bikini Top|Tankini|Swim Skirt|Cover-Up"),
  category("Women", "Tops & Tees", 30, 42, 0.24, "Tee|Blouse|Tank|Henley|Peasant Top|Tunic"),
  category(
    "Men",
    "Accessories",
    32,
    34,
    0.14,
    "Belt|Tie|Flat Cap|Beanie|Pocket Square|Wallet|Aviator Sunglasses",
  ),
  category("Men", "Active", 30, 48, 0.22, "Running Short|Track Pant|Compression Top|Training Jacket"),
  category(
    "Men",
    "Fashion Hoodies & Sweatshirts",
    38,
    56,
    0.22,
    "Hoodie|Crew Sweatshirt|Half-Zip Pullover|Fleece Vest",
  ),
  category("Men", "Jeans", 44, 96, 0.36, "Slim Jean|Straight Jean|Relaxed Jean|Bootcut Jean|Carpenter Jean"),
  category(
    "Men",
    "Outerwear & Coats",
    32,
    132,
    0.32,
    "Parka|Bomber Jacket|Peacoat|Rain Shell|Field Jacket|Down Vest",
  ),
  category("Men", "Pants", 42, 60, 0.3, "Chino|Cargo Pant|Pleated Trouser|Work Pant|Corduroy Pant"),
  category("Men", "Shorts", 38, 44, 0.22, "Cargo Short|Chino Short|Golf Short|Utility Short"),
  category("Men", "Sleep & Lounge", 38, 46, 0.12, "Lounge Pant|Robe|Pajama Set|Thermal Top|Sleep Short"),
  category("Men", "Socks", 36, 19, 0.06, "Crew Sock|Dress Sock|No-Show Sock|Boot Sock|Ankle Sock"),
  category(
    "Men",
    "Suits & Sport Coats",
    30,
    148,
    0.36,
    "Sport Coat|Two-Button Suit|Tuxedo|Suit Vest|Dinner Jacket",
  ),
  category("Men", "Sweaters", 30, 80, 0.26, "Cardigan|V-Neck Sweater|Crew Sweater|Shawl Collar Sweater"),
  category("Men", "Swim", 34, 44, 0.2, "Swim Trunk|Board Short|Rash Guard|Swim Brief"),
  category("Men", "Tops & Tees", 30, 40, 0.2, "Polo|Tee|Henley|Oxford Shirt|Flannel Shirt|Tank"),
  category("Men", "Underwear", 32, 28, 0.06, "Boxer Brief|Trunk|Undershirt|Brief|Boxer"),
]
