"""Claims: words that are only true on some days ("tonight", "five years ago", "4 working rovers").

The rules are data, a file a language beside this one. A *sure* claim binds a text to its day whatever stands around
it; the others do so only sometimes ("now", "has reached", "will"), and are there for the cautious.
"""

from bot.claims.find import Claim, claims, sure_claims
from bot.claims.rules import Rules, languages, rules

__all__ = ["Claim", "Rules", "claims", "languages", "rules", "sure_claims"]
