/**
 * Languages and countries by name or code, since people write names and the service reads codes.
 */

import { country, language } from "./format.js";

const LANGUAGES =
  "af am ar as az be bg bn bs ca cs cy da de el en eo es et eu fa fi fr ga gl gu ha he hi hr hu hy id ig is it ja ka kk km kn ko ku ky la lb lo lt lv mg mk ml mn mr ms mt my ne nl no pa pl ps pt ro ru rw sd si sk sl so sq sr sv sw ta te tg th tk tl tr uk ur uz vi xh yi yo zh zu";
const COUNTRIES =
  "AD AE AF AG AL AM AO AR AT AU AW AZ BA BB BD BE BF BG BH BI BJ BM BN BO BR BS BT BW BY BZ CA CD CF CG CH CI CL CM CN CO CR CU CV CW CY CZ DE DJ DK DM DO DZ EC EE EG ER ES ET FI FJ FM FR GA GB GD GE GH GI GM GN GQ GR GT GW GY HK HN HR HT HU ID IE IL IN IQ IR IS IT JM JO JP KE KG KH KI KM KN KR KW KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MG MH MK ML MM MN MO MR MT MU MV MW MX MY MZ NA NE NG NI NL NO NP NR NZ OM PA PE PG PH PK PL PR PS PT PW PY QA RO RS RU RW SA SB SC SD SE SG SI SK SL SM SN SO SR SS ST SV SY SZ TD TG TH TJ TL TM TN TO TR TT TV TW TZ UA UG US UY UZ VA VC VE VN VU WS XK YE ZA ZM ZW";
const ALSO = { usa: "US", "united states of america": "US", uk: "GB", "great britain": "GB", england: "GB", holland: "NL", "south korea": "KR", tagalog: "tl", mandarin: "zh" };

/** "German, en" gives de and en; throws a sentence about the first that is neither. */
export function languageCodes(text) {
  return codes(text, LANGUAGES, language, /^[a-z]{2}$/, (code) => code.toLowerCase(), "a language");
}

/** "Poland, PT" gives PL and PT. */
export function countryCodes(text) {
  return codes(text, COUNTRIES, country, /^[A-Z]{2}$/, (code) => code.toUpperCase(), "a country");
}

/** The parts between commas, without blanks around them. */
export function parts(text) {
  return text.split(",").map((part) => part.trim()).filter(Boolean);
}

function codes(text, known, name, shape, spelled, noun) {
  const list = known.split(" ");
  const byName = new Map(list.map((code) => [name(code).toLowerCase(), code]));
  const found = parts(text).map((part) => {
    const code = byName.get(part.toLowerCase()) ?? ALSO[part.toLowerCase()] ?? spelled(part);
    if (!shape.test(code)) throw new RangeError(`“${part}” is not known as ${noun}; write its name or its two letters.`);
    return code;
  });
  return [...new Set(found)];
}
