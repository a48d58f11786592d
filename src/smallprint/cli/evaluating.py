"""What `smallprint eval` does once it is known what is wanted."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext
from pathlib import Path

from rich import box
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table
from rich.text import Text

from smallprint.bootstrap.evaluation import Plan, run_evaluation
from smallprint.bootstrap.product import Product
from smallprint.cli.running import DONE, FAILED, with_product
from smallprint.config import Settings
from smallprint.errors import EvaluationError, SmallprintError, UnknownEvaluation, sentence_of
from smallprint.evaluation.comparison import Comparison
from smallprint.evaluation.datasets import load_dataset
from smallprint.evaluation.metrics import Metrics
from smallprint.evaluation.report import html_report, markdown_report, metrics_table
from smallprint.evaluation.runner import UNREADABLE_FILE, Done
from smallprint.evaluation.stored import compared, metrics_of, scores_of, verdict_of
from smallprint.evaluation.tables import Table as Figures
from smallprint.evaluation.tables import comparison_tables, percent
from smallprint.evaluation.values import DocumentRun
from smallprint.models.evaluation import EvaluationMode, EvaluationRun, EvaluationVerdict
from smallprint.services.database.evaluations import LATEST, EvaluationStore
