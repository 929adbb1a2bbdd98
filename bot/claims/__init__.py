"""Claims: words that are only true on some days ("tonight", "five years ago", "4 working rovers").

The rules are data, a file a language beside this one. A *sure* claim binds a text to its day whatever stands around
it; the others do so only sometimes ("now", "has reached", "will"), and are there for the cautious.
"""

from bot.claims.find import Claim, claims, levity, likely_claims, sure_claims, years_beside
from bot.claims.rules import Rules, Surety, languages, rules
from bot.claims.sums import Contradiction, contradictions, full_dates
from bot.claims.working import it_is_said_to_work, said_to_work

__all__ = [
    "Claim",
    "Contradiction",
    "Rules",
    "Surety",
    "claims",
    "contradictions",
    "full_dates",
    "it_is_said_to_work",
    "languages",
    "levity",
    "likely_claims",
    "rules",
    "said_to_work",
    "sure_claims",
    "years_beside",
]
