"""What an attack measured, beside the bound it has to keep."""


class Figure:
    """`most` and `least`: the bounds, both included; a figure without any is only told."""

    def __init__(self, name, value, unit="", most=None, least=None):
        self.name, self.value, self.unit, self.most, self.least = name, value, unit, most, least

    @property
    def holds(self):
        return ((self.most is None or self.value <= self.most)
                and (self.least is None or self.value >= self.least))

    def widened(self, patience):
        """On a machine that has other work to do, time is worth less."""
        if self.unit in ("ms", "s") and self.most is not None:
            self.most *= patience
        return self

    def line(self):
        def shown(value):
            return f"{value:,.2f}" if isinstance(value, float) else f"{value:,}"

        bounds = [f"{sign} {shown(bound)}" for sign, bound in (("≤", self.most), ("≥", self.least)) if bound is not None]
        verdict = "" if self.holds else "  BROKEN"
        return f"  {self.name:<58} {shown(self.value):>12} {self.unit:<5} {' '.join(bounds):<12}{verdict}".rstrip()


def percentile(values, share):
    """Of nothing it is infinite: who was never answered waited for ever."""
    values = sorted(values)
    return values[min(len(values) - 1, int(len(values) * share))] if values else float("inf")
