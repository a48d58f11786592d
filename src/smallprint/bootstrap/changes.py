"""What a newer version of a document changes, in Slack: the workflow, joined with what it needs."""

from __future__ import annotations

from collections.abc import Callable

from smallprint.bootstrap.product import Product
from smallprint.config import Settings
from smallprint.jobs.changes import ChangesDelivery, ChangesWorkflow
from smallprint.jobs.steps import Steps
from smallprint.jobs.stops import Stops
from smallprint.jobs.workflow import FileSource
from smallprint.services.database.comparisons import ComparisonStore
from smallprint.services.database.jobs import JobStore
from smallprint.services.database.versions import VersionStore


def changes_workflow_of(
    settings: Settings,
    product: Product,
    files: FileSource,
    delivery: ChangesDelivery,
    stops: Stops | None = None,
) -> Callable[[Steps], ChangesWorkflow]:
    """What makes the workflow of the jobs that compare documents, once it is known how steps are taken."""

    def made(steps: Steps) -> ChangesWorkflow:
        return ChangesWorkflow(
            steps=steps,
            rows=JobStore(product.database),
            files=files,
            reader=product.reader,
            comparer=product.comparer,
            versions=VersionStore(product.database),
            reports=product.analyses,
            kept=ComparisonStore(product.database),
            delivery=delivery,
            concurrency=settings.max_concurrent_jobs,
            stops=stops,
        )

    return made
