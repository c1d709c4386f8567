# SPDX-License-Identifier: Apache-2.0
"""A Spark of two executors, and the logs it reads. Run by scripts/lanes/spark."""

import os
from pathlib import Path
from typing import NamedTuple

import pytest
from pyspark.sql import SparkSession

import flowenrich

ROOT = Path(__file__).resolve().parents[2]


class World(NamedTuple):
    """Logs, and what names the ends of their records: what executors have of it is its image."""

    logs: Path
    image: Path
    catalog: flowenrich.Catalog
    config: Path | None


@pytest.fixture(scope="session")
def spark():
    """One process a worker, and in each of them Python's."""
    quick = "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC"  # three short-lived JVMs: little to optimise
    session = (
        SparkSession.builder.master("local-cluster[2,1,1024]")
        .config("spark.driver.host", "127.0.0.1")
        .config("spark.driver.bindAddress", "127.0.0.1")
        .config("spark.executor.memory", "600m")
        .config("spark.driver.extraJavaOptions", quick)
        .config("spark.executor.extraJavaOptions", quick)
        .config("spark.sql.session.timeZone", "UTC")
        .config("spark.sql.shuffle.partitions", "3")
        .config("spark.sql.files.maxPartitionBytes", "256k")
        .config("spark.ui.enabled", "false")
        .getOrCreate()
    )
    session.sparkContext.setLogLevel("ERROR")
    yield session
    session.stop()


@pytest.fixture(scope="session", params=["sample", "simulated"])
def world(request, tmp_path_factory) -> World:
    """The bookshop's hour, and a world of the simulator's."""
    return _world(request.param, tmp_path_factory.mktemp("world"))


@pytest.fixture(scope="session", params=["sample", "talks"])
def talks(request, tmp_path_factory) -> World:
    """The bookshop's hour, and a world of conversations: each is two networks."""
    return _world(request.param, tmp_path_factory.mktemp("talks"))


def _world(name: str, folder: Path) -> World:
    if name == "sample":
        data = ROOT / "examples/data"
        config = data / "flowenrich.yaml"
    else:
        data = Path(os.environ["FLOWENRICH_WORLDS"]) / name
        config = None
    documents = [data / part for part in ("inventory", "events") if (data / part).exists()]
    catalog = flowenrich.Catalog(documents)
    catalog.learn(data / "logs")
    catalog.save(folder / "image")
    image = flowenrich.Catalog.open(folder / "image")
    return World(data / "logs", folder / "image", image, config)
