"""What the simulated market calls its trades and skills.

Each skill has other spellings, skills it silently brings along, and a clue: words that give it away
to a person and hide it from a search for its name. Posts and profiles mix all of these.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

# category -> (name, other spellings, implied skills, clue); `|` separates several.
_SKILLS: dict[str, tuple[tuple[str, str, str, str], ...]] = {
    "Web Development": (
        ("JavaScript", "JS|ECMAScript", "", "logic that runs in the browser"),
        ("TypeScript", "TS", "JavaScript", "a typed front-end codebase"),
        ("React", "React.js|ReactJS", "JavaScript|HTML", "components that redraw when data moves"),
        ("Vue", "Vue.js|VueJS", "JavaScript|HTML", "single-file components and reactive templates"),
        ("HTML", "HTML5", "", "clean semantic markup"),
        ("CSS", "CSS3|stylesheets", "HTML", "a layout that survives small screens"),
        ("Node.js", "NodeJS|Node", "JavaScript", "an event-driven server side"),
        ("PHP", "PHP 8", "", "a classic server-rendered codebase"),
        ("WordPress", "WP", "PHP|CSS", "themes and plugins an editor can live with"),
        ("WooCommerce", "Woo Commerce", "WordPress|PHP", "carts, coupons and shipping zones"),
        ("Django", "Django framework", "Python", "a batteries-included backend with an admin"),
        ("REST API", "RESTful APIs|web services", "", "endpoints that partners will call"),
        ("PostgreSQL", "Postgres|PSQL", "SQL", "relational tables that keep growing"),
        ("Accessibility", "a11y|WCAG", "HTML", "pages that a screen reader can follow"),
    ),
    "Mobile Apps": (
        ("Swift", "Swift 5", "", "native code for the phone with the fruit on it"),
        ("SwiftUI", "Swift UI", "Swift", "declarative screens on tablets and phones"),
        ("iOS", "iPhone apps", "", "getting through app review"),
        ("Kotlin", "Kotlin/JVM", "", "coroutines and null-safe code"),
        ("Android", "Android SDK", "", "hundreds of different handsets"),
        ("Jetpack Compose", "Compose UI", "Kotlin|Android", "composable screens with previews"),
        ("Flutter", "Flutter SDK", "Dart", "one codebase for both stores"),
        ("Dart", "Dart lang", "", "widgets all the way down"),
        ("React Native", "RN", "React|JavaScript", "web skills carried over to phones"),
        ("Firebase", "Firestore", "", "hosted sign-in and a synced store"),
        ("Push notifications", "push messages", "", "messages that wake the phone"),
        ("In-app purchases", "IAP|app subscriptions", "", "paywalls and renewals"),
        ("Bluetooth LE", "BLE", "", "pairing with a small gadget"),
    ),
    "Data & Analytics": (
        ("Python", "Python 3|py", "", "scripts and notebooks"),
        ("SQL", "structured queries", "", "joins across many tables"),
        ("pandas", "Pandas library", "Python", "data frames with a million rows"),
        ("Machine learning", "ML|statistical learning", "Python", "models that learn from history"),
        ("PyTorch", "Torch", "Python|Machine learning", "neural networks on a graphics card"),
        ("scikit-learn", "sklearn", "Python|Machine learning", "a sound baseline and a fair split"),
        ("Forecasting", "time series", "Statistics", "next quarter's numbers with error bars"),
        ("Statistics", "statistical analysis", "", "telling signal from noise"),
        ("Power BI", "PowerBI|DAX", "", "reports that managers click through"),
        ("Tableau", "Tableau dashboards", "", "visual boards for the weekly meeting"),
        ("Web scraping", "data extraction|crawling", "Python", "collecting public pages politely"),
        ("ETL", "data pipelines|ELT", "SQL", "nightly loads that must not fail"),
        ("Natural language processing", "NLP", "Machine learning", "sense out of free text"),
    ),
    "Cloud & DevOps": (
        ("AWS", "Amazon Web Services", "", "a bill from a large cloud"),
        ("Azure", "Microsoft Azure", "", "an enterprise tenant in the cloud"),
        ("Docker", "containers", "Linux", "images that run the same everywhere"),
        ("Kubernetes", "K8s", "Docker|Linux", "workloads that heal themselves"),
        ("Terraform", "infrastructure as code|IaC", "", "environments described in files"),
        ("CI/CD", "continuous delivery", "Git", "a green check before every merge"),
        ("Linux", "GNU/Linux|Ubuntu", "", "life in a shell"),
        ("Git", "version control", "", "branches that end in a clean history"),
        ("Bash", "shell scripting", "Linux", "small scripts that glue things"),
        ("Monitoring", "observability", "", "alarms that ring only when they should"),
        ("Nginx", "reverse proxy", "Linux", "traffic that reaches the right box"),
        ("Network security", "hardening", "", "doors that stay shut at night"),
        ("Go", "Golang", "", "small static binaries"),
    ),
    "Design & Illustration": (
        ("Figma", "Figma prototypes", "", "clickable screens before any code"),
        ("UI design", "interface design", "", "screens that explain themselves"),
        ("UX research", "user research", "", "watching people get lost"),
        ("Illustrator", "vector drawing", "", "shapes that scale to a billboard"),
        ("Photoshop", "photo retouching", "", "pictures without the blemishes"),
        ("Logo design", "logotype|wordmark", "Illustrator", "a mark that works in one colour"),
        ("Brand identity", "branding", "Logo design", "colours, type and a voice to match"),
        ("InDesign", "desktop publishing", "Typography", "pages that go to the printer"),
        ("Typography", "typesetting", "", "letters with room to breathe"),
        ("Packaging", "package design", "", "boxes that leave the shelf"),
        ("Character design", "mascots", "Digital painting", "figures children remember"),
        ("Digital painting", "illustration", "", "hand-made images on a tablet"),
        ("3D modelling", "Blender|3D rendering", "", "objects that do not exist yet"),
    ),
    "Writing & Content": (
        ("Copywriting", "sales copy", "", "words that make people act"),
        ("Blog writing", "article writing", "", "posts that people finish"),
        ("SEO writing", "search-friendly content", "Keyword research", "texts found by strangers"),
        ("Technical writing", "documentation", "", "manuals nobody has to fear"),
        ("Editing", "line editing", "Proofreading", "sentences that lose half their weight"),
        ("Proofreading", "copy editing", "", "the last typo before print"),
        ("Ghostwriting", "ghost writer", "Storytelling", "a book under another name"),
        ("Storytelling", "narrative", "", "a beginning, a middle and a reason"),
        ("Grant writing", "proposal writing", "", "applications that funders score well"),
        ("UX writing", "microcopy", "", "labels and error messages"),
        ("Newsletters", "email newsletters", "Copywriting", "a letter people open on Monday"),
        ("Script writing", "screenwriting", "Storytelling", "dialogue that can be spoken"),
        ("Research", "desk research", "", "sources behind every claim"),
    ),
    "Translation": (
        ("German translation", "Deutsch|EN-DE", "", "texts for readers in Berlin and Zürich"),
        ("Spanish translation", "español|EN-ES", "", "readers from Bogotá to Málaga"),
        ("French translation", "français|EN-FR", "", "readers in Lyon and Montréal"),
        ("Portuguese translation", "português|EN-PT", "", "readers in São Paulo and Lisbon"),
        ("Japanese translation", "日本語|EN-JA", "", "readers in Tokyo and Ōsaka"),
        ("Localisation", "localization|l10n", "", "strings with placeholders and plurals"),
        ("Legal translation", "sworn translation", "Terminology", "clauses that bind abroad"),
        ("Medical translation", "clinical translation", "Terminology", "leaflets and study papers"),
        ("Subtitling", "captions|closed captions", "", "lines short enough to read"),
        ("Transcription", "audio typing", "", "every word on the tape"),
        ("Terminology", "glossaries", "", "one word for one thing"),
        ("CAT tools", "translation memory", "", "segments and fuzzy matches"),
        ("Interpreting", "live interpreting", "", "two sides on one call"),
    ),
    "Marketing": (
        ("SEO", "search engine optimisation", "Keyword research", "climbing the results page"),
        ("Keyword research", "search terms", "", "what buyers type"),
        ("Paid search", "PPC|search ads", "Keyword research", "bids that pay for themselves"),
        ("Social media", "social channels|SMM", "", "a feed that is never empty"),
        ("Paid social", "social ads", "Social media", "audiences cut from followers"),
        ("Email marketing", "mailing campaigns", "", "letters at the right hour"),
        ("Marketing automation", "drip flows", "Email marketing", "journeys that start alone"),
        ("Web analytics", "tag management", "", "knowing which click mattered"),
        ("Conversion optimisation", "CRO|A/B testing", "Web analytics", "more sales, same visits"),
        ("Influencer outreach", "creator partnerships", "Social media", "people others follow"),
        ("Lead generation", "prospecting", "", "names worth calling"),
        ("Public relations", "PR|media relations", "", "a mention in the press"),
        ("Market research", "competitor analysis", "", "knowing the others' prices"),
    ),
    "Video & Audio": (
        ("Video editing", "film cutting|post-production", "", "hours of footage, minutes of film"),
        ("Premiere Pro", "Premiere", "Video editing", "timelines with many tracks"),
        ("DaVinci Resolve", "Resolve", "Video editing|Colour grading", "nodes and scopes"),
        ("Colour grading", "color correction", "", "skin that looks like skin"),
        ("After Effects", "AE", "Motion graphics", "layers that fly in on the beat"),
        ("Motion graphics", "animated graphics", "", "titles and diagrams that move"),
        ("2D animation", "cartoon animation", "Motion graphics", "drawn scenes in motion"),
        ("Podcast editing", "podcast production", "Audio editing", "talks without the hums"),
        ("Audio editing", "sound editing", "", "clean takes and even levels"),
        ("Mixing", "mastering|audio mixing", "Audio editing", "songs ready for release"),
        ("Voice over", "voiceover|narration", "", "a warm voice on demand"),
        ("Sound design", "foley|SFX", "Audio editing", "steps, doors and weather"),
        ("Music composition", "scoring", "Mixing", "a theme of our own"),
    ),
    "Admin & Finance": (
        ("Virtual assistance", "VA|personal assistant", "", "a calendar that behaves"),
        ("Data entry", "typing", "", "rows copied without a slip"),
        ("Excel", "MS Excel|spreadsheets", "", "sheets with formulas that hold"),
        ("VBA", "Excel macros", "Excel", "buttons that do an hour's work"),
        ("Customer support", "help desk", "", "patient answers to tickets"),
        ("Live chat", "chat support", "Customer support", "replies within a minute"),
        ("Bookkeeping", "book-keeping|ledgers", "Excel", "books that close on time"),
        ("Payroll", "salary runs", "Bookkeeping", "people paid to the cent"),
        ("Tax returns", "tax preparation|VAT", "Bookkeeping", "forms the state accepts"),
        ("Financial modelling", "valuation models", "Excel", "five years in one workbook"),
        ("CRM", "CRM administration", "", "contacts without duplicates"),
        ("Project management", "project coordination", "", "a plan that people follow"),
        ("Recruiting", "talent sourcing", "", "candidates who turn up"),
    ),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Skill:
    """A skill by its usual name.

    Attributes:
        spellings: The name first, then what else people write for it.
        implies: Names of all skills that come with it, directly or at one remove.
        clue: A phrase that needs the skill and names none of its spellings.
    """

    name: str
    category: str
    spellings: tuple[str, ...]
    implies: tuple[str, ...]
    clue: str


@lru_cache(maxsize=1)
def skills() -> dict[str, Skill]:
    """Every skill by name, in a fixed order."""
    rows = {row[0]: (category, *row[1:]) for category, table in _SKILLS.items() for row in table}
    direct = {name: _parts(row[2]) for name, row in rows.items()}
    return {
        name: Skill(
            name=name,
            category=category,
            spellings=(name, *_parts(spellings)),
            implies=_closure(name, direct),
            clue=clue,
        )
        for name, (category, spellings, _, clue) in rows.items()
    }


@lru_cache(maxsize=1)
def categories() -> dict[str, tuple[str, ...]]:
    """Names of the skills of every category, in a fixed order."""
    return {category: tuple(row[0] for row in table) for category, table in _SKILLS.items()}


def _closure(name: str, direct: dict[str, tuple[str, ...]]) -> tuple[str, ...]:
    """All that `name` implies, nearest first."""
    found: list[str] = []
    ahead = list(direct[name])
    while ahead:
        skill = ahead.pop(0)
        if skill not in found:
            found.append(skill)
            ahead.extend(direct[skill])
    return tuple(found)


def _parts(text: str) -> tuple[str, ...]:
    return tuple(part for part in text.split("|") if part)
