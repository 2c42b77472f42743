"""Which size of chunks is recommended."""

from workbench.bench import LOAD_GOALS, Scenario
from workbench.bench_load import Load, _metrics, advice, recommended


def load(size, ms, memory_mb=5):
    return Load(size, ms, ms / 2, 10, 5, memory_mb, 0, 250)


def test_the_smallest_that_is_nearly_as_fast():
    assert recommended([load(50, 30), load(100, 10.5), load(250, 10)]) == 100
    assert recommended([load(50, 30), load(100, 12), load(250, 10)]) == 250


def test_memory_stays_flat():
    assert recommended([load(50, 30), load(100, 12), load(250, 10, 90)]) == 100
    assert recommended([load(50, 30, 90), load(100, 12, 90)]) == 100


def test_one_size_is_no_reason_to_recommend_it():
    assert "too few to recommend" in advice("contact", [load(50, 30)])


def test_it_says_what_it_rests_on():
    words = advice("contact", [load(50, 30), load(250, 10)])
    assert "chunks of 250 are recommended, the addon takes 250" in words
    assert "50: 30.0 ms and 5 MB" in words


def test_a_load_of_one_size_has_all_that_is_judged():
    metrics = _metrics("contact", [load(50, 30)]) | _metrics("order", [load(25, 30)])
    metrics |= {"max_requests_in_a_second": 5, "wrong": 0}
    goals = Scenario(None, LOAD_GOALS).judge(metrics)
    assert all(goal["met"] for goal in goals.values())
