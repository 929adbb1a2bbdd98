"""Numbers in the words of Prometheus. The library is an extra: it is loaded when somebody asks for them."""

from collections.abc import Iterator
from importlib.util import find_spec
from typing import TYPE_CHECKING

from bot import __version__
from bot.watch.figures import Figures

if TYPE_CHECKING:
    from prometheus_client.metrics_core import Metric

TYPE = "text/plain; version=0.0.4; charset=utf-8"
MISSING = "metrics need the extra `metrics`: pip install 'redletter[metrics]'"


def is_there() -> bool:
    """Tell whether the extra is installed."""
    return find_spec("prometheus_client") is not None


def text(figures: Figures, *, silent: float) -> bytes:
    """The figures as Prometheus reads them. `silent` is how many seconds ago the last turn ended."""
    # An extra, and half a second of start-up.
    from prometheus_client import CollectorRegistry, generate_latest  # noqa: PLC0415

    registry = CollectorRegistry(auto_describe=False)
    registry.register(_Told(figures, silent))
    return generate_latest(registry)


class _Told:
    """Gives a registry its numbers."""

    def __init__(self, figures: Figures, silent: float) -> None:
        self._figures = figures
        self._silent = silent

    def collect(self) -> "Iterator[Metric]":
        """Every family of numbers."""
        yield from self._plain()
        yield from self._labelled()

    def _plain(self) -> "Iterator[Metric]":
        from prometheus_client.core import GaugeMetricFamily as Gauge  # noqa: PLC0415 - as above

        of = self._figures
        yield Gauge("redletter_queue_due", "Deliveries that could go out now.", of.due)
        yield Gauge("redletter_queue_late_seconds", "How long the oldest of them has waited.", of.late)
        yield Gauge("redletter_last_turn_seconds", "Seconds since the daemon's last turn.", self._silent)
        build = Gauge("redletter_build_info", "Which version runs.", labels=["version"])
        build.add_metric([__version__], 1)
        yield build

    def _labelled(self) -> "Iterator[Metric]":
        from prometheus_client.core import GaugeMetricFamily as Gauge  # noqa: PLC0415 - as above

        of = self._figures
        deliveries = Gauge(
            "redletter_deliveries", "Deliveries, by account and state.", labels=["account", "state"]
        )
        for names, number in of.deliveries.items():
            deliveries.add_metric(names, number)
        attempts = Gauge("redletter_attempts", "How often a network was asked.", labels=["outcome"])
        for outcome, number in of.attempts.items():
            attempts.add_metric([outcome], number)
        causes = Gauge("redletter_causes", "What is wrong at the moment.", labels=["kind"])
        for kind, number in of.causes.items():
            causes.add_metric([kind], number)
        yield from (deliveries, attempts, causes, *self._spent())

    def _spent(self) -> "Iterator[Metric]":
        from prometheus_client.core import GaugeMetricFamily as Gauge  # noqa: PLC0415 - as above

        posts = Gauge("redletter_month_posts", "Posts of this month, as networks charge.", labels=["account"])
        usd = Gauge("redletter_month_usd", "US dollars of this month, at most.", labels=["account"])
        for account, (number, micros) in self._figures.spent.items():
            posts.add_metric([account], number)
            usd.add_metric([account], micros / 1_000_000)
        yield from (posts, usd)
