/** Who a freelancer is, in their own words and fields, and what is on record about their work. */

import { h } from "./dom.js";
import { trackSentences } from "./facts.js";
import { ago, country, language, localTime, money, offset } from "./format.js";
import { fluid } from "./plots/figure.js";
import { rating } from "./plots/rating.js";

const UNKNOWN = "not known";

/** The profile; null where nothing but the id is known. */
export function profilePanel(id, profile, now) {
  return h(
    "section",
    { class: "panel stack profile", "aria-labelledby": "profile-title" },
    h("h2", { id: "profile-title" }, profile?.title || id),
    h("p", { class: "muted small" }, profile?.title ? id : profile ? "No headline." : "Nothing is known but the id."),
    profile && facts(profile, now),
    profile?.skills?.length > 0 && h("ul", { class: "skills" }, profile.skills.map((one) => h("li", { class: "tag" }, one))),
    profile?.overview && h("p", { class: "small said" }, profile.overview),
  );
}

/** What is on record: hires and their ends, and the rating to expect with its interval. */
export function trackPanel(record) {
  const knows = record !== null && record.rating_expected !== null && record.rating_low !== null;
  return h(
    "section",
    { class: "panel stack", "aria-labelledby": "track-title" },
    h("h2", { id: "track-title" }, "Track record"),
    record === null && h("p", { class: "muted small" }, "Nothing is on record."),
    knows && fluid((size) => rating(record, size)),
    h("ul", { class: "small bullets" }, trackSentences(record).map((one) => h("li", {}, one))),
  );
}

function facts(profile, now) {
  const { hourly_rate_usd: rate, utc_offset_hours: hours, languages, weekly_hours: weekly } = profile;
  const pairs = [
    ["Asks", rate == null ? UNKNOWN : `${money(rate)} USD/hour`],
    ["Lives in", profile.country ? country(profile.country) : UNKNOWN],
    ["Local time", hours == null ? UNKNOWN : `${localTime(hours)} (${offset(hours)})`],
    ["Languages", languages?.length ? languages.map(language).join(", ") : UNKNOWN],
    ["Hours a week", weekly == null ? UNKNOWN : String(weekly)],
    ["Joined", profile.joined_at ? ago(profile.joined_at, now) : UNKNOWN],
  ];
  return h(
    "dl",
    { class: "pairs" },
    pairs.map(([name, value]) => h("div", {}, h("dt", {}, name), h("dd", { class: value === UNKNOWN ? "muted" : null }, value))),
  );
}
