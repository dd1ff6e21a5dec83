"""Measurements: ``python -m benchmarks NAME [--quick]``.

Each prints one JSON object a line: bench, metric, value, unit, reference
(measured in the same run), ratio, goal, holds. ``docs/develop/performance.md``
quotes them with machine and date.
"""
